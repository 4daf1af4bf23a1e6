// The cache of a long prompt across a restart, with a real adapter and a real (if borrowed) IndexedDB: what is not
// computed again, and that the answer does not change by it.
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { beforeAll, expect, it, describe } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import type { ChatMessage, Usage } from '../../protocol/chat';
import { commit, createDatabase } from '../../store/disk/database';
import { createPrefixStore, type PrefixStore } from '../../store/disk/prefix-store';
import { babbleFolder, MemoryStore, setText, textOf, type Folder } from './testing/model-folder';
import { createWgslEngine } from './wgsl-engine';

const base = 'https://models.example/m/';
const prefixSettings = { blockTokens: 16, leastTokens: 64, leastComputeMs: 0, idleMs: 0 };
const never = new AbortController().signal;
const messages: readonly ChatMessage[] = [
  { role: 'system', content: 'the little dog ran to the red house '.repeat(8) },
  { role: 'user', content: 'and then' },
];

/** The manifest of a made-up folder has no checksums, and without them nothing is saved. */
function checked(folder: Folder): Folder {
  const manifest = JSON.parse(textOf(folder, 'tensor-cache.json')) as {
    records: { dataPath: string; md5sum?: string }[];
  };
  for (const record of manifest.records)
    record.md5sum = createHash('md5')
      .update(folder.get(record.dataPath) ?? '')
      .digest('hex');
  setText(folder, 'tensor-cache.json', JSON.stringify(manifest));
  return folder;
}

describe.skipIf(await skipReason())('a prompt that an earlier session computed', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  /** A page's life: load, answer, be idle until `writes` blocks are stored, go. */
  const session = async (prefixes: PrefixStore | undefined, writes = 0) => {
    let written = 0;
    const store = new MemoryStore(new Map([[base, checked(babbleFolder({ contextWindow: 320 }))]]));
    const engine = createWgslEngine({
      store,
      resolve: () => base,
      openGpu: () => Promise.resolve({ ...gpu, dispose: () => undefined }),
      prefixSettings,
      ...(prefixes && {
        prefixes: {
          ...prefixes,
          write: async (...block: Parameters<PrefixStore['write']>) => {
            await prefixes.write(...block);
            written++;
          },
        },
      }),
    });
    await engine.load('m', { signal: never, onProgress: () => undefined });
    const ids: number[] = [];
    let usage: Usage | undefined;
    for await (const event of engine.generate(
      { messages, temperature: 0, max_tokens: 12 },
      { signal: never },
    )) {
      if (event.type === 'token') ids.push(...event.tokenIds);
      if (event.type === 'usage') ({ usage } = event);
    }
    await expect.poll(() => written, { timeout: 20_000 }).toBeGreaterThanOrEqual(writes);
    await engine.dispose();
    return { ids, usage, written };
  };

  it('is not computed again after a restart, and the answer is the same', async () => {
    const plain = await session(undefined);
    const tokens = plain.usage?.prompt_tokens ?? 0;
    expect(tokens).toBeGreaterThan(100);
    const blocks = Math.floor(tokens / prefixSettings.blockTokens);
    const first = await session(createPrefixStore('restart'), blocks);
    expect(first.ids).toEqual(plain.ids);
    expect(first.usage?.cached_tokens).toBe(0);
    const second = await session(createPrefixStore('restart'));
    expect(second.usage?.cached_tokens).toBe(
      Math.floor((tokens - 1) / prefixSettings.blockTokens) * prefixSettings.blockTokens,
    );
    expect(second.ids).toEqual(plain.ids);
  });

  it('is computed anew where what was saved is damaged', async () => {
    const plain = await session(undefined);
    await session(createPrefixStore('damaged'), 4);
    const database = createDatabase('damaged-prefixes');
    const keys = await database('readonly', (files) => {
      const request = files.getAllKeys();
      return new Promise<IDBValidKey[]>((resolve) => (request.onsuccess = () => resolve(request.result)));
    });
    const blobs = keys.filter((key) => Array.isArray(key) && key[1] === 'bytes');
    expect(blobs.length).toBeGreaterThanOrEqual(4);
    const wrong = new Uint8Array(16 * 2 * 2 * 2 * 24 * 2).fill(60);
    await commit(database, (files) => blobs.forEach((key) => files.put(new Blob([wrong]), key)));
    const { usage, ids } = await session(createPrefixStore('damaged'));
    expect(usage?.cached_tokens).toBe(0);
    expect(ids).toEqual(plain.ids);
  });
});
