import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, commit } from './database';
import { createPrefixStore, removeSavedPrefixes, savedPrefixBytes, type BlockNote } from './prefix-store';
import { createShardStore } from '../shard-store';

const base = 'https://models.example/m/';
const other = 'https://models.example/n/';
const bytesOf = (fill: number, length = 1000): ArrayBuffer => new Uint8Array(length).fill(fill).buffer;
const note = (index: number, identity = 'mine'): BlockNote => ({ identity, index, computeMs: 50 });

describe('the store of computed prefixes', () => {
  let models = '';
  let count = 0;
  beforeEach(() => {
    models = `models-${count++}`;
  });

  it('gives back what was written, in the order asked for, up to what is missing', async () => {
    const store = createPrefixStore(models);
    for (const i of [0, 1, 3]) await store.write(base, `b${i}`, bytesOf(i), note(i));
    const found = await createPrefixStore(models).find(base, ['b0', 'b1', 'b2', 'b3']);
    expect(found).toMatchObject([
      { identity: 'mine', index: 0, nbytes: 1000, computeMs: 50 },
      { index: 1, nbytes: 1000 },
    ]);
    expect(await store.read(base, 'b1')).toEqual(bytesOf(1));
    expect(await store.find(other, ['b0'])).toEqual([]);
  });

  it('says what is held of each model, until it is removed', async () => {
    const store = createPrefixStore(models);
    await store.write(base, 'b0', bytesOf(0), note(0));
    await store.write(base, 'b1', bytesOf(1), note(1));
    await store.write(other, 'b0', bytesOf(0, 30), note(0));
    expect([...(await savedPrefixBytes(models))]).toEqual([
      [base, 2000],
      [other, 30],
    ]);
    await removeSavedPrefixes(models, base);
    expect([...(await savedPrefixBytes(models))]).toEqual([[other, 30]]);
  });

  it.each([
    ['other bytes', new Blob([bytesOf(8)])],
    ['fewer bytes', new Blob([bytesOf(1, 900)])],
    ['something else', 'text'],
  ])('drops a block that holds %s', async (_what, wrong) => {
    const store = createPrefixStore(models);
    await store.write(base, 'b', bytesOf(1), note(0));
    await commit(createDatabase(`${models}-prefixes`), (files) => files.put(wrong, [base, 'bytes', 'b']));
    expect(await store.read(base, 'b')).toBeUndefined();
    expect(await store.find(base, ['b'])).toEqual([]);
  });

  it('keeps within its budget: what was used longest ago goes, of one text its end first', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(1000);
    const store = createPrefixStore(models, 3500);
    await store.write(base, 'old', bytesOf(0), note(0));
    await store.write(base, 'a0', bytesOf(1), note(0));
    await store.write(base, 'a1', bytesOf(2), note(1));
    now.mockReturnValue(2000);
    expect(await store.find(base, ['a0', 'a1'])).toHaveLength(2);
    await store.write(other, 'b0', bytesOf(3), note(0));
    expect(await store.find(base, ['old'])).toEqual([]);
    await store.write(other, 'b1', bytesOf(4), note(1));
    now.mockRestore();
    // All were used at the same moment: the first of each text is worth more than what follows it.
    expect(await store.find(base, ['a0', 'a1'])).toHaveLength(1);
    expect(await store.find(other, ['b0', 'b1'])).toHaveLength(2);
    await store.write(base, 'huge', bytesOf(5, 4000), note(0));
    expect(await store.find(base, ['huge'])).toEqual([]);
    expect(await store.find(other, ['b0', 'b1'])).toHaveLength(2);
  });

  it('drops what another version computed, of that model only', async () => {
    const store = createPrefixStore(models);
    await store.write(base, 'old', bytesOf(0), note(0, 'theirs'));
    await store.write(base, 'new', bytesOf(1), note(0));
    await store.write(other, 'old', bytesOf(2), note(0, 'theirs'));
    await store.keepOnly(base, 'mine');
    expect(await store.find(base, ['old'])).toEqual([]);
    expect(await store.find(base, ['new'])).toHaveLength(1);
    expect(await store.find(other, ['old'])).toHaveLength(1);
  });

  it('goes with its model', async () => {
    const store = createPrefixStore(models);
    for (const model of [base, other]) await store.write(model, 'b', bytesOf(1), note(0));
    await createShardStore({ databaseName: models }).remove(base);
    expect(await store.find(base, ['b'])).toEqual([]);
    expect(await store.read(base, 'b')).toBeUndefined();
    await removeSavedPrefixes(models, other);
    expect(await store.find(other, ['b'])).toEqual([]);
  });
});
