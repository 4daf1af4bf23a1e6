// What may go into the cache of a version. While a host is given a new version, its files are of two for a moment; what
// the cache takes it keeps as that version's for good, so a page of another one, or a host's own page in the place of a
// script that is not there yet, would open wrongly until the version after. Such an install fails and is tried again.

/** The scripts and styles that a page starts with. */
const partsOf = (html: string): string[] => html.match(/\bassets\/[\w.-]+\.(?:js|css)\b/g) ?? [];

/**
 * Whether what a host answered is the version's. What hosts add to a page or shorten in it does not matter; which scripts
 * it starts does.
 * @param url what was asked for: hosts send `index.html` on to `/`.
 * @param files of the version, relative to the app's folder.
 */
export async function isOfVersion(
  url: string,
  response: Response,
  files: ReadonlySet<string>,
): Promise<boolean> {
  if (!response.ok) return false;
  const isPage = response.headers.get('Content-Type')?.includes('text/html') ?? false;
  if (isPage !== new URL(url).pathname.endsWith('.html')) return false;
  return !isPage || partsOf(await response.clone().text()).every((part) => files.has(part));
}
