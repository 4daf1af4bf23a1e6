// What the system hands to the installed app: files that it is to open, and a shortcut while a window is open already.
// All of it is put before the person, and nothing is sent.

/** What of a page is led. */
export interface LaunchParts {
  /** To the message box, once it is there. */
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
