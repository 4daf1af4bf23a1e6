import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { matvecVariants } from '../testing/matvec-variants';
import { flavours, interleaved, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { qkvRope } from './qkv_rope';

const tolerance = { nmse: 1e-10, why: 'f32 dot products of up to 3072 terms, then a rotation' };
const eps = 1e-5;

interface Case {
  readonly K: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
  readonly position: number;
  readonly flavour?: Flavour;
}

describe.skipIf(await skipReason()).each(matvecVariants)('qkv_rope $lanes x $slots $scale', (variant) => {
  const { scale, ...tuning } = variant;
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openNodeGpu();
  });
  afterAll(() => gpu.dispose());

  const run = async ({ position, flavour = 'plain', ...shape }: Case, spec = qkvRope) => {
    const { K, heads, kvHeads, headDim, rotaryDim } = shape;
    const weights = q4Matrix((heads + 2 * kvHeads) * headDim, K, scale, K + headDim);
    const x = numbers(K, K, flavour);
    const gamma = numbers(K, 7);
    const table = numbers((position + 2) * rotaryDim, 8);
    const kv = kvHeads * headDim;
    const before = numbers((position + 2) * 2 * kv, 9);
    const args = { ...shape, scale, eps, tuning };
    const [q, cache] = await runKernel(gpu, spec, args, [
      x,
      gamma,
      ...packed(weights),
      table,
      new Uint32Array([position]),
      { size: heads * headDim },
      { init: before },
    ]);
    const qkv = matmulQ4Twin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights);
    const twin = ropeAppendTwin(qkv, table, position, { ...shape, rows: 1 });
    const appended = Float64Array.from(before);
    appended.set(interleaved(twin.k, twin.v, kv), position * 2 * kv);
    return { q, twinQ: twin.q, cache, twinCache: appended };
  };

  it.each([
    { K: 32, heads: 1, kvHeads: 1, headDim: 8, rotaryDim: 8, position: 0 },
    { K: 96, heads: 6, kvHeads: 2, headDim: 40, rotaryDim: 40, position: 5 },
    { K: 160, heads: 3, kvHeads: 1, headDim: 128, rotaryDim: 96, position: 17 },
    { K: 64, heads: 2, kvHeads: 2, headDim: 16, rotaryDim: 2, position: 1 },
    { K: 3072, heads: 2, kvHeads: 2, headDim: 96, rotaryDim: 96, position: 63 },
  ])('$heads+2*$kvHeads heads of $headDim, $rotaryDim rotary, K $K', async (shape) => {
    const { q, twinQ, cache, twinCache } = await run(shape);
    expectMatch('q', q, twinQ, tolerance);
    expectMatch('cache', cache, twinCache, tolerance);
  });
  const middle: Case = { K: 320, heads: 4, kvHeads: 2, headDim: 24, rotaryDim: 16, position: 9 };
  it.each(flavours)('%s', async (flavour) => {
    const { q, twinQ, cache, twinCache } = await run({ ...middle, flavour });
    expectMatch('q', q, twinQ, tolerance);
    expectMatch('cache', cache, twinCache, tolerance);
  });
  if (variant.lanes === 32) {
    it.each([
      ['- pair.y * turn.y', '+ pair.y * turn.y'],
      ['state[0] * half + i', 'i'],
      ['state[0] * 2u', 'state[0]'],
      ['2u * i + 1u', '2u * i'],
      ['+ head * p.head_dim', '+ (head / 2u) * p.head_dim'],
    ])('the tolerance notices %s -> %s', async (right, wrong) => {
      const result = await run(middle, withBug(qkvRope, right, wrong));
      const both = [...(result.q ?? []), ...(result.cache ?? [])];
      expectMismatch(wrong, both, [...result.twinQ, ...result.twinCache], tolerance);
    });
  }
  it('packs what the shader declares', () => {
    expect(qkvRope.fields).toEqual(paramsStruct(qkvRope.source(variant).code));
  });
});
