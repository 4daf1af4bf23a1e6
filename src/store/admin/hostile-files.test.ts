// Folders as people really bring them, each through an import and from a host: an error with a code, or a model that
// is complete. After a failure the store is what it was, compared byte for byte.
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clear, entries, setMany } from 'idb-keyval';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { createDatabase } from '../disk/database';
import { preflight } from '../download/preflight';
import { createShardStore } from '../shard-store';
import { importFiles } from './import-folder';

const tiny = new URL('../../../public/models/phield-tiny/', import.meta.url);
const files = new Map(readdirSync(tiny).map((name) => [name, readFileSync(new URL(name, tiny))]));
const config = 'mlc-chat-config.json';
const manifest = 'tensor-cache.json';
const tokenizer = 'tokenizer.json';
const shard = 'params_shard_0.bin';

type Folder = Map<string, Buffer>;
/** What macOS writes beside each file on a stick that is not its own: a header and nothing that is JSON. */
const companion = Buffer.concat([
  Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0]),
  Buffer.from('Mac OS X'),
  Buffer.alloc(4080),
]);
const pointer = (lineEnd = '\n'): Buffer =>
  Buffer.from(
    ['version https://git-lfs.github.com/spec/v1', `oid sha256:${'a1'.repeat(32)}`, 'size 2400000', ''].join(
      lineEnd,
    ),
  );
const page = Buffer.from('<!doctype html><html><title>Sign in to the network</title></html>');
const put =
  (name: string, bytes: Buffer) =>
  (folder: Folder): void =>
    void folder.set(name, bytes);
const rewrite =
  (name: string, change: (bytes: Buffer) => Buffer) =>
  (folder: Folder): void =>
    void folder.set(name, change(folder.get(name) ?? Buffer.alloc(0)));
const text = (change: (text: string) => string): ((bytes: Buffer) => Buffer) => {
  return (bytes) => Buffer.from(change(bytes.toString()));
};
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const complete = 'complete';

interface Hostile {
  readonly change: (folder: Folder) => void;
  /** The code, or that it is a model like any other. */
  readonly imported: string;
  readonly hosted?: string;
  /** Of the host's answer for JSON. */
  readonly type?: string;
}

const hostile: Record<string, Hostile> = {
  'a configuration that Git LFS has not fetched': {
    change: put(config, pointer()),
    imported: 'model/lfs-pointer',
  },
  'a tokenizer that Git LFS has not fetched': {
    change: put(tokenizer, pointer()),
    imported: 'model/lfs-pointer',
  },
  'a manifest that Git LFS has not fetched': {
    change: put(manifest, pointer()),
    imported: 'model/lfs-pointer',
  },
  'weights that Git LFS has not fetched': { change: put(shard, pointer()), imported: 'model/lfs-pointer' },
  'a pointer with the line ends of Windows': {
    change: put(shard, pointer('\r\n')),
    imported: 'model/lfs-pointer',
  },
  "a Mac's companions beside each file": {
    change: (folder) => [...folder.keys()].forEach((name) => folder.set(`._${name}`, companion)),
    imported: complete,
  },
  'a note that ends in .json': {
    change: put('notes.json', Buffer.from('// mine\n{ }\n')),
    imported: complete,
  },
  'an empty file that no loader reads': {
    change: put('generation_config.json', Buffer.alloc(0)),
    imported: complete,
  },
  'a configuration with a byte order mark': {
    change: rewrite(config, (bytes) => Buffer.concat([bom, bytes])),
    imported: complete,
  },
  'a manifest with a byte order mark': {
    change: rewrite(manifest, (bytes) => Buffer.concat([bom, bytes])),
    imported: complete,
  },
  'JSON with the line ends of Windows': {
    change: rewrite(
      config,
      text((json) => JSON.stringify(JSON.parse(json), undefined, 2).replaceAll('\n', '\r\n')),
    ),
    imported: complete,
  },
  'JSON in UTF-16': {
    change: rewrite(config, (bytes) =>
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(bytes.toString(), 'utf16le')]),
    ),
    imported: 'network/not-a-model',
  },
  'JSON that a host calls plain text': { change: () => undefined, imported: complete, type: 'text/plain' },
  'JSON that a host calls a web page': {
    change: () => undefined,
    imported: complete,
    hosted: 'network/not-a-model',
    type: 'text/html',
  },
  'a web page for a configuration': { change: put(config, page), imported: 'network/not-a-model' },
  'a web page for a tokenizer': { change: put(tokenizer, page), imported: 'network/not-a-model' },
  'a web page for weights': { change: put(shard, page), imported: 'storage/integrity' },
  'an empty configuration': { change: put(config, Buffer.alloc(0)), imported: 'network/not-a-model' },
  'an empty tokenizer': { change: put(tokenizer, Buffer.alloc(0)), imported: 'network/not-a-model' },
  'empty weights': { change: put(shard, Buffer.alloc(0)), imported: 'storage/integrity' },
  'a configuration of a million brackets': {
    change: put(config, Buffer.from('['.repeat(1e6) + ']'.repeat(1e6))),
    imported: 'network/not-a-model',
  },
  'a tokenizer of a million brackets': {
    change: put(tokenizer, Buffer.from('{"a":'.repeat(1e6) + '1' + '}'.repeat(1e6))),
    imported: 'network/not-a-model',
  },
  'a manifest that names a file outside of the folder': {
    change: rewrite(
      manifest,
      text((json) => json.replace(shard, '../params.bin')),
    ),
    imported: 'model/bad-manifest',
  },
  'a file whose own name climbs out of the folder': {
    change: put('../tokenizer.json', page),
    imported: complete,
  },
  'half a manifest': {
    change: rewrite(
      manifest,
      text((json) => json.slice(0, json.length / 2)),
    ),
    imported: 'model/bad-manifest',
    hosted: 'network/not-a-model',
  },
  'weights with one bit turned': {
    change: rewrite(shard, (bytes) => {
      const turned = Buffer.from(bytes);
      turned[1000] = (turned[1000] ?? 0) ^ 1;
      return turned;
    }),
    imported: 'storage/integrity',
  },
};

