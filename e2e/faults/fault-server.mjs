// A real HTTP server that misbehaves by a seeded plan: it cuts, stalls, refuses, lies, flips bits, ignores Range,
// changes files and crawls. `/m/<run>/<file>` is the model under that run's faults until the run is healed.
// `/hub/<name>/resolve/<revision>/<file>` answers as a model hub does: a branch moves, a commit does not.
import { createServer } from 'node:http';
import { mulberry } from './random.mjs';

/** @typedef {import('./model.mjs').Model} Model @typedef {import('./model.mjs').ModelFile} ModelFile */

export const faultKinds = /** @type {const} */ ([
  'cut',
  'stall',
  'unavailable',
  'missing',
  'page',
  'claimsShorter',
  'claimsLonger',
  'flip',
  'ignoresRange',
  'changed',
  'crawl',
  'wrongRange',
]);

/**
 * @typedef {(typeof faultKinds)[number]} FaultKind
 * @typedef {{ kinds: FaultKind[], chance: number, always: { file: string, kind: FaultKind } | undefined, next: () => number }} Plan
 */

/** A run's faults: one to three kinds at some chance per request, and sometimes one file that never comes right.
 * @param {number} seed @param {Model} model @returns {Plan} */
export function planOf(seed, model) {
  const next = mulberry(seed);
  const kinds = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(faultKinds, next));
  const broken = next() < 0.2;
  return {
    kinds,
    chance: 0.08 + next() * 0.5,
    always: broken ? { file: pick(model.shards, next), kind: pick(kinds, next) } : undefined,
    next,
  };
}

/** @template T @param {readonly T[]} list @param {() => number} next @returns {T} */
function pick(list, next) {
  return /** @type {T} */ (list[Math.floor(next() * list.length)]);
}

/**
 * @typedef {{ run: string, file: string, from: number, sent: number, fault: FaultKind | undefined }} Sent
 * @typedef {{ run: string, file: string, model: Model | undefined, commit?: string }} Place
 * @typedef {(url: URL, response: import('node:http').ServerResponse) => boolean} Extra
 */

export class FaultServer {
  /** @type {Sent[]} every answer to a request for a model's file */
  log = [];
  /** Bytes a second of all bodies together; Infinity is as fast as it goes. */
  bytesPerSecond = Infinity;
  /** Whether pages of other origins may read the answers, and what a hub names beside them. */
  cors = false;
  /** @type {Map<string, Model>} what a run serves instead of the one model */
  models = new Map();
  /** What `main` is, and what each commit holds: a commit that is absent answers 404. */
  hub = { main: '', /** @type {Map<string, Model>} */ commits: new Map() };
  /** @type {Map<string, Plan>} */
  #plans = new Map();
  #sockets = new Set();
  #server;

  /** @param {Model} model @param {Extra} extra answers what is no model file */
  constructor(model, extra) {
    this.model = model;
    this.extra = extra;
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x');
      if (this.cors) allowAll(response);
      const place = this.#placeOf(url);
      if (request.method === 'OPTIONS') response.writeHead(204).end();
      else if (place) void this.#serve(place, request, response);
      else if (!this.extra(url, response)) response.writeHead(404).end();
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  /** @param {number} [port] @returns {Promise<string>} the origin */
  async listen(port = 0) {
    await new Promise((resolve) => this.#server.listen(port, '127.0.0.1', () => resolve(undefined)));
    const address = this.#server.address();
    if (!address || typeof address === 'string') throw new Error('The server has no port.');
    this.port = address.port;
    return `http://localhost:${address.port}`;
  }

  dropConnections() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close() {
    this.dropConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @param {string} run @param {number} seed */
  plan(run, seed) {
    this.#plans.set(run, planOf(seed, this.model));
  }

  /** One fault at every request. @param {string} run @param {FaultKind} kind */
  breakWith(run, kind) {
    this.#plans.set(run, { kinds: [kind], chance: 1, always: undefined, next: mulberry(1) });
  }

  /** @param {string} run */
  heal(run) {
    this.#plans.delete(run);
  }

  /** Shard bytes put on the wire for a run. @param {string} run */
  shardBytes(run) {
    return this.log
      .filter((entry) => entry.run === run && entry.file.startsWith('params_shard'))
      .reduce((sum, entry) => sum + entry.sent, 0);
  }

  /** @param {URL} url @returns {Place | undefined} */
  #placeOf({ pathname }) {
    const [, kind, run = '', ...rest] = pathname.split('/');
    if (kind === 'm') return { run, file: rest.join('/'), model: this.models.get(run) ?? this.model };
    if (kind !== 'hub' || rest[0] !== 'resolve') return undefined;
    const [, revision = '', ...path] = rest;
    const commit = revision === 'main' ? this.hub.main : revision;
    return { run: `hub@${revision}`, file: path.join('/'), model: this.hub.commits.get(commit), commit };
  }

  /** @param {Place} place @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #serve({ run, file, model, commit }, request, response) {
    const entry = model?.files.get(file);
    if (!entry) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-type': entry.type, 'content-length': entry.body.length }).end();
      return;
    }
    const fault = this.#faultFor(run, file);
    const range = /^bytes=(\d+)-(\d*)$/.exec(String(request.headers.range ?? ''));
    let body = entry.body;
    let etag = entry.etag;
    if (fault === 'changed') {
      body = Buffer.from(body);
      body.fill(0x55, 0, 64);
      etag = '"another-version"';
    }
    const isCurrent = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const honoured = range && isCurrent && fault !== 'ignoresRange';
    let from = honoured ? Number(range[1]) : 0;
    if (from >= body.length) {
      response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
      return;
    }
    if (fault === 'wrongRange' && honoured) from = Math.max(0, from - 1000);
    const sent = { run, file, from, sent: 0, fault };
    this.log.push(sent);
    const slice = body.subarray(from);
    /** @type {import('node:http').OutgoingHttpHeaders} */
    const headers = { 'content-type': entry.type, 'content-length': slice.length, etag };
    if (commit) headers['x-repo-commit'] = commit;
    if (honoured) headers['content-range'] = `bytes ${from}-${body.length - 1}/${body.length}`;
    await this.#answer(response, honoured ? 206 : 200, headers, slice, sent);
  }

  /** @param {string} run @param {string} file @returns {FaultKind | undefined} */
  #faultFor(run, file) {
    const plan = this.#plans.get(run);
    if (!plan) return undefined;
    const isShard = file.startsWith('params_shard');
    if (plan.always?.file === file) return plan.always.kind;
    if (plan.next() >= plan.chance) return undefined;
    const kind = pick(plan.kinds, plan.next);
    // Small files carry no checksum: no client could tell a flipped bit or a changed word.
    return !isShard && (kind === 'flip' || kind === 'changed') ? undefined : kind;
  }

