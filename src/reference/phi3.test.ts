// The twin has no reference above it but the definition, so it is checked against what must hold whatever the
// weights: independence of how a text is cut into calls, causality, and small shapes worked out by hand.
// golden.test.ts checks it against another implementation's ids.
import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng';
import type { ModelShape } from '../formats/model-config';
import { tensorSpecs } from '../formats/decoder-tensors';
import { quantizeMatrix } from '../formats/mlc/quant';
import { numberToBf16, numberToF16 } from '../base/float16';
import { Phi3Twin, type TwinTensor } from './phi3';

const small: ModelShape = {
  layers: 2,
  hidden: 64,
  intermediate: 96,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  rotaryDim: 16,
  vocab: 50,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};

/** Seeded tensors; `matrix` may replace the numbers of one before it is quantised. */
function tensorsOf(
  shape: ModelShape,
  matrix: (name: string, row: number, col: number) => number | undefined = () => undefined,
): Map<string, TwinTensor> {
  const random = prng(1);
  const half = shape.quantization === 'q4f16_1' ? numberToF16 : numberToBf16;
  const tensors = new Map<string, TwinTensor>();
  const add = (name: string, sizes: readonly number[], bytes: Uint8Array): void => {
    const dtype = name.endsWith('.q_weight') ? 'uint32' : half === numberToF16 ? 'float16' : 'float32';
    const record = {
      name,
      shape: sizes,
      dtype,
      format: 'f32-to-bf16',
      nbytes: bytes.length,
      byteOffset: 0,
    } as const;
    tensors.set(name, { record, bytes });
  };
  for (const { name, shape: sizes } of tensorSpecs(shape)) {
    const [rows = 0, words = 0] = sizes;
    if (name.endsWith('.weight')) {
      const norm = new DataView(new ArrayBuffer(2 * rows));
      for (let i = 0; i < rows; i++) norm.setUint16(2 * i, half(matrix(name, i, 0) ?? 0.5 + random()), true);
      add(name, sizes, new Uint8Array(norm.buffer));
    } else if (name.endsWith('.q_weight')) {
      const cols = words * 8;
      const base = name.slice(0, -'.q_weight'.length);
      const values = Float32Array.from(
        { length: rows * cols },
        (_, i) => matrix(base, Math.floor(i / cols), i % cols) ?? ((random() - 0.5) * 4) / Math.sqrt(cols),
      );
      const { weight, scale } = quantizeMatrix(
        values,
        rows,
        cols,
        half === numberToF16 ? 'float16' : 'bfloat16',
      );
      add(name, sizes, weight);
      add(`${base}.q_scale`, [rows, cols / 32], scale);
    }
  }
  return tensors;
}

const lastRow = (logits: Float64Array, vocab: number): number[] => [...logits.slice(-vocab)];
const expectSame = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  expect(a.length).toBe(b.length);
  const worst = Array.from(a).reduce((max, x, i) => Math.max(max, Math.abs(x - (b[i] ?? NaN))), 0);
  expect(worst).toBeLessThan(1e-12);
};

