import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { KvLayout } from '../../model/cache/kv-transfer';
import { commit, createDatabase } from '../../store/disk/database';
import { createPrefixStore, type PrefixStore } from '../../store/disk/prefix-store';
import { kvIdentity, SavedPrefixes, type KvModel } from './saved-prefix';

const base = 'https://models.example/m/';
const layout: KvLayout = { format: 'f16', layers: 3, rowBytes: 8 };
const settings = { blockTokens: 4, leastTokens: 8, leastComputeMs: 100, idleMs: 0 };
const never = new AbortController().signal;
const ids = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

/** Rows that say which layer and token they are of. */
class FakeModel implements KvModel {
  readonly kvLayout = layout;
  readonly saves: string[] = [];
  kvKept = { from: 0, long: false };
  longFrom: number | undefined;
  /** Fewer than so many positions cannot be gone on from, none at all apart. */
  usableFrom = 0;
  /** Per layer and position. */
  rows: number[][] = [[], [], []];

  run(tokenIds: readonly number[]): void {
    this.rows = [0, 1, 2].map((layer) => tokenIds.map((id) => layer * 1000 + id));
  }

  saveKv(layer: number, from: number, to: number): Promise<ArrayBuffer> {
    this.saves.push(`${layer}/${from}`);
    const rows = this.rows[layer]?.slice(from, to) ?? [];
    return Promise.resolve(new Float64Array(rows).buffer);
  }

  usable(count: number): number {
    return count < this.usableFrom ? 0 : count;
  }

  restoreKv(from: number, bytes: ArrayBuffer, long: boolean): Promise<void> {
    this.kvKept = { from: 0, long };
    const values = [...new Float64Array(bytes)];
    const count = values.length / 3;
    this.rows = this.rows.map((row, layer) => [
      ...row.slice(0, from),
      ...values.slice(layer * count, (layer + 1) * count),
    ]);
    return Promise.resolve();
  }
}