  /** @param {import('node:http').ServerResponse} response @param {number} status @param {import('node:http').OutgoingHttpHeaders} headers @param {Buffer} slice @param {Sent} sent */
  async #answer(response, status, headers, slice, sent) {
    const at = Math.floor(slice.length * 0.7 * fraction(sent));
    switch (sent.fault) {
      case 'unavailable':
        response.writeHead(503, fraction(sent) < 0.3 ? { 'retry-after': '0' } : {}).end('busy');
        return;
      case 'missing':
        response.writeHead(404).end('no such file');
        return;
      case 'page':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Please sign in');
        return;
      case 'claimsShorter':
        headers['content-length'] = at;
        response.writeHead(status, headers);
        await this.#write(response, slice.subarray(0, at), sent);
        response.end();
        return;
      case 'claimsLonger':
        headers['content-length'] = slice.length + 1000;
        response.writeHead(status, headers);
        await this.#write(response, slice, sent);
        response.destroy();
        return;
      case 'cut':
        response.writeHead(status, headers);
        await this.#write(response, slice.subarray(0, at), sent);
        response.destroy();
        return;
      case 'stall':
        response.writeHead(status, headers);
        await this.#write(response, slice.subarray(0, at), sent);
        return;
      case 'crawl':
        response.writeHead(status, headers);
        for (let i = 0; i < slice.length && !response.destroyed; i += 100) {
          await this.#write(response, slice.subarray(i, i + 100), sent);
          await sleep(40);
        }
        response.end();
        return;
      case 'flip': {
        const flipped = Buffer.from(slice);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        response.writeHead(status, headers);
        await this.#write(response, flipped, sent);
        response.end();
        return;
      }
      case 'ignoresRange':
      case 'changed':
      case 'wrongRange':
      case undefined:
        response.writeHead(status, headers);
        await this.#write(response, slice, sent);
        response.end();
    }
  }

  /** @param {import('node:http').ServerResponse} response @param {Buffer} bytes @param {Sent} sent */
  async #write(response, bytes, sent) {
    const step = 128 * 1024;
    for (let i = 0; i < bytes.length; i += step) {
      if (response.destroyed) return;
      const piece = bytes.subarray(i, i + step);
      const flows = response.write(piece);
      sent.sent += piece.length;
      if (!flows) await drained(response);
      if (this.bytesPerSecond !== Infinity) await sleep((piece.length / this.bytesPerSecond) * 1000 * 4);
    }
  }
}

/** @param {import('node:http').ServerResponse} response */
function allowAll(response) {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', 'range, if-range');
  response.setHeader('access-control-expose-headers', 'etag, content-range, accept-ranges, x-repo-commit');
}

/** A number in [0, 1) that depends on the answer alone. @param {Sent} sent */
function fraction(sent) {
  return mulberry(sent.from + sent.file.length * 7919 + Number(sent.file.replace(/\D/g, '')) * 104729)();
}

/** @param {import('node:http').ServerResponse} response */
function drained(response) {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve(undefined);
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