describe('Phi3Twin', () => {
  const ids = [3, 17, 42, 8, 8, 31, 0, 49];

  it('gives the same logits however the text is cut into calls, and after going back', () => {
    const twin = new Phi3Twin(small, tensorsOf(small));
    const whole = twin.logits(ids, 0);
    twin.reset();
    const parts = [
      ...twin.logits(ids.slice(0, 3), 0),
      ...twin.logits(ids.slice(3, 4), 3),
      ...twin.logits(ids.slice(4), 4),
    ];
    expectSame(parts, whole);
    twin.logits([1, 2, 3, 4], 2);
    expectSame(twin.logits(ids.slice(2), 2), whole.slice(2 * small.vocab));
  });

  it('sees earlier tokens and not later ones', () => {
    const twin = new Phi3Twin(small, tensorsOf(small));
    const before = twin.logits(ids, 0);
    const changed = twin.logits([...ids.slice(0, 5), 7, ...ids.slice(6)], 0);
    expectSame(changed.slice(0, 5 * small.vocab), before.slice(0, 5 * small.vocab));
    expect(lastRow(changed, small.vocab)).not.toEqual(lastRow(before, small.vocab));
  });

  it('with silent layers is the embedding, normed, times the head', () => {
    const shape = { ...small, layers: 1, hidden: 32, vocab: 3, heads: 2, kvHeads: 2 };
    const onehot = (name: string, row: number, col: number): number | undefined => {
      if (name === 'transformer.embd') return col === row ? 7 : 0;
      if (name === 'lm_head') return col === row ? 14 : 0;
      if (name.endsWith('out_proj') || name.endsWith('down_proj')) return 0;
      return name === 'transformer.norm.weight' ? 2 : undefined;
    };
    const twin = new Phi3Twin(shape, tensorsOf(shape, onehot));
    const normed = (7 / Math.sqrt(49 / 32 + 1e-5)) * 2;
    expectSame(twin.logits([1], 0), [0, 14 * normed, 0]);
  });

  it('computes one token of one layer as worked out step by step', () => {
    // One head of 32, hidden 32: q, k, v are the first, second and third row blocks; position 0 attends to itself,
    // so attention gives v back. Only dimension 0 carries anything.
    const shape = {
      ...small,
      layers: 1,
      hidden: 32,
      intermediate: 32,
      heads: 1,
      kvHeads: 1,
      headDim: 32,
      rotaryDim: 32,
      vocab: 2,
    };
    const one = (name: string, row: number, col: number): number => {
      if (name.endsWith('.weight')) return 1;
      const entries: Record<string, (row: number) => number> = {
        'transformer.embd': () => 3.5,
        'transformer.h.0.mixer.qkv_proj': (r) => (r === 64 ? 7 : r === 0 || r === 32 ? 1.75 : 0),
        'transformer.h.0.mixer.out_proj': (r) => (r === 0 ? 0.875 : 0),
        // Row 0 of the gate, row 0 of the up part.
        'transformer.h.0.mlp.gate_up_proj': (r) => (r === 0 ? 1.75 : r === 32 ? -3.5 : 0),
        'transformer.h.0.mlp.down_proj': (r) => (r === 0 ? 7 : 0),
        lm_head: (r) => (r === 1 ? 7 : 0),
      };
      return col === 0 ? (entries[name]?.(row) ?? 0) : 0;
    };
    const norm = (x: number): number => x / Math.sqrt((x * x) / 32 + 1e-5);
    const afterAttention = 3.5 + 0.875 * 7 * norm(3.5);
    const gate = 1.75 * norm(afterAttention);
    const up = -3.5 * norm(afterAttention);
    const afterMlp = afterAttention + (7 * up * gate) / (1 + Math.exp(-gate));
    expectSame(new Phi3Twin(shape, tensorsOf(shape, one)).logits([0], 0), [0, 7 * norm(afterMlp)]);
  });

  it('shares the embedding with the head when tied, and needs no lm_head then', () => {
    const shape = { ...small, tied: true };
    const tensors = tensorsOf(shape);
    expect(tensors.has('lm_head.q_weight')).toBe(false);
    const tied = new Phi3Twin(shape, tensors).logits(ids, 0);
    for (const part of ['q_weight', 'q_scale']) {
      const embedding = tensors.get(`transformer.embd.${part}`);
      if (embedding) tensors.set(`lm_head.${part}`, embedding);
    }
    expectSame(new Phi3Twin(small, tensors).logits(ids, 0), tied);
  });

  it('reads q4f32_1: bfloat16 scales and norms', () => {
    const shape: ModelShape = { ...small, quantization: 'q4f32_1' };
    const f32 = new Phi3Twin(shape, tensorsOf(shape)).logits(ids, 0);
    const f16 = new Phi3Twin(small, tensorsOf(small)).logits(ids, 0);
    const worst = f32.reduce((max, x, i) => Math.max(max, Math.abs(x - (f16[i] ?? NaN))), 0);
    // The same weights up to bfloat16's 8 bits: close, and not equal.
    expect(worst).toBeGreaterThan(1e-4);
    expect(worst).toBeLessThan(0.5);
  });

  it('names a tensor it lacks', () => {
    const tensors = tensorsOf(small);
    tensors.delete('transformer.h.1.ln.weight');
    expect(() => new Phi3Twin(small, tensors)).toThrow(
      expect.objectContaining({
        code: 'model/missing-tensor',
        details: { tensor: 'transformer.h.1.ln.weight' },
      }),
    );
  });
});

