// npm start [-- --port N] [--host ADDRESS] [--embedders "ORIGIN ORIGIN"]: builds if needed, serves the app with its
// headers, prints the address. Embedders are the origins that may show the app in a frame.
import { parseArgs } from 'node:util';
import { buildIfNeeded, serveApp } from './app.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    embedders: { type: 'string', default: process.env['PHIELD_EMBEDDERS'] ?? '' },
  },
});
const embedders = values.embedders.split(/[\s,]+/).filter((origin) => origin !== '');
for (const origin of embedders) {
  if (!/^('self'|https?:\/\/[^\s;,/]+)$/.test(origin)) {
    console.error(`--embedders takes origins such as https://example.org, not "${origin}".`);
    process.exit(2);
  }
}
if (await buildIfNeeded()) console.log('Built the app.');
const { address } = await serveApp({
  port: Number(values.port),
  host: values.host,
  ...(embedders.length > 0 && { embedders }),
});
console.log(`Phield is at ${address}`);
