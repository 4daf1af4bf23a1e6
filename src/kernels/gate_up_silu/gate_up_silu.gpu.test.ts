import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { siluMulTwin } from '../../reference/silu_mul';
import { matvecKey } from '../common/matvec';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { enoughRows, matvecVariants, variantTolerance } from '../testing/matvec-variants';
import { flavours, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { gateUpSilu } from './gate_up_silu';

const eps = 1e-5;

describe.skipIf(await skipReason()).each(await matvecVariants())('gate_up_silu $name', (variant) => {
  const { scale, tuning, plant } = variant;
  const { nmse, why } = variantTolerance(variant, 'f32 dot products of up to 3072 terms, then one exp');
  // Of a product of two results, both of which may be off.
  const tolerance = { nmse: nmse > 1e-9 ? 10 * nmse : nmse, why };
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (width: number, K: number, flavour: Flavour = 'plain', spec = gateUpSilu) => {
    const weights = q4Matrix(2 * width, K, scale, width + K);
    // Of a seed whose one output of 32 terms is no near cancellation: any order of summing is right there.
    const x = numbers(K, K + 2, flavour);
    const gamma = numbers(K, 7);
    const args = { scale, width, K, eps, tuning };
    const [y] = await runKernel(gpu, spec, args, [x, gamma, ...packed(weights), { size: width }]);
    const gateUp = matmulQ4Twin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights);
    return { y, twin: siluMulTwin(gateUp, 1, width) };
  };

  it.each([
    [1, 32],
    [2, 64],
    [3, 96],
    [31, 160],
    [32, 96],
    [33, 96],
    [257, 3072],
  ])('[2 * %i, %i]', async (least, K) => {
    const width = enoughRows(variant, least);
    const { y, twin } = await run(width, K);
    expectMatch(`width=${width} K=${K}`, y, twin, tolerance);
  });
  it.each(flavours)('%s', async (flavour) => {
    const { y, twin } = await run(40, 320, flavour);
    expectMatch(flavour, y, twin, tolerance);
  });
  if (plant) {
    it.each(
      toPlant([
        ['gates + p.F', 'gates'],
        ['exp(min(-sums', 'exp(min(sums'],
        ['inverseSqrt(square', 'inverseSqrt(1.001 * square'],
      ] as const),
    )('the tolerance notices %s -> %s', async (right, wrong) => {
      const { y, twin } = await run(40, 320, 'plain', withBug(gateUpSilu, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    });
  }
  it('packs what the shader declares', () => {
    expect(gateUpSilu.fields).toEqual(paramsStruct(gateUpSilu.source(matvecKey(scale, tuning, 96)).code));
  });
});
