// What a version's service worker and the pages of the one before say to each other.

/** From the worker to a page, with a port: a page that is drawn answers. */
export const areYouThere = { type: 'ARE_YOU_THERE' } as const;

export function isAreYouThere(data: unknown): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    (data as { readonly type?: unknown }).type === areYouThere.type
  );
}