/** The same model of another day: no shard of it is one of the others. */
const earlier: Folder = new Map(files);
for (const [name, bytes] of files) {
  if (!name.startsWith('params_shard')) continue;
  const other = Buffer.from(bytes);
  other[0] = (other[0] ?? 0) ^ 1;
  earlier.set(name, other);
  const md5 = (of: Buffer): string => createHash('md5').update(of).digest('hex');
  const listed = earlier.get(manifest)?.toString() ?? '';
  earlier.set(manifest, Buffer.from(listed.replace(md5(bytes), md5(other))));
}

const databaseName = 'hostile-test';
const database = createDatabase(databaseName);
const signal = new AbortController().signal;
const imported = 'imported:/stick/';
type Records = [IDBValidKey, unknown][];
/** What the store holds of another model, which may not suffer, and of that and the earlier one: put there once. */
let withOther: Records;
let withEarlier: Records;
let folder: Folder = new Map();
let jsonType = 'application/json';
let server: Server;
let host: string;

/** Every record with its bytes; `except` a model that may change. */
async function snapshot(except?: string): Promise<string[]> {
  const rows = await Promise.all(
    (await entries<IDBValidKey, unknown>(database)).map(async ([key, value]) => {
      const bytes =
        value instanceof Blob ? Buffer.from(await value.arrayBuffer()) : Buffer.from(JSON.stringify(value));
      return `${JSON.stringify(key)} ${createHash('sha256').update(bytes).digest('hex')}`;
    }),
  );
  return rows.filter((row) => except === undefined || !row.startsWith(`[${JSON.stringify(except)}`)).sort();
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return complete;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return (thrown as AppError).code;
  }
}

const blobs = (from: Folder, root: string): { path: string; blob: Blob }[] =>
  [...from].map(([name, bytes]) => ({ path: `${root}${name}`, blob: new Blob([new Uint8Array(bytes)]) }));

/** Fetches quickly what a person's line would be waited for. */
const store = createShardStore({
  databaseName,
  retry: { attempts: 2, baseDelayMs: 1, maxDelayMs: 2, random: () => 0 },
  refetches: 1,
});

/** As the worker does it: a look first, then everything that a load reads. */
async function load(base: string): Promise<void> {
  await preflight(base, { signal });
  const model = await store.open(base, { signal });
  for (const name of [config, tokenizer]) await model.text(name);
  await model.manifest();
  for await (const stored of model.shards()) expect(stored.shard.nbytes).toBeGreaterThan(0);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice('/model/'.length));
    const bytes = folder.get(name);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const type = name.endsWith('.json') ? jsonType : 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model/`;
  await clear(database);
  await importFiles(database, blobs(files, ''), 'https://example.org/other/', { signal });
  withOther = await entries(database);
  await importFiles(database, blobs(earlier, ''), imported, { signal });
  withEarlier = await entries(database);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  await clear(database);
  folder = new Map(files);
  jsonType = 'application/json';
  await setMany(withOther, database);
});
afterEach(() => clear(database));

describe.each(Object.entries(hostile))('%s', (_, { change, imported: expected, hosted = expected, type }) => {
  it('is imported whole or not at all', async () => {
    const before = await snapshot();
    change(folder);
    const code = await outcome(importFiles(database, blobs(folder, 'stick/'), imported, { signal }));
    expect(code).toBe(expected);
    if (code === complete) expect((await store.status(imported)).complete).toBe(true);
    else expect(await snapshot()).toEqual(before);
  });

  it('leaves a complete model of the same address as it was', async () => {
    await setMany(withEarlier, database);
    expect((await store.status(imported)).complete).toBe(true);
    const before = await snapshot();
    change(folder);
    const code = await outcome(importFiles(database, blobs(folder, ''), imported, { signal }));
    expect(code).toBe(expected);
    if (code !== complete) expect(await snapshot()).toEqual(before);
    expect((await store.status(imported)).complete).toBe(true);
  });

  it('comes from a host whole or is refused', async () => {
    const before = await snapshot();
    change(folder);
    if (type) jsonType = type;
    const looked = await outcome(preflight(host, { signal }));
    // The look stores nothing, whatever it finds.
    expect(await snapshot()).toEqual(before);
    const code = await outcome(load(host));
    expect(code).toBe(hosted);
    // What a download has got of a model is kept for the next try; the other models are as they were.
    expect(await snapshot(host)).toEqual(before);
    expect((await store.status(host)).complete).toBe(code === complete);
    if (looked !== complete) expect(await snapshot()).toEqual(before);
  });
});
