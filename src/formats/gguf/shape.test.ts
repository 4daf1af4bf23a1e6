// The shape of a GGUF's model, number by number: what a file leaves out, and which numbers are no model's.
import { describe, expect, it } from 'vitest';
import type { ModelShape } from '../model-config';
import type { GgufValue } from './header';
import type { GgufModel } from './model-file';
import { ggufShape } from './shape';

const plain = {
  'general.architecture': 'llama',
  'llama.block_count': 2,
  'llama.context_length': 4096,
  'llama.embedding_length': 64,
  'llama.feed_forward_length': 96,
  'llama.attention.head_count': 4,
  'llama.attention.layer_norm_rms_epsilon': 1e-5,
};

function shapeOf(
  change: Readonly<Record<string, GgufValue>> = {},
  factors: Readonly<Record<string, readonly number[]>> = {},
  more: readonly string[] = [],
): ModelShape {
  const metadata = new Map<string, GgufValue>(Object.entries({ ...plain, ...change }));
  const tensor = (name: string) =>
    [name, { name, type: 'f32', shape: [260, 64], nbytes: 4 * 260 * 64, byteOffset: 0 }] as const;
  const model: GgufModel = {
    files: [],
    metadata,
    types: {},
    tensors: new Map(['token_embd.weight', ...more].map(tensor)),
    factors: new Map(Object.entries(factors)),
  };
  return ggufShape(model);
}
const bad = (change: Readonly<Record<string, GgufValue>>) => (): unknown => shapeOf(change);

it('takes what a file leaves out from what it says', () => {
  expect(shapeOf()).toMatchObject({
    kvHeads: 4,
    headDim: 16,
    rotaryDim: 16,
    vocab: 260,
    ropeTheta: 10000,
    longRope: undefined,
    slidingWindow: undefined,
    tied: true,
  });
  expect(shapeOf()).not.toHaveProperty('ropeFactors');
  expect(shapeOf({}, {}, ['output.weight']).tied).toBe(false);
  const said = {
    'llama.attention.head_count_kv': 2,
    'llama.attention.key_length': 32,
    'llama.rope.dimension_count': 8,
    'llama.rope.freq_base': 500_000,
  };
  expect(shapeOf(said)).toMatchObject({ kvHeads: 2, headDim: 32, rotaryDim: 8, ropeTheta: 500_000 });
});

describe('a number that no model has is refused, its neighbour is not', () => {
  it.each([
    ['llama.block_count', [1, 256], [0, 257]],
    ['llama.embedding_length', [32, 32768], [28, 32772]],
    ['llama.feed_forward_length', [32, 131072], [31, 131073]],
    ['llama.attention.head_count', [1, 64], [0, 513]],
    ['llama.attention.head_count_kv', [1, 4], [0, 5]],
    ['llama.attention.key_length', [8, 512], [7, 513]],
    ['llama.rope.dimension_count', [2, 16], [1, 17]],
    ['llama.rope.freq_base', [1, 1e9], [0.5, 1.1e9]],
    ['llama.attention.layer_norm_rms_epsilon', [1e-12, 1], [1e-13, 1.5]],
    ['llama.expert_count', [0], [65_537, -1]],
  ] as const)('%s', (key, good, wrong) => {
    for (const value of good) expect(() => shapeOf({ [key]: value }), `${value}`).not.toThrow();
    for (const value of wrong) {
      expect(bad({ [key]: value }), `${value}`).toThrow(
        expect.objectContaining({ code: 'model/bad-gguf' }) as Error,
      );
      expect(bad({ [key]: value })).toThrow(key);
    }
  });

  it('heads that cannot be shared or cut', () => {
    expect(bad({ 'llama.attention.head_count_kv': 3 })).toThrow(/4 heads that cannot share 3/);
    expect(bad({ 'llama.attention.head_count': 3 })).toThrow(/3 heads in 64 numbers/);
    expect(bad({ 'llama.expert_count': 1 })).toThrow(/experts/);
  });
});

describe('factors of the rotary embedding', () => {
  const pairs = (count: number, value = 1): number[] => new Array<number>(count).fill(value);

  it('are as many as there are pairs', () => {
    expect(shapeOf({}, { 'rope_freqs.weight': pairs(8, 2) }).ropeFactors).toEqual(pairs(8, 2));
    for (const count of [7, 9])
      expect(() => shapeOf({}, { 'rope_freqs.weight': pairs(count) })).toThrow(
        new RegExp(`${count} rope factors for 8 pairs`),
      );
  });

  const both = (short = 8, long = 8) => ({
    'rope_factors_short.weight': pairs(short),
    'rope_factors_long.weight': pairs(long, 4),
  });
  const original = { 'llama.rope.scaling.original_context_length': 1024 };

  it('make long rope where a file has both, with the factor of attention as transformers computes it', () => {
    const { longRope } = shapeOf(original, both());
    expect(longRope).toMatchObject({
      shortFactor: pairs(8),
      longFactor: pairs(8, 4),
      originalMaxPosition: 1024,
    });
    // Four times as far: sqrt(1 + ln 4 / ln 1024), which is sqrt(1.2).
    expect(longRope?.attentionFactor).toBeCloseTo(Math.sqrt(1.2), 12);
    expect(shapeOf({ ...original, 'llama.context_length': 1024 }, both()).longRope?.attentionFactor).toBe(1);
    expect(shapeOf({ ...original, 'llama.context_length': 512 }, both()).longRope?.attentionFactor).toBe(1);
    const said = { ...original, 'llama.rope.scaling.attn_factor': 1.25 };
    expect(shapeOf(said, both()).longRope?.attentionFactor).toBe(1.25);
  });

  it('are refused where one list has another length, or where nothing says how far the short ones go', () => {
    expect(() => shapeOf(original, both(7, 8))).toThrow(/7 rope factors/);
    expect(() => shapeOf(original, both(8, 9))).toThrow(/9 rope factors/);
    expect(() => shapeOf({}, both())).toThrow(/original_context_length/);
    expect(() => shapeOf({ 'llama.rope.scaling.original_context_length': 15 }, both())).toThrow(/original/);
    expect(() => shapeOf({ 'llama.rope.scaling.original_context_length': 16 }, both())).not.toThrow();
  });

  it('of one kind alone are none; another way of scaling is refused, and no way by that name is not', () => {
    const { 'rope_factors_short.weight': alone } = both();
    expect(shapeOf(original, { 'rope_factors_short.weight': alone }).longRope).toBeUndefined();
    expect(shapeOf({ 'llama.rope.scaling.type': 'none' }).longRope).toBeUndefined();
    expect(bad({ 'llama.rope.scaling.type': 'linear' })).toThrow(/"linear"/);
  });
});
