import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats, kvRowWords } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { roundKv } from '../../reference/kv_format';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { matvecKey } from '../common/matvec';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { fewDigits, matvecVariants, variantTolerance } from '../testing/matvec-variants';
import { appendedRows, kvTolerance } from '../testing/kv-rows';
import { flavours, numbers, packed, q4Matrix, words, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { qkvRope } from './qkv_rope';

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

// Every format, and every cut, but not every pair of them.
const cases = (await matvecVariants()).flatMap((variant) =>
  kvFormats.filter((_, j) => variant.plant || j === 1).map((format) => ({ ...variant, format })),
);

describe.skipIf(await skipReason()).each(cases)('qkv_rope $name to $format', (variant) => {
  const { scale, format, tuning, plant } = variant;
  const tolerance = variantTolerance(variant, 'f32 dot products of up to 3072 terms, then a rotation');
  /** An int8 row is staged in f32. */
  const kept = format === 'int8' ? 'f32' : format;
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async ({ position, flavour = 'plain', ...shape }: Case, spec = qkvRope) => {
    const { K, heads, kvHeads, headDim, rotaryDim } = shape;
    const weights = q4Matrix((heads + 2 * kvHeads) * headDim, K, scale, K + headDim);
    const x = numbers(K, K, flavour);
    const gamma = numbers(K, 7);
    const table = numbers((position + 2) * rotaryDim, 8);
    const at = format === 'int8' ? 0 : position;
    const before = words((at + 2) * kvRowWords(kept, kvHeads, headDim), 9);
    const args = { ...shape, scale, eps, tuning, format };
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
    const rounded = roundKv(kept, twin.k, twin.v, kvHeads, headDim);
    return {
      q,
      twinQ: twin.q,
      kv: appendedRows(cache, before, { format: kept, kvHeads, headDim, position: at, rows: 1 }),
      twinKv: [...rounded.k, ...rounded.v],
    };
  };
  // Where x has lost digits, that is far more than the rounding of the cache.
  const kvClose = fewDigits(variant) ? tolerance : kvTolerance(kept, tolerance);

  it.each([
    { K: 32, heads: 1, kvHeads: 1, headDim: 8, rotaryDim: 8, position: 0 },
    { K: 96, heads: 6, kvHeads: 2, headDim: 40, rotaryDim: 40, position: 5 },
    { K: 160, heads: 3, kvHeads: 1, headDim: 128, rotaryDim: 96, position: 17 },
    { K: 64, heads: 2, kvHeads: 2, headDim: 16, rotaryDim: 4, position: 1 },
    { K: 3072, heads: 2, kvHeads: 2, headDim: 96, rotaryDim: 96, position: 63 },
  ])('$heads+2*$kvHeads heads of $headDim, $rotaryDim rotary, K $K', async (shape) => {
    const { q, twinQ, kv, twinKv } = await run(shape);
    expectMatch('q', q, twinQ, tolerance);
    expectMatch('cache', kv, twinKv, kvClose);
  });
  const middle: Case = { K: 320, heads: 4, kvHeads: 2, headDim: 24, rotaryDim: 16, position: 9 };
  it.each(flavours)('%s', async (flavour) => {
    const { q, twinQ, kv, twinKv } = await run({ ...middle, flavour });
    expectMatch('q', q, twinQ, tolerance);
    expectMatch('cache', kv, twinKv, kvClose);
  });
  if (plant) {
    it.each(
      toPlant([
        ['- pair.y * turn.y', '+ pair.y * turn.y'],
        ['state[0] * half + i', 'i'],
        ['2u * i - (i & 1u)', '2u * i'],
        ['+ head * p.head_dim', '+ (head / 2u) * p.head_dim'],
        ['head - p.heads, dims.y', 'head - p.heads, dims.x + 2u'],
      ] as const),
    )('the tolerance notices %s -> %s', async (right, wrong) => {
      const result = await run(middle, withBug(qkvRope, right, wrong));
      const both = [...(result.q ?? []), ...result.kv];
      expectMismatch(wrong, both, [...result.twinQ, ...result.twinKv], {
        ...kvClose,
        ...tolerance,
        nmse: 1e-6,
      });
    });
  }
  it('packs what the shader declares', () => {
    expect(qkvRope.fields).toEqual(
      paramsStruct(qkvRope.source({ ...matvecKey(scale, tuning, 96), cache: format, ring: 0 }).code),
    );
  });
});
