// Puts what another app has shared before the person: words in the message box of a new chat, files beside them.
import { nameHeader, sharedCache, sharedMark } from '../protocol/shared';

export interface SharedParts {
  readonly go: (hash: string) => void;
  readonly handFiles: (files: readonly File[]) => void;
  readonly write: (text: string) => void;
}

/** What of a page is used. */
export type SharedPage = Pick<Window, 'location' | 'history'> & {
  readonly caches?: Pick<CacheStorage, 'delete' | 'has' | 'open'>;
};

/** Longer than anybody writes into a message: a document. */
const longText = 4_000;

export async function showShared({ go, handFiles, write }: SharedParts, page: SharedPage): Promise<void> {
  const address = new URL(page.location.href);
  if (!address.searchParams.has(sharedMark)) return;
  // A reload is not to look again.
  address.searchParams.delete(sharedMark);
  page.history.replaceState(null, '', address);
  const { text, files } = await takeShared(page).catch(() => ({ text: '', files: [] }));
  if (text === '' && files.length === 0) return;
  go('#/');
  // The new chat's own box takes the place of the one before.
  await new Promise((resolve) => setTimeout(resolve));
  const isLong = text.length > longText;
  if (text !== '' && !isLong) write(text);
  const all = isLong ? [new File([text], 'shared.txt', { type: 'text/plain' }), ...files] : files;
  if (all.length > 0) handFiles(all);
}

/** What is kept, which from then on is not. */
async function takeShared({ caches }: SharedPage): Promise<{ text: string; files: readonly File[] }> {
  let text = '';
  const files: File[] = [];
  if (await caches?.has(sharedCache)) {
    const cache = await caches?.open(sharedCache);
    for (const request of (await cache?.keys()) ?? []) {
      const kept = await cache?.match(request);
      const name = kept?.headers.get(nameHeader);
      if (!kept) continue;
      if (typeof name !== 'string') text = await kept.text();
      else {
        const type = kept.headers.get('Content-Type') ?? '';
        files.push(new File([await kept.blob()], decodeURIComponent(name), { type }));
      }
    }
    await caches?.delete(sharedCache);
  }
  return { text, files };
}
