// The web app manifest: how the app is installed, what it opens, and what other apps may hand to it. vite.config.ts puts
// it into the build; e2e asks Chromium whether anything stands in the way of installing.

/** Documents that the app reads; the reader itself looks at the bytes. */
const documents = {
  'text/plain': ['.txt', '.log'],
  'text/markdown': ['.md', '.markdown'],
  'text/html': ['.html', '.htm'],
  'text/csv': ['.csv', '.tsv'],
  'application/pdf': ['.pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
};

/**
 * What the service worker takes of another app's form: src/sw/shared.ts.
 * @type {NonNullable<import('vite-plugin-pwa').ManifestOptions['share_target']>}
 */
const share_target = {
  action: './share',
  method: 'POST',
  enctype: 'multipart/form-data',
  params: {
    title: 'title',
    text: 'text',
    url: 'url',
    files: [
      {
        name: 'files',
        accept: [...Object.entries(documents).flatMap(([type, endings]) => [type, ...endings]), 'image/*'],
      },
    ],
  },
};

const icon = [{ src: 'icon-192.png', sizes: '192x192', type: 'image/png' }];

/** @type {Partial<import('vite-plugin-pwa').ManifestOptions>} */
export const manifest = {
  id: 'phield',
  name: 'Phield',
  short_name: 'Phield',
  description: 'A chat that runs its language model inside the browser, on your own device.',
  lang: 'en',
  dir: 'ltr',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#f4f1e8',
  theme_color: '#2c5a43',
  categories: ['productivity', 'utilities'],
  // What is running goes on: a launch comes to the window that is there (src/app/launches.ts).
  launch_handler: { client_mode: ['focus-existing', 'auto'] },
  icons: [
    ...icon,
    { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
  screenshots: [
    {
      src: 'screenshots/wide.png',
      sizes: '1440x900',
      type: 'image/png',
      form_factor: 'wide',
      label: 'An answer, written on this device',
    },
    {
      src: 'screenshots/narrow.png',
      sizes: '390x844',
      type: 'image/png',
      form_factor: 'narrow',
      label: 'The same on a phone',
    },
  ],
  shortcuts: [
    { name: 'New chat', url: './#/', icons: icon },
    { name: 'Story', url: './#/tasks/story', icons: icon },
    { name: 'Summarise', url: './#/tasks/summarise', icons: icon },
  ],
  share_target,
  file_handlers: [
    { action: './', accept: documents },
    { action: './#/models', accept: { 'application/octet-stream': ['.gguf'] } },
  ],
};
