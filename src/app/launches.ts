// What reaches the page from outside: files that the system opens with the installed app, what another app shares with
// it, a shortcut while a window is open already, files of models that are dropped on it. All of it is put before the
// person, and nothing is sent.
import { fillComposer } from '../ui/common/fill-composer';
import { followDrops, handToPage } from '../ui/models/own/model-files';
import { showShared } from './shared';

/** What of a page is led. */
export interface LaunchParts {
  /** To where they are read, once that is there. */
  readonly handFiles: (files: readonly File[]) => void;
  readonly go: (hash: string) => void;
}

interface LaunchQueue {
  setConsumer(
    consumer: (launch: {
      readonly targetURL?: string;
      readonly files?: readonly { getFile(): Promise<File> }[];
    }) => void,
  ): void;
}

/** What of a window of Chromium's is used. */
export interface LaunchingPage {
  readonly launchQueue?: LaunchQueue;
}

export function followPage(page: Window & LaunchingPage): void {
  const go = (hash: string): void => {
    page.location.hash = hash;
  };
  const handFiles = (files: readonly File[]): void => handToPage(files, go);
  followLaunches({ go, handFiles }, page);
  followDrops(page, go);
  void showShared({ go, handFiles, write: fillComposer }, page);
}

/** From now on, launches of this window. */
export function followLaunches(parts: LaunchParts, page: LaunchingPage): void {
  page.launchQueue?.setConsumer(({ targetURL, files = [] }) => {
    void (async () => {
      const hash = targetURL === undefined ? '' : new URL(targetURL).hash;
      if (hash !== '') parts.go(hash);
      if (files.length === 0) return;
      parts.handFiles(await Promise.all(files.map((handle) => handle.getFile())));
    })();
  });
}
