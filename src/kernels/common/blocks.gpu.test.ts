// Every kernel that reads weights, over GGUF blocks: each kind, three kinds in one matrix, biases, against f64 twins.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { adapterName, sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulTwin } from '../../reference/blocks';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { siluMulTwin } from '../../reference/silu_mul';
import { embedGather } from '../embed_gather/embed_gather';
import { gateUpSilu } from '../gate_up_silu/gate_up_silu';
import { fewRows, matmulQ4, type MatmulQ4Args, type MatmulWay } from '../matmul_q4/matmul_q4';
import { matvecQ4Add, matvecQ4Norm } from '../matvec_q4/matvec_q4';
import { qkvRope } from '../qkv_rope/qkv_rope';
import { blockMatrix, type BlockMatrix } from '../testing/block-matrices';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers } from '../testing/numbers';
import { runKernel, toPlant, withBug } from '../testing/run-kernel';
import { matvecNmse, matvecObstacle, type MatvecTuning } from './matvec';
import { blockKinds } from './weights';

const eps = 1e-5;
const exact = { nmse: 1e-10, why: 'f32 dot products' };
/** SwiftShader takes seconds to compile what a GPU would use: there, only the ways that it runs itself. */
const onlySoftware = adapterName() === 'swiftshader';
const softwareWays: readonly MatmulWay[] = [{ variant: 'naive' }, { variant: 'few' }, { variant: 'direct' }];
const tileWays: readonly MatmulWay[] = [
  { variant: 'tiled', rows: 64 },
  { variant: 'tall', rows: 64 },
];
const products = onlySoftware ? softwareWays : [...softwareWays, ...tileWays];
const tunings: readonly MatvecTuning[] = [
  { x: 'direct', lanes: 1, slots: 16, subgroup: 0 },
  { x: 'direct', lanes: 32, slots: 2, subgroup: 0 },
  { x: 'f32', lanes: 8, slots: 4, subgroup: 0 },
  { x: 'f16', lanes: 16, slots: 4, subgroup: 0 },
  { x: 'i8', lanes: 16, slots: 4, subgroup: 0 },
];
const mixed = ['q4_k', 'q5_k', 'q6_k'] as const;

