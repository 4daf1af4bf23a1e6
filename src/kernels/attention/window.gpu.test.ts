// Every kernel of attention, and the two that append, where only a window of positions is seen and the cache may be a
// ring of rows. What has fallen out of the window is poison.
import { beforeAll, describe, expect, it } from 'vitest';
import { kvRowWords, type KvFormat } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin, type AttentionShape } from '../../reference/attention';
import { decodeKv, roundKv } from '../../reference/kv_format';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { ropeAppendTwin } from '../../reference/rope_append';
import { attentionOut } from '../attention_out/attention_out';
import { attentionCombine, attentionShares } from '../attention_shares/attention_shares';
import { attentionSplit, type SplitTuning } from '../attention_split/attention_split';
import { softwareTuning } from '../common/matvec';
import { qkvRope } from '../qkv_rope/qkv_rope';
import { ropeAppend } from '../rope_append/rope_append';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { kvTolerance } from '../testing/kv-rows';
import { numbers, packed, q4Matrix } from '../testing/numbers';
import { runKernel, toPlant, withBug, type Tensor } from '../testing/run-kernel';
import { firstSeen, windowedKv } from '../testing/windowed-kv';
import { attention, attentionNmse, type FlashTuning } from './attention';

const tolerance = { nmse: attentionNmse, why: 'f32 dot products and softmax of up to 100 positions' };
const size = (await skipReason()) ? 0 : (await sharedNodeGpu()).info.subgroupMin;
const lanes = { lanes: 4, subgroup: size >= 4 ? size : 0 };
const ring = 48;
/** Rows of prefill fit into the ring beside the window; some cases have not filled it, some go round twice. */
const cases = [
  { rows: 6, position: 0, window: 8 },
  { rows: 6, position: 4, window: 8 },
  { rows: 19, position: 45, window: 8 },
  { rows: 13, position: 90, window: 30 },
  { rows: 1, position: 60, window: 1 },
  { rows: 9, position: 40, window: 200 },
];
const heads = { heads: 4, kvHeads: 2, headDim: 24 };
const rings = [undefined, ring];

