// What a stored folder says of itself: the shipped one, and such as say nothing.
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { set } from 'idb-keyval';
import { expect, it } from 'vitest';
import { createDatabase } from '../disk/database';
import { textKey } from '../disk/keys';
import { configFacts, storedFacts } from './facts';

const database = createDatabase('facts-test');
const base = 'https://example.org/tiny/';
const config = readFileSync('public/models/phield-tiny/mlc-chat-config.json', 'utf8');
const list = JSON.parse(readFileSync('public/models/phield-tiny/tensor-cache.json', 'utf8')) as {
  records: { nbytes: number }[];
};

it('of a folder are read from its configuration, and agree with the list of its tensors', async () => {
  expect(await storedFacts(database, base)).toBeUndefined();
  await set(textKey(base, 'mlc-chat-config.json'), { text: config }, database);
  const facts = await storedFacts(database, base);
  expect(facts).toMatchObject({
    name: undefined,
    licence: undefined,
    architecture: 'phi3',
    parameters: 7_522_848,
    mix: [{ type: 'q4f16_1', share: 1 }],
    contextWindow: 1024,
    // 4 layers of 3 heads of 96, keys and values, 2 bytes each.
    positionBytes: 4 * 3 * 96 * 2 * 2,
    template: '<|user|>\n…<|end|>\n<|assistant|>\n…<|end|>\n',
  });
  expect(facts?.weightBytes).toBe(list.records.reduce((sum, { nbytes }) => sum + nbytes, 0));
});

it('are none of what our own engine does not know', () => {
  expect(configFacts(config.replaceAll('phi3', 'rwkv'))).toBeUndefined();
  expect(configFacts('not JSON')).toBeUndefined();
});