describe('rope', () => {
  const rope = (shape: Partial<ModelShape>, parity?: 'hf' | 'webllm'): Phi3Twin => {
    const full = { ...small, ...shape };
    return new Phi3Twin(full, tensorsOf(full), parity);
  };
  const factor = (value: number): number[] => new Array<number>(8).fill(value);
  const ids = [1, 2, 3, 4, 5, 6];

  it('leaves dimensions past the rotary ones alone: with two rotary dimensions little changes by order', () => {
    const all = lastRow(rope({}).logits(ids, 0), small.vocab);
    const few = lastRow(rope({ rotaryDim: 2 }).logits(ids, 0), small.vocab);
    expect(few).not.toEqual(all);
    // Order matters only through rope: tokens 0..n-2 of layer 0 swapped change the last row only when rotating.
    const one = { layers: 1 };
    const swapped = [2, 1, 3, 4, 5, 6];
    expect(lastRow(rope(one).logits(swapped, 0), small.vocab)).not.toEqual(
      lastRow(rope(one).logits(ids, 0), small.vocab),
    );
    const still = {
      ...one,
      ropeTheta: 1,
      longRope: {
        shortFactor: factor(1e300),
        longFactor: factor(1),
        originalMaxPosition: 100,
        attentionFactor: 1,
      },
    };
    expectSame(
      lastRow(rope(still).logits(swapped, 0), small.vocab),
      lastRow(rope(still).logits(ids, 0), small.vocab),
    );
  });

  it('with factors of 1 and no scaling is plain rope', () => {
    const longRope = {
      shortFactor: factor(1),
      longFactor: factor(9),
      originalMaxPosition: 100,
      attentionFactor: 1,
    };
    expectSame(rope({ longRope }).logits(ids, 0), rope({}).logits(ids, 0));
  });

  it('divides each frequency by its factor: the right factors turn one theta into another', () => {
    const ratio = Array.from({ length: 8 }, (_, d) => (500 / 10000) ** ((2 * d) / 16));
    const longRope = { shortFactor: ratio, longFactor: ratio, originalMaxPosition: 100, attentionFactor: 1 };
    expectSame(rope({ longRope }).logits(ids, 0), rope({ ropeTheta: 500 }).logits(ids, 0));
  });

  it('scales queries and keys by the attention factor', () => {
    const at = (attentionFactor: number): number[] =>
      lastRow(
        rope({
          longRope: {
            shortFactor: factor(1),
            longFactor: factor(1),
            originalMaxPosition: 100,
            attentionFactor,
          },
        }).logits(ids, 0),
        small.vocab,
      );
    expect(at(1.19)).not.toEqual(at(1));
  });

  it('has long factors throughout in a text past the original length (hf), or in a call that long (webllm)', () => {
    const longRope = {
      shortFactor: factor(1),
      longFactor: factor(5),
      originalMaxPosition: 4,
      attentionFactor: 1,
    };
    const { vocab } = small;
    const short = rope({ longRope: { ...longRope, longFactor: factor(1) } }).logits(ids, 0);
    const long = rope({ longRope: { ...longRope, shortFactor: factor(5) } }).logits(ids, 0);
    expect(lastRow(long, vocab)).not.toEqual(lastRow(short, vocab));
    expectSame(rope({ longRope }).logits(ids, 0), long);
    // At the fifth token what stands before it is computed again; back at three it is short as before.
    const stepwise = rope({ longRope });
    const steps = ids.map((id, i) => [...stepwise.logits([id], i)]);
    expectSame(steps.slice(0, 4).flat(), short.slice(0, 4 * vocab));
    expectSame(steps.slice(4).flat(), long.slice(4 * vocab));
    expectSame(stepwise.logits(ids.slice(2, 4), 2), short.slice(2 * vocab, 4 * vocab));
    // Six tokens at once are more than four; in calls of three: short throughout.
    expectSame(rope({ longRope }, 'webllm').logits(ids, 0), long);
    const inChunks = rope({ longRope }, 'webllm');
    expectSame([...inChunks.logits(ids.slice(0, 3), 0), ...inChunks.logits(ids.slice(3), 3)], short);
  });
});

describe('a sliding window', () => {
  const ids = [3, 17, 42, 8, 8, 31, 0, 49];
  const { vocab } = small;
  const of = (slidingWindow: number | undefined, layers = 1, parity?: 'hf' | 'webllm'): Phi3Twin => {
    const shape = { ...small, layers, slidingWindow };
    return new Phi3Twin(shape, tensorsOf(shape), parity);
  };

  it('of three, in one layer, sees three tokens and forgets the fourth', () => {
    const row = (change: number): number[] =>
      lastRow(of(3).logits([...ids.slice(0, change), 7, ...ids.slice(change + 1)], 0), vocab);
    const before = lastRow(of(3).logits(ids, 0), vocab);
    expect(row(4)).toEqual(before);
    expect(row(5)).not.toEqual(before);
    expect(
      of(3)
        .logits(ids, 0)
        .slice(0, 3 * vocab),
    ).toEqual(
      of(undefined)
        .logits(ids, 0)
        .slice(0, 3 * vocab),
    );
  });

  it('reaches further by one window less one with each layer', () => {
    const row = (id: number, at: number): number[] =>
      lastRow(of(3, 2).logits([...ids.slice(0, at), id, ...ids.slice(at + 1)], 0), vocab);
    expect(row(7, 2)).toEqual(row(9, 2));
    expect(row(7, 3)).not.toEqual(row(9, 3));
  });

  it('as long as the text is none, and WebLLM knows of none', () => {
    expect(of(8).logits(ids, 0)).toEqual(of(undefined).logits(ids, 0));
    expect(of(3, 1, 'webllm').logits(ids, 0)).toEqual(of(undefined).logits(ids, 0));
  });
});