describe.skipIf(await skipReason())('in a sliding window', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  interface Case {
    readonly rows: number;
    readonly position: number;
    readonly window: number;
    readonly ring: number | undefined;
    readonly format?: KvFormat;
  }
  const inputs = ({ rows, position, window, ring: rowCount, format = 'f16' }: Case) => {
    const { kvHeads, headDim } = heads;
    const shape: AttentionShape = { ...heads, rows, window };
    const q = numbers(rows * heads.heads * headDim, 1);
    const k = numbers((position + rows) * kvHeads * headDim, 2);
    const v = numbers((position + rows) * kvHeads * headDim, 3);
    const first = firstSeen(position, window);
    const kv = windowedKv(k, v, { format, kvHeads, headDim, first, ring: rowCount });
    const kept = roundKv(format, k, v, kvHeads, headDim);
    const twin = attentionTwin(q, kept.k, kept.v, position, shape);
    return { shape, q, k, v, kv, state: new Uint32Array([position]), twin };
  };
  const fits = ({ position, rows, window }: (typeof cases)[number], rowCount: number | undefined): boolean =>
    rowCount === undefined || position + rows - firstSeen(position, window) <= rowCount;

  describe.each(rings)('and a ring of %s rows', (rowCount) => {
    const fitting = cases.filter((one) => fits(one, rowCount));
    const ways: readonly (FlashTuning | { readonly variant: 'naive' })[] = [
      { variant: 'naive' },
      { variant: 'flash' },
      { variant: 'direct' },
      { variant: 'team', threads: 64, team: lanes },
    ];

    describe.each(ways)('attention $variant', (way) => {
      it.each(fitting)('$rows rows at $position, a window of $window', async (one) => {
        const { shape, q, kv, state, twin } = inputs({ ...one, ring: rowCount });
        const args = { ...shape, ...way, ring: rowCount, format: 'f16' } as const;
        const [y] = await runKernel(gpu, attention, args, [q, kv, state, { size: twin.length }]);
        expectMatch(JSON.stringify(args), y, twin, tolerance);
      });
    });

    it.each(fitting.filter(({ rows }) => rows <= 8))(
      'attention in shares: $rows rows at $position, a window of $window',
      async (one) => {
        const { shape, q, kv, state, twin } = inputs({ ...one, ring: rowCount });
        const args = { ...shape, ring: rowCount, format: 'f16', splits: 4, span: 3 } as const;
        const sizes = [{ size: 4 * twin.length }, { size: one.rows * heads.heads * 4 * 2 }];
        const [o, stats] = await runKernel(gpu, attentionShares, args, [q, kv, state, ...sizes]);
        if (!o || !stats) throw new Error('Two tensors were expected');
        const shares: Tensor[] = [new Float32Array(o), new Float32Array(stats)];
        const [y] = await runKernel(gpu, attentionCombine, args, [...shares, state, { size: twin.length }]);
        expectMatch(JSON.stringify(args), y, twin, tolerance);
      },
    );

    const splits: readonly SplitTuning[] = [
      { splits: 4, span: 3, threads: 64 },
      { splits: 4, span: 3, threads: 64, team: lanes },
    ];
    const steps = [0, 5, 7, 60, 95, 96].map((position) => ({ position, window: position % 2 ? 30 : 8 }));
    describe.each(splits)('attention of a step, $threads threads, $team', (tuning) => {
      it.each(steps)('at $position, a window of $window', async ({ position, window }) => {
        const { shape, q, kv, state, twin } = inputs({ rows: 1, position, window, ring: rowCount });
        const args = { ...shape, ...tuning, ring: rowCount, format: 'f16' } as const;
        const y = await runStep(args, [q, kv, state]);
        expectMatch(JSON.stringify(args), y, matrixTimes(twin), tolerance);
      });
    });

    it('a step that makes codes of what was staged', async () => {
      const one = { rows: 1, position: 100, window: 30, ring: rowCount, format: 'int8' } as const;
      const { shape, q, k, v, kv, state } = inputs(one);
      const { kvHeads, headDim } = heads;
      const rowWords = kvRowWords('int8', kvHeads, headDim);
      const at = (rowCount ? 100 % rowCount : 100) * rowWords;
      const unfilled = kv.slice().fill(0x7f7f7f7f, at, at + rowWords);
      const newest = new Float32Array([...k.subarray(-kvHeads * headDim), ...v.subarray(-kvHeads * headDim)]);
      const args = { ...shape, splits: 4, span: 8, threads: 64, ring: rowCount, format: 'int8' } as const;
      const y = await runStep(args, [q, { init: unfilled }, state], newest);
      // Of the codes that were meant: a neighbour is within this.
      const kept = roundKv('int8', k, v, kvHeads, headDim);
      const twin = attentionTwin(q, kept.k, kept.v, 100, shape);
      expectMatch('int8', y, matrixTimes(twin), { nmse: 1e-5, why: 'a code may be its neighbour' });
    });

    const N = 21;
    const matrix = q4Matrix(N, heads.heads * heads.headDim, 'f16', 9);
    const matrixTimes = (x: Float64Array): Float64Array => matmulQ4Twin(x, 1, matrix);
    async function runStep(
      args: Parameters<typeof attentionSplit.check>[0],
      tensors: readonly Tensor[],
      staged?: Float32Array<ArrayBuffer>,
    ): Promise<Float32Array | undefined> {
      const { heads: h, headDim, splits: count } = args;
      const noticed = (n: number): Tensor => ({ init: new Float32Array(n).fill(1e6) });
      const out = [noticed(h * count * headDim), noticed(h * count * 2)];
      const given = [...tensors, ...out, ...(staged ? [staged] : [])];
      const [o, stats] = (await runKernel(gpu, attentionSplit, args, given)).slice(staged ? 1 : 0);
      if (!o || !stats) throw new Error('Two tensors were expected');
      const [, , state] = tensors;
      if (!state) throw new Error('No state');
      const y = { init: new Float32Array(N) };
      const shares = [new Float32Array(o), new Float32Array(stats), state, ...packed(matrix), y];
      const [product] = await runKernel(
        gpu,
        attentionOut,
        { ...args, scale: 'f16', N, tuning: softwareTuning },
        shares,
      );
      return product;
    }
  });

  describe.each(['f32', 'f16', 'int8'] as const)('a ring of %s takes what is appended', (format) => {
    const shape = { rows: 5, heads: 2, kvHeads: 2, headDim: 24, rotaryDim: 24 };
    const rowWords = kvRowWords(format, shape.kvHeads, shape.headDim);
    const table = numbers(110 * shape.rotaryDim, 5);
    const rowsAt = (cache: Float32Array | undefined, position: number, count: number) => {
      if (!cache) throw new Error('The kernel wrote no cache');
      const words = new Uint32Array(cache.buffer, 0, ring * rowWords);
      const found = new Uint32Array(count * rowWords);
      for (let i = 0; i < count; i++) {
        const row = ((position + i) % ring) * rowWords;
        found.set(words.subarray(row, row + rowWords), i * rowWords);
        words.fill(7, row, row + rowWords);
      }
      expect(words.every((word) => word === 7)).toBe(true);
      const { k, v } = decodeKv(format, found, shape.kvHeads, shape.headDim);
      return [...k, ...v];
    };
    const exact = { atol: 2e-6, rtol: 1e-6, why: 'two products of numbers below 1, then their difference' };
    const before = { init: new Uint32Array(ring * rowWords).fill(7) };

    it('by rope_append, across its end', async () => {
      const position = 93;
      const qkv = numbers(shape.rows * (shape.heads + 2 * shape.kvHeads) * shape.headDim, 4);
      const [, cache] = await runKernel(gpu, ropeAppend, { ...shape, format, ring }, [
        qkv,
        table,
        new Uint32Array([position]),
        { size: shape.rows * shape.heads * shape.headDim },
        before,
      ]);
      const { k, v } = ropeAppendTwin(qkv, table, position, shape);
      const kept = roundKv(format, k, v, shape.kvHeads, shape.headDim);
      expectMatch(
        'appended',
        rowsAt(cache, position, shape.rows),
        [...kept.k, ...kept.v],
        kvTolerance(format, exact),
      );
    });

    it.skipIf(format === 'int8')('by qkv_rope', async () => {
      const [position, K] = [100, 32];
      const matrix = q4Matrix((shape.heads + 2 * shape.kvHeads) * shape.headDim, K, 'f16', 3);
      const args = { ...shape, K, format, ring, scale: 'f16', eps: 0, tuning: softwareTuning } as const;
      const x = new Float32Array(K).fill(1);
      const [, cache] = await runKernel(gpu, qkvRope, args, [
        x,
        x,
        ...packed(matrix),
        table,
        new Uint32Array([position]),
        { size: shape.heads * shape.headDim },
        before,
      ]);
      const { k, v } = ropeAppendTwin(matmulQ4Twin(x, 1, matrix), table, position, { ...shape, rows: 1 });
      const kept = roundKv(format, k, v, shape.kvHeads, shape.headDim);
      const close = { nmse: 1e-6, why: 'f32 dot products, then a rotation' };
      expectMatch('appended', rowsAt(cache, position, 1), [...kept.k, ...kept.v], close);
    });
  });

  it.each(
    toPlant([
      ['naive', 'position + 1u - min', 'position + 2u - min'],
      ['naive', 't % max(RING, 1u)', 't % (RING - 1u)'],
      ['flash', '(position >= vec4<u32>(first)) &', ''],
      ['team', '(four >= vec4<u32>(firsts.x)) &', ''],
    ] as const),
  )('the tolerance notices, %s: %s -> %s', async (variant, right, wrong) => {
    const { shape, q, kv, state, twin } = inputs({ rows: 9, position: 70, window: 8, ring });
    const way: FlashTuning | { variant: 'naive' } =
      variant === 'team' ? { variant, threads: 64, team: lanes } : { variant };
    const args = { ...shape, ...way, ring, format: 'f16' } as const;
    const [y] = await runKernel(gpu, withBug(attention, right, wrong), args, [
      q,
      kv,
      state,
      { size: twin.length },
    ]);
    expectMismatch(wrong, y, twin, tolerance);
  });
});
