// attention_split and attention_out are two halves of one computation: tested together, against plain attention
// times the output matrix.
import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats, kvRowWords } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin } from '../../reference/attention';
import { encodeKv, roundKv } from '../../reference/kv_format';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { attentionSplit, splitKey } from '../attention_split/attention_split';
import { matvecKey } from '../common/matvec';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { appendedRows, kvTolerance } from '../testing/kv-rows';
import { enoughRows, matvecVariants, variantTolerance } from '../testing/matvec-variants';
import { numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { attentionOut } from './attention_out';

interface Case {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly position: number;
  readonly splits: number;
  readonly span: number;
  /** 64 without it. */
  readonly threads?: number;
  readonly flavour?: Flavour;
}

// Every format, and every cut, but not every pair of them.
const cases = (await matvecVariants()).flatMap((variant) =>
  kvFormats.filter((_, j) => variant.plant || j === 1).map((format) => ({ ...variant, format })),
);

describe.skipIf(await skipReason()).each(cases)('attention_out $name over $format', (variant) => {
  const { scale, format, tuning, plant } = variant;
  const tolerance = variantTolerance(variant, 'f32 softmax in shares, then dot products of up to 3072 terms');
  // An int8 row is rounded on the GPU: where a number lies half-way, a last bit decides for either code.
  const close =
    format === 'int8'
      ? { nmse: Math.max(1e-6, tolerance.nmse), why: 'a code may be its neighbour' }
      : tolerance;
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    { position, flavour = 'plain', ...shape }: Case,
    split = attentionSplit,
    out = attentionOut,
    N = enoughRows(variant, 37),
  ) => {
    const { heads, kvHeads, headDim, splits } = shape;
    const q = numbers(heads * headDim, 1, flavour);
    const k = numbers((position + 1) * kvHeads * headDim, 2, flavour);
    const v = numbers((position + 1) * kvHeads * headDim, 3);
    const state = new Uint32Array([position]);
    const cache = encodeKv(format, k, v, kvHeads, headDim);
    const rowWords = kvRowWords(format, kvHeads, headDim);
    const newest = (x: Float32Array): Float32Array => x.subarray(position * kvHeads * headDim);
    // Of an int8 cache, what the shares must fill in themselves.
    const stagedRow = new Float32Array([...newest(k), ...newest(v)]);
    const unfilled = cache.slice();
    unfilled.fill(0x7f7f7f7f, position * rowWords);
    // Unused shares keep what was there: numbers that would be noticed.
    const old = { init: new Float32Array(heads * splits * headDim).fill(1e6) };
    const oldStats = { init: new Float32Array(heads * splits * 2).fill(1e6) };
    const args = { threads: 64, ...shape, format };
    let [o, stats]: (Float32Array | undefined)[] = [];
    if (format === 'int8') {
      const tensors = [q, { init: unfilled }, state, old, oldStats, stagedRow];
      const [filled, ...shares] = await runKernel(gpu, split, args, tensors);
      [o, stats] = shares;
      const appended = appendedRows(filled, cache, { format, kvHeads, headDim, position, rows: 1 });
      const kept = roundKv(format, newest(k), newest(v), kvHeads, headDim);
      const size = k.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
      expectMatch('appended', appended, [...kept.k, ...kept.v], kvTolerance(format, tolerance, size));
    } else [o, stats] = await runKernel(gpu, split, args, [q, cache, state, old, oldStats]);
    const weights = q4Matrix(N, heads * headDim, scale, heads + headDim);
    const before = numbers(N, 5);
    const [y] = await runKernel(gpu, out, { ...shape, scale, N, tuning }, [
      new Float32Array(o ?? []),
      new Float32Array(stats ?? []),
      state,
      ...packed(weights),
      { init: before },
    ]);
    const kept = roundKv(format, k, v, kvHeads, headDim);
    const attended = attentionTwin(q, kept.k, kept.v, position, { rows: 1, heads, kvHeads, headDim });
    const product = matmulQ4Twin(attended, 1, weights);
    return { y, twin: Float64Array.from(before, (x, i) => x + (product[i] ?? NaN)) };
  };

  it.each([
    { heads: 4, kvHeads: 4, headDim: 8, position: 0, splits: 4, span: 8 },
    { heads: 4, kvHeads: 2, headDim: 40, position: 7, splits: 4, span: 8 },
    { heads: 4, kvHeads: 2, headDim: 40, position: 8, splits: 4, span: 8 },
    { heads: 4, kvHeads: 1, headDim: 40, position: 300, splits: 3, span: 8 },
    { heads: 2, kvHeads: 2, headDim: 96, position: 62, splits: 8, span: 128 },
    { heads: 2, kvHeads: 2, headDim: 96, position: 128, splits: 8, span: 128 },
    { heads: 2, kvHeads: 1, headDim: 256, position: 70, splits: 2, span: 65 },
    { heads: 32, kvHeads: 32, headDim: 96, position: 200, splits: 16, span: 64 },
  ])('$heads/$kvHeads heads of $headDim at $position, $splits splits of $span', async (shape) => {
    const { y, twin } = await run(shape);
    expectMatch(JSON.stringify(shape), y, twin, close);
  });
  const middle: Case = { heads: 4, kvHeads: 2, headDim: 24, position: 150, splits: 4, span: 32 };
  it.each(['outliers', 'negative'] as const)('%s', async (flavour) => {
    const { y, twin } = await run({ ...middle, flavour });
    expectMatch(flavour, y, twin, {
      nmse: Math.max(1e-7, tolerance.nmse),
      why: 'scores in the hundreds lose digits before exp',
    });
  });
  // Threads are none of the scales; a cache in f32 is read as one in f16 is.
  if (plant && format !== 'f32') {
    it.each([
      { ...middle, threads: 256 },
      { ...middle, splits: 1, threads: 16 },
      { heads: 2, kvHeads: 2, headDim: 96, position: 70, splits: 1, span: 128, threads: 32 },
      { heads: 2, kvHeads: 2, headDim: 96, position: 300, splits: 2, span: 128, threads: 128 },
      { heads: 2, kvHeads: 1, headDim: 256, position: 300, splits: 1, span: 128, threads: 256 },
    ])(
      '$heads/$kvHeads heads of $headDim at $position, $splits splits by $threads threads',
      async (shape) => {
        const { y, twin } = await run(shape);
        expectMatch(JSON.stringify(shape), y, twin, close);
      },
    );
  }
  // Mistakes that are none of the format are planted over one.
  if (plant && format === 'f16') {
    it.each(
      toPlant([
        ['sum *= shrink', 'sum *= 1.0'],
        ['fma(total, shrink, weight)', 'total + weight'],
        ['((length - first) * split) / used', '((length - first) * split) / used + 1u'],
        ['j += teams', 'j += teams + 1u'],
        ['p.heads / p.kv_heads', 'p.heads'],
      ] as const),
    )('the tolerance notices %s -> %s in the shares', async (right, wrong) => {
      // Shares of several tiles, or nothing has to shrink.
      const long = { ...middle, position: 300, splits: 2 };
      const { y, twin } = await run(long, withBug(attentionSplit, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    });
    it.each(
      toPlant([
        ['exp(share.x - top)', '1.0'],
        ['/= total', '/= 1.001 * total'],
        ['s < used', 's + 1u < used'],
      ] as const),
    )('the tolerance notices %s -> %s in the combination', async (right, wrong) => {
      const { y, twin } = await run(middle, attentionSplit, withBug(attentionOut, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    });
  }
  if (plant && format === 'int8') {
    it.each(
      toPlant([
        ['select(0.0, 1.0, lane == 0u)', '0.0'],
        ['sum = newest_quad(true, quad)', 'sum = vec4<f32>(0.0)'],
        ['(p.kv_heads + kv_head) * p.head_dim + d]', 'kv_head * p.head_dim + d]'],
        ['- u32(newest)', ''],
        ['* kv_scale(t, values)', '* kv_scale(t, keys)'],
        [') * kv_scale(t, keys)', ') * kv_scale(t, values)'],
      ] as const),
    )('the tolerance notices %s -> %s at the newest position', async (right, wrong) => {
      const broken = withBug(attentionSplit, right, wrong);
      const result = await run({ ...middle, position: 40, splits: 2 }, broken).catch(() => undefined);
      if (result) expectMismatch(wrong, result.y, result.twin, tolerance);
    });
  }
  it('packs what the shaders declare', () => {
    expect(attentionOut.fields).toEqual(paramsStruct(attentionOut.source(matvecKey(scale, tuning, 96)).code));
    const args = { splits: 1, span: 1, threads: 64, format, heads: 1, kvHeads: 1, headDim: 96 };
    expect(attentionSplit.fields).toEqual(paramsStruct(attentionSplit.source(splitKey(args)).code));
  });
});
