// The words of Settings > Privacy, in English.
export const enPrivacy = {
  privacy: {
    heading: 'Privacy',
    title: 'Privacy',
    checking: 'Asking the browser what it holds Phield to…',
    held: 'The browser itself keeps the page and the engine, which see what you write, from reaching any other address.',
    notHeld:
      'On this site the browser does not keep the page or the engine from reaching other addresses. Phield sends nothing you write, but nothing enforces that here.',
    storeHeld:
      'The part that downloads models never sees what you write, and may only reach your own machine and https addresses.',
    storeNotHeld:
      'This site sends no security headers, so the part that downloads models is not restricted. It never sees what you write.',
    framesForbidden: 'Other sites cannot show this page in a frame without leave.',
    framesAllowed: 'Any other site can show this page in a frame, since this one sends no header against it.',
  },
};
