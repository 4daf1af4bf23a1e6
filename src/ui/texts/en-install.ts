// The app as an app of its own.
export const enInstall = {
  title: 'Install as an app',
  note: 'Phield gets its own window and icon, can open files, and the browser is less likely to clear away your chats and models.',
  install: 'Install Phield',
  installed: 'Phield is installed: this is its own window.',
  iosShare: 'Tap the Share button of the browser.',
  iosAdd: 'Choose “Add to Home Screen”.',
  elsewhere:
    'This browser does not offer to install it right now. You miss nothing: Phield works offline in a tab too.',
};
