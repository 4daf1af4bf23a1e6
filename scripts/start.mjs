// npm start [-- --port N] [--host ADDRESS]: builds if needed, serves the app, prints the address.
import { parseArgs } from 'node:util';
import { buildIfNeeded, serveApp } from './app.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, host: { type: 'string', default: '127.0.0.1' } },
});
if (await buildIfNeeded()) console.log('Built the app.');
const { address } = await serveApp({ port: Number(values.port), host: values.host });
console.log(`Phield is at ${address}`);
