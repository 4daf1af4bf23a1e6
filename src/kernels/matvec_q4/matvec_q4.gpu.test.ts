import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { matvecKey, matvecName } from '../common/matvec';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { enoughRows, matvecVariants, variantTolerance } from '../testing/matvec-variants';
import { flavours, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { matvecQ4Add, matvecQ4Norm } from './matvec_q4';

const eps = 1e-5;
const first = 3;

describe.skipIf(await skipReason()).each(await matvecVariants())('matvec_q4 $name', (variant) => {
  const { scale, tuning, plant } = variant;
  const tolerance = variantTolerance(variant, 'f32 dot products of up to 8192 terms');
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const runAdd = async (N: number, K: number, flavour: Flavour = 'plain', spec = matvecQ4Add) => {
    const weights = q4Matrix(N, K, scale, N + K);
    const x = numbers(K, K, flavour);
    const before = numbers(first + N, 4);
    const args = { scale, N, K, first, tuning };
    const [y] = await runKernel(gpu, spec, args, [x, ...packed(weights), { init: before }]);
    const product = matmulQ4Twin(x, 1, weights);
    return { y, twin: Float64Array.from(before, (old, i) => old + (product[i - first] ?? 0)) };
  };
  const runNorm = async (N: number, K: number, x: Float32Array<ArrayBuffer>, spec = matvecQ4Norm) => {
    const weights = q4Matrix(N, K, scale, N + K);
    const gamma = numbers(K, 7);
    const xRow = 2;
    const args = { scale, N, K, first: 0, eps, xRow, tuning };
    // Rows before it are not meant.
    const rows = new Float32Array((xRow + 1) * K).fill(1e6);
    rows.set(x, xRow * K);
    const [y] = await runKernel(gpu, spec, args, [rows, gamma, ...packed(weights), { size: N }]);
    return { y, twin: matmulQ4Twin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights) };
  };

  it.each([
    [1, 32],
    [3, 64],
    [4, 96],
    [5, 1024],
    [63, 96],
    [64, 160],
    [65, 3072],
    [301, 8192],
  ])('[%i, %i]', async (least, K) => {
    const N = enoughRows(variant, least);
    const add = await runAdd(N, K);
    expectMatch(`add N=${N} K=${K}`, add.y, add.twin, tolerance);
    // Of a seed whose one output of 32 terms is no near cancellation: any order of summing is right there.
    const norm = await runNorm(N, K, numbers(K, K + 1));
    expectMatch(`norm N=${N} K=${K}`, norm.y, norm.twin, tolerance);
  });
  it.each(flavours)('%s', async (flavour) => {
    const add = await runAdd(50, 320, flavour);
    expectMatch(`add ${flavour}`, add.y, add.twin, tolerance);
    const norm = await runNorm(50, 320, numbers(320, 2, flavour));
    expectMatch(`norm ${flavour}`, norm.y, norm.twin, tolerance);
  });
  it('a row of zeros, and one small enough to feel eps', async () => {
    const zeros = await runNorm(9, 96, new Float32Array(96));
    expect(zeros.y?.every((v) => v === 0)).toBe(true);
    const tiny = await runNorm(
      9,
      96,
      numbers(96, 3).map((v) => v * 1e-3),
    );
    expectMatch('tiny', tiny.y, tiny.twin, tolerance);
  });
  // The tree only exists where lanes share; elsewhere these lines are dead code.
  if (plant) {
    it.each(
      toPlant([
        ['dots - shift', 'dots'],
        ['partial[at] +=', 'partial[at] ='],
        ['lane < half', 'lane < half - 1u'],
        ['+ p.eps', '+ 0.0'],
        ['(word >> 4u)', '(word >> 3u)'],
        ['inverseSqrt(square', 'inverseSqrt(2.0 * square'],
      ] as const),
    )('the tolerance notices %s -> %s', async (right, wrong) => {
      const small = numbers(2048, 5).map((v) => v * 1e-2);
      const { y, twin } = await runNorm(9, 2048, small, withBug(matvecQ4Norm, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    });
  }
  // What only the other ways have, each in the way that has it.
  const planted: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    'f32 16x8 subgroup': [
      ['(slot + 1u) * LANES / size', 'slot * LANES / size + 1u'],
      ['mask < size', 'mask < 2u'],
      ['i < WG / size', 'i + 1u < WG / size'],
      ['- shifts[at]', '+ shifts[at]'],
    ],
    'f32 32x4': [
      ['vec4<u32>(w0[w], w1[w]', 'vec4<u32>(w0[w], w0[w]'],
      ['var half = WG / 2u', 'var half = WG / 4u'],
      ['base += STAGE', 'base += STAGE + LANES'],
    ],
    'f16 8x8': [
      ['1031.0h', '1032.0h'],
      ['* sizes[at]', '* sizes[0]'],
    ],
    'i8 32x2': [
      ['= 7 * (dot4I8Packed', '= 8 * (dot4I8Packed'],
      ['/ 127.0', '/ 31.0'],
    ],
  };
  it.each(toPlant(planted[matvecName(tuning)] ?? []))(
    'the tolerance notices %s -> %s',
    async (right, wrong) => {
      const { y, twin } = await runNorm(70, 3072, numbers(3072, 5), withBug(matvecQ4Norm, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    },
  );
  if (plant) {
    it.each(toPlant([['+= sums', '= sums']] as const))(
      'the tolerance notices a residual that is lost: %s -> %s',
      async (right, wrong) => {
        const { y, twin } = await runAdd(9, 320, 'plain', withBug(matvecQ4Add, right, wrong));
        expectMismatch('no residual', y, twin, tolerance);
      },
    );
  }
  it('packs what the shaders declare', () => {
    for (const spec of [matvecQ4Add, matvecQ4Norm]) {
      expect(spec.fields).toEqual(paramsStruct(spec.source(matvecKey(scale, tuning, 96)).code));
    }
  });
});
