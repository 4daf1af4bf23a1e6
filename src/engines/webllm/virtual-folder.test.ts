// What WebLLM reads in place of the network: each kind of file, whole; nothing else; and nothing of an older load.
import { describe, expect, it } from 'vitest';
import type { ShardRecord } from '../../formats/mlc/manifest';
import type { StoredPiece } from '../../store/store';
import { VirtualFolder } from './virtual-folder';

const shard: ShardRecord = { dataPath: 'params/a.bin', nbytes: 4, md5sum: 'aa', records: [] };
const pieces: readonly StoredPiece[] = ['abc', 'd'].map((text, i) => ({
  offset: 3 * i,
  nbytes: text.length,
  read: () => Promise.resolve(new TextEncoder().encode(text)),
}));

function folder(onRead?: (name: string) => void, read = pieces, signal = new AbortController().signal) {
  const contents = {
    texts: new Map([['tokenizer.json', '{"é":1}']]),
    manifest: { shards: [shard], totalBytes: 4 },
    shards: new Map([[shard.dataPath, { shard, pieces: read }]]),
    library: new TextEncoder().encode('wasm'),
  };
  return new VirtualFolder(contents, signal, onRead);
}

describe('a virtual folder', () => {
  it('gives each file as it is stored, and says which was read', async () => {
    const read: string[] = [];
    const files = folder((name) => read.push(name));
    const text = files.read(`${files.modelAddress}tokenizer.json`);
    expect(await text?.text()).toBe('{"é":1}');
    const bytes = files.read(`${files.modelAddress}params/a.bin`);
    expect(bytes?.headers.get('content-length')).toBe('4');
    expect(await bytes?.text()).toBe('abcd');
    expect(await files.read(files.libraryAddress)?.text()).toBe('wasm');
    expect(read).toEqual(['tokenizer.json', 'params/a.bin', files.libraryAddress]);
    expect(files.failure).toBeUndefined();
  });

  it('has nothing but those and the manifest, and says nothing of what it has not', () => {
    const read: string[] = [];
    const files = folder((name) => read.push(name));
    expect(files.addresses()).toEqual([
      `${files.modelAddress}tokenizer.json`,
      `${files.modelAddress}tensor-cache.json`,
      `${files.modelAddress}params/a.bin`,
      files.libraryAddress,
    ]);
    expect(files.read(`${files.modelAddress}params/b.bin`)).toBeUndefined();
    expect(files.read('https://models.example/tokenizer.json')).toBeUndefined();
    expect(read).toEqual([]);
  });

  it('answers to no address of an earlier load', () => {
    const [before, now] = [folder(), folder()];
    expect(now.read(`${before.modelAddress}tokenizer.json`)).toBeUndefined();
    expect(now.read(before.libraryAddress)).toBeUndefined();
    expect(now.read(`${now.modelAddress}tokenizer.json`)).toBeDefined();
  });

  it('keeps the first reason for which a shard could not be read', async () => {
    let why = 'first';
    const broken: StoredPiece = { offset: 0, nbytes: 4, read: () => Promise.reject(new Error(why)) };
    const files = folder(undefined, [broken]);
    const address = `${files.modelAddress}params/a.bin`;
    await expect(files.read(address)?.arrayBuffer()).rejects.toThrow();
    why = 'second';
    await expect(files.read(address)?.arrayBuffer()).rejects.toThrow();
    expect(files.failure).toEqual(new Error('first'));
  });

  it('reads nothing once it was aborted', () => {
    const stop = new AbortController();
    const files = folder(undefined, pieces, stop.signal);
    const address = `${files.modelAddress}tokenizer.json`;
    expect(files.read(address)).toBeDefined();
    stop.abort();
    expect(() => files.read(address)).toThrow(expect.objectContaining({ code: 'run/aborted' }) as Error);
  });
});
