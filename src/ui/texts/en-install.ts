// The app as an app of its own.
export const enInstall = {
  title: 'As an app of its own',
  note: 'Its own window and icon, files opened with it, and chats and models that the browser is slower to clear away.',
  install: 'Install Phield',
  installed: 'Phield is installed: this is its own window.',
  iosShare: 'Tap the Share button of the browser.',
  iosAdd: 'Choose “Add to Home Screen”.',
  elsewhere:
    'This browser offers no installation at the moment. Nothing is missing: in a tab Phield works without a network too.',
};
