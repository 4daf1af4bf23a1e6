// What another app of the device shares with the installed one (`share_target` of the manifest): the service worker takes
// it and keeps it until the page that it opens has put it before the person. Names that both of them go by.

/** Below the app's folder; the manifest names it too. */
export const sharePath = 'share';
/** In the address of the page that is to look for it. */
export const sharedMark = 'shared';
/** Of the CacheStorage, where it lies meanwhile. */
export const sharedCache = 'phield-shared';
/** Of a kept file: its name, as `encodeURIComponent` writes it. What has none is text. */
export const nameHeader = 'X-Name';
