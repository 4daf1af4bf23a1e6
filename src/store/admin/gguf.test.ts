// A GGUF file in the store: from files, over the network, out again, and what a wrong one leaves behind: nothing.
import 'fake-indexeddb/auto';
import { clear, keys } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { ggufHeadFile, parseHeads } from '../../formats/gguf/model-file';
import { smallGguf } from '../../formats/gguf/testing/small-model';
import { folderAddress } from '../address';
import { createDatabase } from '../disk/database';
import { statusOf } from '../disk/records';
import { preflight } from '../download/preflight';
import { createShardStore } from '../shard-store';
import { storedFacts } from './facts';
import { importFiles, inspectFiles } from './import-folder';
import { exportFiles } from './transfer';
import { verifyModel } from './verify';

const database = createDatabase('gguf-test');
const { signal } = new AbortController();
const file = smallGguf();
const files = [{ path: 'stick/small.Q4_1.gguf', blob: new Blob([file]) }];
const imported = 'imported:/small.Q4_1.gguf/';
const remote = 'https://example.org/models/small.Q4_1.gguf';

beforeEach(() => clear(database));

/** A server of that one file. */
function server(ranges: boolean, asked: string[] = []) {
  return (url: string, { headers }: RequestInit = {}): Promise<Response> => {
    const range = new Headers(headers).get('range') ?? '';
    asked.push(`${url} ${range}`);
    if (url !== remote) return Promise.resolve(new Response('', { status: 404 }));
    const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
    if (!ranges || range === '')
      return Promise.resolve(new Response(file, { headers: { 'content-length': String(file.byteLength) } }));
    const end = to ? Math.min(Number(to) + 1, file.byteLength) : file.byteLength;
    const contentRange = `bytes ${from}-${end - 1}/${file.byteLength}`;
    return Promise.resolve(
      new Response(file.slice(Number(from), end), {
        status: 206,
        headers: { 'content-range': contentRange },
      }),
    );
  };
}

describe('a GGUF file', () => {
  it('is told what it is, goes in, verifies, and comes out byte for byte', async () => {
    const report = await inspectFiles(files);
    expect(report).toMatchObject({ base: imported, name: 'small.Q4_1.gguf', missing: [] });
    expect(report.facts).toMatchObject({ architecture: 'llama', contextWindow: 256, name: 'Small' });
    expect(report.facts?.mix[0]?.type).toBe('Q4_1');
    expect(report.facts?.template).toBe(
      '<|im_start|>user\n…<|im_end|>\n<|im_start|>assistant\n…<|im_end|>\n',
    );
    await importFiles(database, files, report.base, { signal });
    expect(await statusOf(database, imported)).toMatchObject({ complete: true, totalBytes: file.byteLength });
    expect(await storedFacts(database, imported)).toEqual(report.facts);
    expect((await verifyModel(database, imported, { signal })).damaged).toEqual([]);
    const out: [string, boolean][] = [];
    for await (const { path, stream } of exportFiles(database, imported))
      out.push([path, Buffer.from(await new Response(stream()).arrayBuffer()).equals(file)]);
    expect(out).toEqual([['small.Q4_1.gguf', true]]);
    const store = createShardStore({ databaseName: 'gguf-test' });
    const opened = await store.open(imported, { signal });
    expect(parseHeads(await opened.text(ggufHeadFile)).files[0]?.nbytes).toBe(file.byteLength);
  });

  it('misses its other parts by name', async () => {
    const part = { path: 'm-00002-of-00002.gguf', blob: new Blob([file]) };
    expect((await inspectFiles([part])).missing).toEqual(['m-00001-of-00002.gguf']);
  });

  it('that is cut off or hostile is refused by its name, and nothing is stored', async () => {
    for (const bad of [file.slice(0, 5_000), file.slice(0, file.byteLength - 64), new Uint8Array(100)]) {
      const one = [{ path: 'bad.gguf', blob: new Blob([bad]) }];
      const error = expect.objectContaining({ code: 'model/bad-gguf' });
      await expect(inspectFiles(one)).rejects.toThrow(error);
      await expect(importFiles(database, one, 'imported:/bad.gguf/', { signal })).rejects.toThrow(error);
      expect(await keys(database)).toEqual([]);
    }
  });

  it.each([
    ['with ranges', true],
    ['without ranges', false],
  ])('is fetched from a server %s, its head first', async (_, ranges) => {
    const asked: string[] = [];
    const fetch = server(ranges, asked);
    const base = folderAddress(remote);
    const looked = await preflight(remote, { signal, fetch });
    expect(looked).toMatchObject({ base, totalBytes: file.byteLength, facts: { architecture: 'llama' } });
    expect(asked).toEqual([`${remote} bytes=0-1048575`]);
    const store = createShardStore({ databaseName: 'gguf-test', fetch });
    const model = await store.open(base, { signal });
    await model.text(ggufHeadFile);
    for await (const { shard, pieces } of model.shards()) {
      expect(shard.dataPath).toBe('small.Q4_1.gguf');
      const [piece] = pieces;
      const read = await piece?.read();
      expect(read && Buffer.compare(read, file.subarray(0, piece?.nbytes))).toBe(0);
    }
    expect(await store.status(base)).toMatchObject({ complete: true, totalBytes: file.byteLength });
  });

  it('is asked for at the commit that its repository stands at, heads and bytes', async () => {
    const commit = 'c0'.repeat(20);
    const base = 'https://huggingface.co/o/n/resolve/main/x.gguf/';
    const asked: string[] = [];
    const store = createShardStore({
      databaseName: 'gguf-test',
      fetch: (url, init) => {
        asked.push(url);
        if (url.includes('/api/')) return Promise.resolve(Response.json({ sha: commit }));
        return server(true)(remote, init);
      },
    });
    const model = await store.open(base, { signal });
    for await (const { pieces } of model.shards()) for (const piece of pieces) await piece.read();
    expect(new Set(asked)).toEqual(
      new Set([
        'https://huggingface.co/api/models/o/n/revision/main',
        `https://huggingface.co/o/n/resolve/${commit}/x.gguf`,
      ]),
    );
    expect(await store.status(base)).toMatchObject({ complete: true });
  });

  it.each([
    ['architecture', { 'general.architecture': 'mamba' }, 'model/unsupported-arch', /mamba/],
    ['splitting', { 'tokenizer.ggml.pre': 'tekken' }, 'tokenizer/bad-vocab', /tekken/],
    ['template', { 'tokenizer.chat_template': '{{ "x" }}' }, 'model/unsupported-arch', /template/],
  ] as const)('of an unknown %s is refused by name before anything big', async (_, metadata, code, words) => {
    const odd = smallGguf({ metadata });
    const reading = inspectFiles([{ path: 'odd.gguf', blob: new Blob([odd]) }]);
    await expect(reading).rejects.toThrow(expect.objectContaining({ code }));
    await expect(reading).rejects.toThrow(words);
  });

  it('that is not there is said to be missing', async () => {
    await expect(
      preflight('https://example.org/models/other.gguf', { signal, fetch: server(true) }),
    ).rejects.toThrow(expect.objectContaining({ code: 'network/not-a-model' }));
  });
});