describe.skipIf(await skipReason())('kernels over GGUF blocks', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const product = async (way: MatmulWay, M: number, matrix: BlockMatrix, spec = matmulQ4, seed = 3) => {
    const { rows: N, cols: K, format, bias, weights } = matrix;
    const x = numbers(M * K, seed);
    const args: MatmulQ4Args = { ...way, scale: format, M, N, K, stride: N, first: 0, accumulate: false };
    const [y] = await runKernel(gpu, spec, args, [x, ...matrix.buffers, { size: M * N }]);
    return { y, twin: matmulTwin(x, M, weights, K, bias) };
  };

  describe.each(products)('matmul_q4 $variant', (way) => {
    const M = way.variant === 'few' ? fewRows : 11;
    it.each(blockKinds)('%s', async (kind) => {
      const { y, twin } = await product(way, M, blockMatrix([kind], [37], 512, 5));
      expectMatch(kind, y, twin, exact);
    });
    it('three kinds and a bias in one matrix', async () => {
      const { y, twin } = await product(way, M, blockMatrix(mixed, [14, 9, 21], 512, 6, true));
      expectMatch('mixed', y, twin, exact);
    });
  });

  const matvec = async (
    tuning: MatvecTuning,
    matrix: BlockMatrix,
    x: Float32Array<ArrayBuffer>,
    spec = matvecQ4Add,
  ) => {
    const { rows: N, cols: K, format, weights } = matrix;
    const before = numbers(N, 9);
    const args = { scale: format, N, K, first: 0, tuning };
    const [y] = await runKernel(gpu, spec, args, [x, ...matrix.buffers, { init: before }]);
    return { y, twin: matmulTwin(x, 1, weights, K).map((sum, i) => sum + (before[i] ?? NaN)) };
  };

  describe.each(tunings)('matvec_q4_add $x $lanes x $slots', (tuning) => {
    const tolerance = { nmse: matvecNmse[tuning.x], why: `x in ${tuning.x}` };
    const kinds = onlySoftware && tuning.lanes > 1 ? (['q4_1', 'q6_k'] as const) : blockKinds;
    it.each(kinds)('%s', async (kind) => {
      if (matvecObstacle(tuning, gpu.info)) return;
      // Sums that nearly cancel say little of few digits: many rows, and weights of both signs.
      const matrix = blockMatrix([kind], [150], kind.endsWith('_k') ? 1024 : 1056, 7);
      const { y, twin } = await matvec(tuning, matrix, numbers(matrix.cols, 4));
      expectMatch(kind, y, twin, tolerance);
    });
    it.each(onlySoftware ? [] : flavours)('x %s', async (flavour) => {
      if (matvecObstacle(tuning, gpu.info)) return;
      const matrix = blockMatrix(['q4_k'], [90], 768, 8);
      const { y, twin } = await matvec(tuning, matrix, numbers(768, 5, flavour));
      expectMatch(flavour, y, twin, tolerance);
    });
  });

  const tuning: MatvecTuning = { x: 'direct', lanes: 4, slots: 4, subgroup: 0 };

  it('qkv_rope of three kinds with a bias', async () => {
    const [heads, kvHeads, headDim, K, position] = [4, 2, 16, 512, 5];
    const matrix = blockMatrix(mixed, [heads * headDim, kvHeads * headDim, kvHeads * headDim], K, 11, true);
    const [x, gamma, table] = [numbers(K, 1), numbers(K, 2), numbers((position + 1) * headDim, 3)];
    const args = {
      scale: matrix.format,
      format: 'f32',
      K,
      heads,
      kvHeads,
      headDim,
      rotaryDim: headDim,
      eps,
      tuning,
    } as const;
    const cacheWords = 2 * kvHeads * headDim;
    const [q, cache] = await runKernel(gpu, qkvRope, args, [
      x,
      gamma,
      ...matrix.buffers,
      table,
      new Uint32Array([position]),
      { size: heads * headDim },
      { init: new Float32Array((position + 1) * cacheWords) },
    ]);
    const qkv = matmulTwin(rmsNormTwin(x, gamma, 1, K, eps), 1, matrix.weights, K, matrix.bias);
    const twin = ropeAppendTwin(qkv, table, position, {
      heads,
      kvHeads,
      headDim,
      rotaryDim: headDim,
      rows: 1,
    });
    expectMatch('q', q, twin.q, exact);
    expectMatch('k, v', cache?.slice(position * cacheWords), [...twin.k, ...twin.v], exact);
  });

  it('gate_up_silu of two kinds', async () => {
    const [width, K] = [33, 512];
    const matrix = blockMatrix(['q5_0', 'q8_0'], [width, width], K, 12);
    const [x, gamma] = [numbers(K, 1), numbers(K, 2)];
    const args = { scale: matrix.format, width, K, eps, tuning };
    const [y] = await runKernel(gpu, gateUpSilu, args, [x, gamma, ...matrix.buffers, { size: width }]);
    const both = matmulTwin(rmsNormTwin(x, gamma, 1, K, eps), 1, matrix.weights, K);
    expectMatch('gate_up_silu', y, siluMulTwin(both, 1, width), exact);
  });

  it('matvec_q4_norm of a block of rows', async () => {
    const [N, K] = [29, 512];
    const matrix = blockMatrix(['q6_k'], [N], K, 13);
    const [x, gamma] = [numbers(2 * K, 1), numbers(K, 2)];
    const args = { scale: matrix.format, N, K, first: 3, eps, xRow: 1, tuning };
    const [y] = await runKernel(gpu, matvecQ4Norm, args, [
      x,
      gamma,
      ...matrix.buffers,
      { init: numbers(N + 3, 3) },
    ]);
    const twin = matmulTwin(rmsNormTwin(x.slice(K), gamma, 1, K, eps), 1, matrix.weights, K);
    expectMatch('logits', y?.slice(3), twin, exact);
  });

  it.each(blockKinds)('embed_gather of %s', async (kind) => {
    const matrix = blockMatrix([kind], [21], 512, 14);
    const ids = [20, 0, 7];
    const args = { rows: 3, dim: 512, first: 0, blockRows: 21, scale: matrix.format };
    const [y] = await runKernel(gpu, embedGather, args, [
      new Uint32Array(ids),
      ...matrix.buffers,
      { size: 3 * 512 },
    ]);
    const twin = ids.flatMap((id) => [...matrix.weights.slice(id * 512, (id + 1) * 512)]);
    expectMatch(kind, y, twin, { atol: 1e-7, rtol: 1e-5, why: 'a product and a sum in f32' });
  });

  it.each(
    toPlant([
      ['q4_1', '* scale.x + scale.y', '* scale.x'],
      ['q5_0', '(2u * w + half)', '(2u * w)'],
      ['q6_k', '4u * (w & 1u)', '4u * (w / 2u)'],
      ['q8_0', '2u * g + half', '2u * g'],
      ['q4_k', 'packed >> 8u', 'packed & 255u'],
      ['q5_k', 'r.outer + g / 8u', 'r.outer'],
      ['q6_k', '-32.0 * a.y', '-31.0 * a.y'],
      ['q4_0', '8.0, r.kind', '7.0, r.kind'],
    ] as const),
  )('the tolerance notices in %s: %s -> %s', async (kind, right, wrong) => {
    const matrix = blockMatrix([kind], [19], 512, 15);
    const { y, twin } = await product({ variant: 'direct' }, 5, matrix, withBug(matmulQ4, right, wrong));
    expectMismatch(wrong, y, twin, exact);
  });
  it.each(
    toPlant([
      ['q5_1', '(1u, 3u, 5u, 7u)', '(0u, 2u, 4u, 6u)'],
      ['q6_k', 'scales[at + 1u]).xxyy', 'scales[at + 1u]).xyxy'],
      ['q8_0', 'q[r.codes + 2u * g + 1u]', 'q[r.codes + 2u * g]'],
      ['q4_1', 'sixteen(codes.high, high)', 'sixteen(codes.high, low)'],
    ] as const),
  )('the tolerance notices in a row of %s: %s -> %s', async (kind, right, wrong) => {
    const matrix = blockMatrix([kind], [19], 512, 16);
    const { y, twin } = await matvec(tuning, matrix, numbers(512, 6), withBug(matvecQ4Add, right, wrong));
    expectMismatch(wrong, y, twin, exact);
  });
  it.each(
    toPlant([
      ['row >= scales[1]', 'row > scales[1]'],
      ['start = scales[0]', 'start = 0u'],
      ['scales[scales[2] + row]', 'scales[scales[2]]'],
    ] as const),
  )('the tolerance notices in a matrix of three: %s -> %s', async (right, wrong) => {
    const matrix = blockMatrix(mixed, [6, 5, 9], 512, 17, true);
    const { y, twin } = await product({ variant: 'direct' }, 5, matrix, withBug(matmulQ4, right, wrong));
    expectMismatch(wrong, y, twin, exact);
  });
  it('has every kind in the order of its numbers', () => {
    const { code } = matmulQ4.source({ variant: 'naive', scale: 'q4_0', rows: 1 });
    blockKinds.forEach((kind, i) => expect(code).toContain(`const ${kind.toUpperCase()} = ${i}u;`));
  });
});
