// A model and what it sees by, as one model of the store: from files in either order, from a host, out again byte for
// byte, and gone as one; a second file that is unfit leaves nothing.
import 'fake-indexeddb/auto';
import { clear, keys } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { smallEyes, smallSeeing } from '../../formats/gguf/testing/small-eyes';
import { smallGguf } from '../../formats/gguf/testing/small-model';
import { eyesName, folderAddress, ggufName, withEyes } from '../address';
import { createDatabase } from '../disk/database';
import { statusOf } from '../disk/records';
import { preflight } from '../download/preflight';
import { createShardStore } from '../shard-store';
import { storedFacts } from './facts';
import { importFiles, inspectFiles } from './import-folder';
import { exportFiles } from './transfer';
import { verifyModel } from './verify';

const database = createDatabase('gguf-pairs-test');
const { signal } = new AbortController();
const model = smallSeeing();
const eyes = smallEyes();
const totalBytes = model.byteLength + eyes.byteLength;
const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer>) => ({
  path: `stick/${name}`,
  blob: new Blob([bytes]),
});
const files = [fileOf('small.Q8_0.gguf', model), fileOf('mmproj-small.gguf', eyes)];
const base = 'imported:/small.Q8_0.gguf+mmproj-small.gguf/';
const refusing = (code: string) => expect.objectContaining({ code });

beforeEach(() => clear(database));

describe('a pair of GGUF files', () => {
  it.each([
    ['the model first', files],
    ['what it sees by first', [...files].reverse()],
  ])(
    'from files, %s, is told what it is, goes in, verifies, and comes out byte for byte',
    async (_, chosen) => {
      const report = await inspectFiles(chosen);
      expect(report).toMatchObject({ base, name: 'small.Q8_0.gguf', totalBytes, missing: [] });
      expect(report.facts).toMatchObject({
        architecture: 'llama',
        eyes: { name: 'mmproj-small.gguf', nbytes: eyes.byteLength, kind: 'idefics3' },
      });
      await importFiles(database, chosen, report.base, { signal });
      expect(await statusOf(database, base)).toMatchObject({ complete: true, totalBytes });
      expect(await storedFacts(database, base)).toEqual(report.facts);
      expect((await verifyModel(database, base, { signal })).damaged).toEqual([]);
      const out = new Map<string, Buffer>();
      for await (const { path, stream } of exportFiles(database, base))
        out.set(path, Buffer.from(await new Response(stream()).arrayBuffer()));
      expect([...out.keys()]).toEqual(['small.Q8_0.gguf', 'mmproj-small.gguf']);
      expect(out.get('small.Q8_0.gguf')?.equals(model)).toBe(true);
      expect(out.get('mmproj-small.gguf')?.equals(eyes)).toBe(true);
      const store = createShardStore({ databaseName: 'gguf-pairs-test' });
      await store.remove(base);
      expect(await store.list()).toEqual([]);
    },
  );

  it('knows what it sees by from its head, whatever it is called', async () => {
    const plain = [fileOf('eyes.gguf', eyes), fileOf('words.gguf', model)];
    expect((await inspectFiles(plain)).base).toBe('imported:/words.gguf+eyes.gguf/');
  });

  it('takes of several that a folder has the smallest, and the model without any', async () => {
    const large = smallEyes({ metadata: { 'general.description': 'x'.repeat(500) } });
    const folder = [fileOf('mmproj-a-f16.gguf', large), ...files];
    expect((await inspectFiles(folder)).base).toBe(base);
    const two = [fileOf('a.gguf', model), fileOf('b.gguf', smallGguf())];
    const report = await inspectFiles(two);
    expect(report.base).toBe('imported:/a.gguf/');
    expect(report.leftOut).toEqual(['b.gguf']);
  });

  it.each([
    ['for another model', smallEyes({ hidden: 96 }), 'model/unsupported-arch', /made for another model/],
    ['that is a model itself', smallGguf(), 'model/unsupported-arch', /not what a model sees by/],
    ['that is cut off', eyes.slice(0, 3000), 'model/bad-gguf', /mmproj-small\.gguf.*alone/],
    ['that is nothing', new Uint8Array(64), 'model/bad-gguf', /mmproj-small\.gguf.*alone/],
    [
      'with half of its tensors',
      eyes.slice(0, eyes.byteLength / 2),
      'model/bad-gguf',
      /ends before its tensor/,
    ],
  ])('with a second file %s is refused in words, and nothing is stored', async (_, second, code, words) => {
    const chosen = [fileOf('small.gguf', model), fileOf('mmproj-small.gguf', second)];
    await expect(inspectFiles(chosen)).rejects.toThrow(refusing(code));
    await expect(inspectFiles(chosen)).rejects.toThrow(words);
    await expect(importFiles(database, chosen, base, { signal })).rejects.toThrow(refusing(code));
    expect(await keys(database)).toEqual([]);
  });

  it('of which only the second is there is asked for whole', async () => {
    await expect(inspectFiles(files.slice(1))).rejects.toThrow(
      /Choose it together with the file of the model/,
    );
  });
});

describe('a pair on a host', () => {
  const remote = 'https://example.org/models/small.gguf+mmproj-small.gguf';
  const onHost = new Map([
    ['https://example.org/models/small.gguf', model],
    ['https://example.org/models/mmproj-small.gguf', eyes],
  ]);
  const server = (url: string, { headers }: RequestInit = {}): Promise<Response> => {
    const file = onHost.get(url);
    if (!file) return Promise.resolve(new Response('', { status: 404 }));
    const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(new Headers(headers).get('range') ?? '') ?? [];
    const end = to ? Math.min(Number(to) + 1, file.byteLength) : file.byteLength;
    const range = { 'content-range': `bytes ${from}-${end - 1}/${file.byteLength}` };
    return Promise.resolve(new Response(file.slice(Number(from), end), { status: 206, headers: range }));
  };

  it('is looked at, fetched and complete with both files', async () => {
    const address = folderAddress(remote);
    expect(address).toBe(`${withEyes('https://example.org/models/small.gguf', 'mmproj-small.gguf')}/`);
    expect([ggufName(address), eyesName(address)]).toEqual(['small.gguf', 'mmproj-small.gguf']);
    const looked = await preflight(remote, { signal, fetch: server });
    expect(looked).toMatchObject({
      base: address,
      totalBytes,
      shards: 2,
      facts: { eyes: { kind: 'idefics3' } },
    });
    const store = createShardStore({ databaseName: 'gguf-pairs-test', fetch: server });
    const opened = await store.open(address, { signal });
    const fetched: string[] = [];
    for await (const { shard, pieces } of opened.shards()) {
      fetched.push(shard.dataPath);
      for (const piece of pieces) await piece.read();
    }
    expect(fetched.sort()).toEqual(['mmproj-small.gguf', 'small.gguf']);
    expect(await store.status(address)).toMatchObject({ complete: true, totalBytes });
  });

  it('of which the second is missing says which file', async () => {
    const missing = preflight(remote.replace('mmproj-small', 'mmproj-other'), { signal, fetch: server });
    await expect(missing).rejects.toThrow(/example\.org has no mmproj-other\.gguf/);
  });
});
