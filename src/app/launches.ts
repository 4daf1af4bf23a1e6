// What the system hands to the installed app: a text or files that another app shares, files that it is to open, and a
// shortcut while a window is open already. All of it is put before the person, and nothing is sent.
import type { ChatStore } from '../chat/chat-store';
import type { Drafts } from '../chat/drafts';

const sharedCache = 'phield-shared';
export const sharedRoute = '#/shared';

/** What of a page is led. */
export interface LaunchParts {
  readonly chat: Pick<ChatStore, 'newChat'>;
  readonly drafts: Pick<Drafts, 'get' | 'set'>;
  /** To the message box, once it is there. */
  readonly handFiles: (files: readonly File[]) => void;
  readonly go: (hash: string) => void;
  readonly caches: Pick<CacheStorage, 'open' | 'delete'> | undefined;
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

export interface Shared {
  readonly text: string;
  readonly files: readonly File[];
}

/** What has been put aside; it is handed out once. */
export async function takeShared(caches: LaunchParts['caches']): Promise<Shared> {
  if (!caches) return { text: '', files: [] };
  const cache = await caches.open(sharedCache);
  let text = '';
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (!response) continue;
    if (request.url.endsWith('/shared/text')) text = await response.text();
    else {
      const name = decodeURIComponent(response.headers.get('X-Name') ?? 'file');
      files.push(
        new File([await response.blob()], name, { type: response.headers.get('Content-Type') ?? '' }),
      );
    }
  }
  await caches.delete(sharedCache);
  return { text, files };
}

/** A new chat with what was shared, behind whatever draft there is. */
export async function receiveShared(parts: LaunchParts): Promise<void> {
  const { text, files } = await takeShared(parts.caches);
  parts.chat.newChat();
  if (text !== '') {
    const draft = parts.drafts.get(null);
    parts.drafts.set(null, draft === '' ? text : `${draft}\n${text}`);
  }
  parts.go('#/');
  if (files.length > 0) parts.handFiles(files);
}

/** From now on, launches of this window. */
export function followLaunches(parts: LaunchParts, page: LaunchingPage): void {
  page.launchQueue?.setConsumer(({ targetURL, files = [] }) => {
    void (async () => {
      const hash = targetURL === undefined ? '' : new URL(targetURL).hash;
      if (hash === sharedRoute) {
        await receiveShared(parts);
        return;
      }
      if (hash !== '') parts.go(hash);
      if (files.length === 0) return;
      parts.handFiles(await Promise.all(files.map((handle) => handle.getFile())));
    })();
  });
}
