// Takes what another app shares with the installed one. Nothing of it is sent.
import { nameHeader, sharedCache, sharedMark } from '../protocol/shared';

export interface Shared {
  readonly text: string;
  readonly files: readonly File[];
}

/** Characters; and files at once. What is more is left out: any page may make the browser send such a form. */
const mostText = 100_000;
const mostFiles = 20;

/** What a form with the fields `title`, `text`, `url` and `files` says, as a person would have written it. */
export function readShared(form: FormData): Shared {
  const said: string[] = [];
  for (const name of ['text', 'url', 'title']) {
    const value = form.get(name);
    const text = typeof value === 'string' ? value.trim() : '';
    // Apps put the address into the text, or say the title in it once more.
    if (said.some((one) => one.includes(text))) continue;
    if (name === 'title') said.unshift(text);
    else said.push(text);
  }
  const files = form.getAll('files').filter((one): one is File => typeof one !== 'string' && one.size > 0);
  return {
    text: said.filter(Boolean).join('\n\n').slice(0, mostText),
    files: files.slice(0, mostFiles),
  };
}

/**
 * In the place of what was kept before and never looked at.
 * @param base of the app's folder, ending in a slash.
 */
export async function keepShared(
  caches: Pick<CacheStorage, 'delete' | 'open'>,
  { text, files }: Shared,
  base: string,
): Promise<void> {
  await caches.delete(sharedCache);
  const cache = await caches.open(sharedCache);
  if (text !== '') await cache.put(`${base}${sharedMark}/text`, new Response(text));
  for (const [index, file] of files.entries()) {
    const headers = { 'Content-Type': file.type, [nameHeader]: encodeURIComponent(file.name) };
    await cache.put(`${base}${sharedMark}/${index}`, new Response(file, { headers }));
  }
}