describe('a saved prefix', () => {
  let models = '';
  let count = 0;
  let store: PrefixStore;
  beforeEach(() => {
    models = `prefix-models-${count++}`;
    store = createPrefixStore(models);
  });

  const session = (identity = 'one'): { model: FakeModel; saved: SavedPrefixes } => {
    const model = new FakeModel();
    return { model, saved: new SavedPrefixes({ store, base, identity, model, settings }) };
  };
  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  /** A session that answers over these ids, 100 ms a token, and ends. */
  const answerOver = async (tokenIds: readonly number[], identity?: string): Promise<FakeModel> => {
    const { model, saved } = session(identity);
    model.run(tokenIds);
    saved.computed(tokenIds.length, tokenIds.length * 100);
    saved.saveLater(tokenIds);
    await tick();
    await saved.saved();
    await saved.close();
    return model;
  };

  it('comes back in whole blocks, and leaves a token to compute', async () => {
    await answerOver(ids(14));
    const { model, saved } = session();
    expect(await saved.restore(ids(14), 0, never)).toBe(12);
    expect(model.rows).toEqual([0, 1, 2].map((layer) => ids(12, layer * 1000)));
    const exact = session();
    expect(await exact.saved.restore(ids(12), 0, never)).toBe(8);
    const longer = session();
    expect(await longer.saved.restore([...ids(13), 99, 99, 99, 99], 0, never)).toBe(12);
  });

  it('goes on from what is on the GPU already', async () => {
    await answerOver(ids(20));
    const { model, saved } = session();
    model.run(ids(5));
    expect(await saved.restore(ids(20), 5, never)).toBe(16);
    expect(model.rows[2]).toEqual(ids(16, 2000));
  });

  it('carries which rope factors it has', async () => {
    const tokenIds = ids(20);
    const long = session();
    long.model.longFrom = 18;
    long.model.kvKept = { from: 0, long: true };
    long.model.run(tokenIds);
    long.saved.computed(20, 2000);
    long.saved.saveLater(tokenIds);
    await tick();
    await long.saved.saved();
    await long.saved.close();
    // A text that fits has short ones: of no use. One that does not has these.
    const again = session();
    again.model.longFrom = 18;
    expect(await again.saved.restore(tokenIds.slice(0, 18), 0, never)).toBe(0);
    expect(await again.saved.restore(tokenIds, 0, never)).toBe(16);
    expect(again.model.kvKept.long).toBe(true);
    await again.saved.close();
  });

  it('is not of rows that have fallen out of a window', async () => {
    const first = session();
    first.model.run(ids(40));
    first.model.kvKept = { from: 24, long: false };
    first.saved.computed(40, 4000);
    first.saved.saveLater(ids(40));
    await tick();
    await first.saved.saved();
    expect(first.model.saves).toEqual([]);
    // What was saved before they fell out is gone on from.
    await first.saved.close();
    await answerOver(ids(24));
    const later = session();
    later.model.run(ids(40));
    later.model.kvKept = { from: 24, long: false };
    later.saved.computed(40, 4000);
    later.saved.saveLater(ids(40));
    await tick();
    await later.saved.saved();
    expect(later.model.saves[0]).toBe('0/24');
    await later.saved.close();
    // Known up to 26, but the block from 24 on would look back at what is gone.
    const third = session();
    third.model.run(ids(26));
    third.model.usableFrom = 26;
    expect(await third.saved.restore(ids(40), 26, never)).toBe(26);
    await third.saved.close();
  });

  it('is only of the same ids from the start on', async () => {
    await answerOver(ids(16));
    const { saved } = session();
    expect(await saved.restore([...ids(6), 7, 6, ...ids(12, 8)], 0, never)).toBe(4);
    expect(await saved.restore([99, ...ids(15, 1)], 0, never)).toBe(0);
  });

  it('of another version or other weights is neither used nor kept', async () => {
    await answerOver(ids(16));
    const other = session('two');
    expect(await other.saved.restore(ids(16), 0, never)).toBe(0);
    await tick();
    expect(await session().saved.restore(ids(16), 0, never)).toBe(0);
  });

  it('ends where a block is damaged, and is whole again after the next answer', async () => {
    await answerOver(ids(16));
    const database = createDatabase(`${models}-prefixes`);
    const keys = await database('readonly', (files) => {
      const request = files.getAllKeys();
      return new Promise<IDBValidKey[]>((resolve) => (request.onsuccess = () => resolve(request.result)));
    });
    const blocks = keys.filter((key) => Array.isArray(key) && key[1] === 'bytes');
    expect(blocks).toHaveLength(4);
    await commit(database, (files) => blocks.forEach((key) => files.put(new Blob(['x'.repeat(96)]), key)));
    expect(await session().saved.restore(ids(17), 0, never)).toBe(0);
    await answerOver(ids(16));
    expect(await session().saved.restore(ids(17), 0, never)).toBe(16);
  });

  it('grows by what is new, and is written once', async () => {
    await answerOver(ids(10));
    expect((await answerOver(ids(10))).saves).toEqual([]);
    expect((await answerOver(ids(17))).saves).toEqual(['0/8', '1/8', '2/8', '0/12', '1/12', '2/12']);
  });

  it.each([
    ['short', ids(7), 100],
    ['quickly computed', ids(16), 1],
  ])('is not made of a text that is %s', async (_what, text, msPerToken) => {
    const { model, saved } = session();
    model.run(text);
    saved.computed(text.length, text.length * msPerToken);
    saved.saveLater(text);
    await tick();
    expect(model.saves).toEqual([]);
  });

  it('stays where it is when reading takes longer than computing', async () => {
    await answerOver(ids(16));
    const now = performance.now.bind(performance);
    let lateMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now() + lateMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const slow: PrefixStore = {
      ...store,
      // A network disk: a second for a block, by the clock alone.
      read: (...block) => {
        lateMs += 1000;
        return store.read(...block);
      },
    };
    const saved = new SavedPrefixes({ store: slow, base, identity: 'one', model: new FakeModel(), settings });
    // Not known to be slow until it was tried.
    expect(await saved.restore(ids(9), 0, never)).toBe(8);
    expect(await saved.restore(ids(17), 0, never)).toBe(0);
  });

  it('lets a question pass at once', async () => {
    const { model, saved } = session();
    model.run(ids(16));
    saved.computed(16, 1600);
    let release = (): void => undefined;
    model.saveKv = (layer, from) => {
      model.saves.push(`${layer}/${from}`);
      return new Promise((resolve) => (release = () => resolve(new ArrayBuffer(32))));
    };
    saved.saveLater(ids(16));
    // Names of blocks are hashed elsewhere first, in no promised time.
    await expect.poll(() => model.saves).toEqual(['0/0']);
    const stopped = saved.stop();
    release();
    await stopped;
    await tick();
    expect(model.saves).toEqual(['0/0']);
    // And none is begun after the end.
    await saved.close();
    saved.saveLater(ids(16));
    await tick();
    expect(model.saves).toEqual(['0/0']);
  });

  it('harms nothing where nothing can be stored', async () => {
    const broken = (): Promise<never> => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const { model } = session();
    const full: PrefixStore = {
      budgetBytes: 1e6,
      find: broken,
      read: broken,
      write: broken,
      keepOnly: broken,
    };
    const saved = new SavedPrefixes({ store: full, base, identity: 'one', model, settings });
    saved.computed(16, 1600);
    saved.saveLater(ids(16));
    await tick();
    await saved.saved();
    expect(await saved.restore(ids(16), 0, never)).toBe(0);
  });

  it('belongs to weights, shape and format', () => {
    const shape = { layers: 1 } as Parameters<typeof kvIdentity>[1];
    const shard = { dataPath: 'a.bin', nbytes: 5, md5sum: 'aa', records: [] };
    const mine = kvIdentity([shard], shape, layout);
    expect(mine).toBe(kvIdentity([{ ...shard }], { ...shape }, { ...layout }));
    for (const other of [
      kvIdentity([{ ...shard, md5sum: 'ab' }], shape, layout),
      kvIdentity([shard], { ...shape, ropeTheta: 5 }, layout),
      kvIdentity([shard], shape, { ...layout, format: 'f32' }),
    ])
      expect(other).not.toBe(mine);
    expect(kvIdentity([{ ...shard, md5sum: undefined }], shape, layout)).toBeUndefined();
  });
});
