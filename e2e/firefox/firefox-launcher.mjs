#!/usr/bin/env node
// Stands between Playwright and Debian's Firefox ESR. Playwright speaks WebDriver BiDi to a stock Firefox, but not yet
// without faults: this starts the browser and passes every message on, mended where mended-bidi.mjs says so. Given to
// Playwright as its executablePath: same arguments, same line on stderr with the address.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { firefoxPath } from '../../scripts/browser.mjs';
import { mendedBidi } from './mended-bidi.mjs';

const browser = spawn(firefoxPath(), process.argv.slice(2), {
  stdio: ['ignore', 'ignore', 'pipe'],
});
browser.on('exit', (code) => process.exit(code ?? 1));
browser.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) {
  process.on(signal, () => browser.kill(signal));
}

let said = '';
browser.stderr.setEncoding('utf8');
browser.stderr.on('data', (/** @type {string} */ chunk) => {
  if (said === undefined) return;
  said += chunk;
  const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
  if (address) serve(address);
});

/** @param {string} address */
function serve(address) {
  said = '';
  browser.stderr.removeAllListeners('data');
  browser.stderr.resume();
  const server = createServer();
  const sockets = new WebSocketServer({ server, maxPayload: 2 ** 30 });
  sockets.on('connection', (client, request) => {
    const remote = new WebSocket(`${address}${request.url ?? ''}`, { maxPayload: 2 ** 30 });
    // Text, since BiDi knows nothing else, in one Buffer a message.
    client.binaryType = remote.binaryType = 'nodebuffer';
    /** @type {string[]} */
    const early = [];
    remote.on('open', () => {
      for (const message of early.splice(0)) remote.send(message);
    });
    const { fromClient, fromBrowser } = mendedBidi({
      toClient: (message) => client.send(message),
      toBrowser: (message) => {
        if (remote.readyState === WebSocket.CONNECTING) early.push(message);
        else if (remote.readyState === WebSocket.OPEN) remote.send(message);
      },
    });
    client.on('message', (data) => fromClient(textOf(data)));
    remote.on('message', (data) => fromBrowser(textOf(data)));
    remote.on('close', () => client.close());
    client.on('close', () => remote.close());
    remote.on('error', () => client.close());
  });
  server.listen(0, '127.0.0.1', () => {
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    console.error(`WebDriver BiDi listening on ws://127.0.0.1:${port}`);
  });
}

/** @param {import('ws').RawData} data */
function textOf(data) {
  return Buffer.isBuffer(data) ? data.toString() : '';
}
