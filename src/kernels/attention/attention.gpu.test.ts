// The ways whose source is the same for every shape; attention_team has a test of its own.
import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin, type AttentionShape } from '../../reference/attention';
import { encodeKv, roundKv } from '../../reference/kv_format';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { numbers, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { attention, attentionKey, attentionNmse, type AttentionVariant } from './attention';

const tolerance = { nmse: attentionNmse, why: 'f32 dot products and softmax, sums of up to 300 positions' };

const cases = (['naive', 'flash', 'direct'] as const).flatMap((variant) =>
  kvFormats.map((format) => ({ variant, format })),
);

/** Each is noticed by the tolerance. */
const mistakes: Readonly<
  Record<Exclude<AttentionVariant, 'team'>, readonly (readonly [right: string, wrong: string])[]>
> = {
  naive: [
    ['+ row + 1u', '+ row + 2u'],
    ['p.heads / p.kv_heads', 'p.heads'],
    ['* shrink', '* 1.0'],
    ['total *= shrink', 'total *= 1.0'],
    ['* p.scale', '* p.scale * 1.001'],
  ],
  flash: [
    ['+ my_row + 1u', '+ my_row + 2u'],
    ['p.heads / p.kv_heads', 'p.heads'],
    ['sums[c] * shrink', 'sums[c]'],
    ['total *= shrink', 'total *= 1.0'],
    ['chunk[at(j, lane)]', 'chunk[at(j, 0u)]'],
  ],
  direct: [
    ['+ row + 1u', '+ row + 2u'],
    ['p.heads / p.kv_heads', 'p.heads'],
    ['s4 *= shrink', 's4 *= 1.0'],
    ['sums[j] / total', 'sums[0] / total'],
    ['total * shrink', 'total'],
    ['* p.scale, four < vec4', '* p.scale, four <= vec4'],
  ],
};

describe.skipIf(await skipReason()).each(cases)('attention $variant over $format', ({ variant, format }) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    shape: AttentionShape,
    position: number,
    flavour: Flavour = 'plain',
    spec = attention,
  ) => {
    const { rows, heads, kvHeads, headDim } = shape;
    const positions = position + rows;
    const q = numbers(rows * heads * headDim, 1, flavour);
    const k = numbers(positions * kvHeads * headDim, 2, flavour);
    const v = numbers(positions * kvHeads * headDim, 3, flavour === 'large' ? 'large' : 'plain');
    const out = { size: rows * heads * headDim };
    const [y] = await runKernel(gpu, spec, { ...shape, variant, format }, [
      q,
      encodeKv(format, k, v, kvHeads, headDim),
      new Uint32Array([position]),
      out,
    ]);
    const kept = roundKv(format, k, v, kvHeads, headDim);
    return { y, twin: attentionTwin(q, kept.k, kept.v, position, shape) };
  };
  const shape = (rows: number, heads: number, kvHeads: number, headDim: number): AttentionShape => ({
    rows,
    heads,
    kvHeads,
    headDim,
  });

  it.each([
    ['first token', shape(1, 1, 1, 8), 0],
    ['WG - 1 positions', shape(1, 4, 4, 96), 62],
    ['WG positions', shape(1, 4, 4, 96), 63],
    ['WG + 1 positions', shape(1, 4, 4, 96), 64],
    ['chunk across a tile, grouped', shape(9, 6, 2, 40), 60],
    ['chunk from the start', shape(7, 4, 1, 96), 0],
    ['Phi-4-mini', shape(2, 24, 8, 128), 130],
    ['largest head', shape(3, 2, 1, 256), 90],
    ['long', shape(1, 2, 2, 96), 299],
    ['WG - 1 rows', shape(7, 2, 2, 24), 25],
    ['WG rows', shape(8, 2, 1, 24), 24],
    ['WG + 1 rows', shape(9, 2, 2, 96), 23],
    ['rows of several blocks', shape(33, 4, 2, 72), 31],
    ['head of 64', shape(3, 2, 1, 64), 40],
    ['Phi-2', shape(3, 2, 2, 80), 40],
  ])('%s', async (name, args, position) => {
    const { y, twin } = await run(args, position);
    expectMatch(name, y, twin, tolerance);
  });
  it.each(['outliers', 'negative'] as const)('%s', async (flavour) => {
    const { y, twin } = await run(shape(4, 4, 2, 96), 70, flavour);
    // Scores of several hundred: their f32 error of 1e-5 and more is an error of the weight.
    expectMatch(flavour, y, twin, { nmse: 1e-7, why: 'scores in the hundreds lose digits before exp' });
  });
  it('scores far below every mask value still make a distribution', async () => {
    const [rows, heads, headDim] = [1, 1, 16];
    const q = new Float32Array(headDim).fill(-1e8);
    const k = new Float32Array(3 * headDim).fill(1e8).map((x, i) => x * (1 + Math.floor(i / headDim)));
    const v = numbers(3 * headDim, 4);
    const args = { rows, heads, kvHeads: 1, headDim };
    const kept = roundKv(format, k, v, 1, headDim);
    const [y] = await runKernel(gpu, attention, { ...args, variant, format }, [
      q,
      encodeKv(format, k, v, 1, headDim),
      new Uint32Array([2]),
      { size: headDim },
    ]);
    expectMatch('large', y, attentionTwin(q, kept.k, kept.v, 2, args), tolerance);
  });
  // The mistakes are none of the format, and each is a pipeline to compile.
  it.runIf(format === 'f16').each(toPlant(mistakes[variant]))(
    'the tolerance notices %s -> %s',
    async (right = '', wrong = '') => {
      const { y, twin } = await run(shape(2, 4, 2, 40), 150, 'plain', withBug(attention, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    },
  );
  it('packs what the shader declares', () => {
    const key = attentionKey({ ...shape(1, 1, 1, 96), variant, format });
    expect(attention.fields).toEqual(paramsStruct(attention.source(key).code));
  });
});
