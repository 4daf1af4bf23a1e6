// Every header that a host of the built app should send, once: `npm start` sends these, the build writes them into
// dist/_headers, and docs/deploy.md prints them for nginx, Caddy, Apache and others. What each policy is for, and what
// becomes of it on a host that sends none of this, is docs/security.md's to tell.

/** @typedef {Record<string, string>} Headers */
/**
 * @typedef {object} Rule
 * @property {string} name of the group of files, as a person would say it
 * @property {readonly string[]} files below the app's folder; `*` is any part of a file's name, `**` anything
 * @property {Headers} headers
 */

/** @param {Record<string, string>} directives */
const policy = (directives) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/**
 * No text becomes a script, and an address of one only by the one policy of src/base/own-scripts.ts, which browsers call
 * "default" since they ask it wherever code, a library's too, gives them a mere string.
 */
const trusted = { 'require-trusted-types-for': "'script'", 'trusted-types': 'default' };

const page = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self' blob:",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  ...trusted,
};

/** The app's page shows one frame, of its own: the way to a larger model elsewhere, once a person has named one. */
const appPage = { ...page, 'frame-src': "'self'" };

/**
 * The frame that reaches a larger model: as wide as the addresses that a person may name, since a static host cannot
 * know which. The frame narrows it to that one before it asks anything, and makes sure of it (src/app/remote/remote-frame.ts).
 */
const remote = {
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': 'https: http:',
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

/** The page that deletes everything asks nobody for anything. */
const erase = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

/** The page's policy as far as a <meta> can carry it: what holds on a host that sends no header. */
export const pageMeta = policy(appPage);
export const embedMeta = policy(page);
export const remoteMeta = policy(remote);
export const eraseMeta = policy(erase);

/**
 * Who sees words: the worker that holds the conversation. It starts with no request of its own but for its scripts.
 * A page that starts it from inside a frame of this policy binds it without a header too (src/client/quiet-worker.ts).
 */
const quiet = policy({
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'connect-src': "'none'",
  ...trusted,
});

/** Who has the network: models come from any https address that a person names, or from their own machine. */
const store = policy({
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self' https: http://localhost:* http://127.0.0.1:*",
  ...trusted,
});

/** It is one file, and starts nothing of an address. */
const serviceWorker = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

const revalidate = { 'Cache-Control': 'no-cache' };

/**
 * No file gets the same header from two rules, since some hosts join such values and others take the last.
 * @param {{ embedders?: readonly string[] }} [options] origins that may show `embed.html` in a frame.
 * @returns {readonly Rule[]}
 */
export function headerRules({ embedders = ["'self'"] } = {}) {
  return [
    {
      name: 'everything',
      files: ['**'],
      headers: {
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Permissions-Policy':
          'camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()',
        'Cross-Origin-Opener-Policy': 'same-origin',
        // Not require-corp: the store asks servers that forbid reading whether they are there at all, without
        // credentials, and tells a person which of the two it is.
        'Cross-Origin-Embedder-Policy': 'credentialless',
        // Public files, the same for everybody; a site with a policy of its own may frame and load them.
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    },
    {
      name: 'the page',
      files: ['', 'index.html'],
      headers: {
        'Content-Security-Policy': policy({ ...appPage, 'frame-ancestors': "'none'" }),
        ...revalidate,
      },
    },
    {
      name: 'the frame that reaches a larger model',
      files: ['remote', 'remote.html'],
      headers: {
        'Content-Security-Policy': policy({ ...remote, 'frame-ancestors': "'self'" }),
        ...revalidate,
      },
    },
    {
      name: 'the page that deletes everything',
      files: ['erase', 'erase.html'],
      headers: {
        'Content-Security-Policy': policy({ ...erase, 'frame-ancestors': "'none'" }),
        ...revalidate,
      },
    },
    {
      name: 'the page for frames',
      files: ['embed', 'embed.html'],
      headers: {
        'Content-Security-Policy': policy({ ...page, 'frame-ancestors': embedders.join(' ') || "'none'" }),
        ...revalidate,
      },
    },
    {
      name: 'the service worker',
      files: ['sw.js'],
      headers: { 'Content-Security-Policy': serviceWorker, ...revalidate },
    },
    {
      name: 'the worker that has the network',
      files: ['assets/store-worker-*.js'],
      headers: { 'Content-Security-Policy': store },
    },
    {
      name: 'the workers that see words, or need no network',
      files: [
        'assets/worker-*.js',
        'assets/documents-worker-*.js',
        'assets/hash-worker-*.js',
        'assets/search-worker-*.js',
      ],
      headers: { 'Content-Security-Policy': quiet },
    },
    {
      name: 'files whose names change with what they hold',
      files: ['assets/**'],
      // Readable for everybody, so that a frame whose sandbox gives it no origin can say why it does not run.
      headers: {
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Access-Control-Allow-Origin': '*',
      },
    },
    {
      name: 'the modules that other sites import',
      files: ['embed.mjs', 'ai-sdk.mjs'],
      headers: { 'Access-Control-Allow-Origin': '*', ...revalidate },
    },
    {
      name: 'files that keep their names',
      files: [
        'embed.js',
        'embed.d.mts',
        'ai-sdk.d.mts',
        'phield.config.json',
        'demo/**',
        'manifest.webmanifest',
        'robots.txt',
        'models/**',
      ],
      headers: revalidate,
    },
  ];
}

/** @param {string} pattern one of a rule's files @returns {string} the same as the source of a regular expression */
export function patternSource(pattern) {
  return pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
}

/**
 * @param {string} file path below the app's folder, without a leading slash
 * @param {readonly Rule[]} rules
 * @returns {Headers}
 */
export function headersOf(file, rules) {
  /** @type {Headers} */
  const all = {};
  for (const { files, headers } of rules) {
    if (files.some((pattern) => new RegExp(`^${patternSource(pattern)}$`).test(file)))
      Object.assign(all, headers);
  }
  return all;
}
