import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin, type AttentionShape } from '../../reference/attention';
import { encodeKv, roundKv } from '../../reference/kv_format';
import { attentionNmse } from '../attention/attention';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { numbers } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { attentionCombine, attentionShares } from './attention_shares';

const tolerance = { nmse: attentionNmse, why: 'f32 dot products and softmax, sums of up to 300 positions' };

describe.skipIf(await skipReason()).each(kvFormats)('attention in shares over %s', (format) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    shape: AttentionShape & { readonly splits: number; readonly span: number },
    position: number,
    { split = attentionShares, combine = attentionCombine } = {},
  ) => {
    const { rows, heads, kvHeads, headDim, splits } = shape;
    const positions = position + rows;
    const q = numbers(rows * heads * headDim, 1);
    const k = numbers(positions * kvHeads * headDim, 2);
    const v = numbers(positions * kvHeads * headDim, 3);
    const state = new Uint32Array([position]);
    const [o, stats] = await runKernel(gpu, split, { ...shape, format }, [
      q,
      encodeKv(format, k, v, kvHeads, headDim),
      state,
      { size: rows * heads * splits * headDim },
      { size: rows * heads * splits * 2 },
    ]);
    if (!o || !stats) throw new Error('Two tensors were expected');
    const [y] = await runKernel(gpu, combine, shape, [
      new Float32Array(o),
      new Float32Array(stats),
      state,
      { size: rows * heads * headDim },
    ]);
    const kept = roundKv(format, k, v, kvHeads, headDim);
    return { y, twin: attentionTwin(q, kept.k, kept.v, position, shape) };
  };
  const shape = (
    rows: number,
    heads: number,
    kvHeads: number,
    headDim: number,
    splits: number,
    span: number,
  ) => ({ rows, heads, kvHeads, headDim, splits, span });

  it.each([
    ['from the start', shape(8, 4, 4, 96, 4, 32), 0],
    ['one share', shape(8, 4, 2, 40, 4, 128), 90],
    ['two shares of several', shape(8, 4, 2, 40, 4, 32), 50],
    ['all shares, none a whole tile', shape(7, 4, 1, 96, 5, 16), 120],
    ['all shares, of several tiles', shape(8, 2, 2, 96, 3, 32), 290],
    ['shares of as few positions as rows', shape(8, 2, 2, 24, 16, 9), 100],
    ['shares that the first rows see nothing of', shape(8, 2, 2, 24, 16, 2), 12],
    ['one row', shape(1, 2, 1, 64, 8, 32), 200],
    ['Phi-4-mini', shape(2, 24, 8, 128, 4, 32), 130],
    ['largest head', shape(3, 2, 1, 256, 3, 32), 90],
  ])('%s', async (name, args, position) => {
    const { y, twin } = await run(args, position);
    expectMatch(name, y, twin, tolerance);
  });

  // The mistakes are none of the format, and each is a pipeline to compile.
  const usual = shape(8, 4, 2, 40, 4, 32);
  it.runIf(format === 'f16').each(
    toPlant([
      ['seen * (share + 1u) / used', 'seen * (share + 1u) / used - 1u'],
      ['+ my_row + 1u, end', '+ my_row + 2u, end'],
      ['stats[at] =', 'stats[at ^ 1u] ='],
      ['vec2<f32>(top, total)', 'vec2<f32>(top, total * 1.001)'],
    ]),
  )('the tolerance notices %s -> %s in a share', async (right = '', wrong = '') => {
    const { y, twin } = await run(usual, 150, { split: withBug(attentionShares, right, wrong) });
    expectMismatch(wrong, y, twin, tolerance);
  });
  it.runIf(format === 'f16').each(
    toPlant([
      ['state[0] + p.rows - ', 'state[0] / 2u - '],
      ['- top)', '* 0.999 - top)'],
      ['stats[first + s].y, total', 'stats[first].y, total'],
    ]),
  )('the tolerance notices %s -> %s in the combination', async (right = '', wrong = '') => {
    const { y, twin } = await run(usual, 150, { combine: withBug(attentionCombine, right, wrong) });
    expectMismatch(wrong, y, twin, tolerance);
  });
  it('packs what the shaders declare', () => {
    expect(attentionShares.fields).toEqual(
      paramsStruct(attentionShares.source(attentionShares.key({ ...usual, format })).code),
    );
    expect(attentionCombine.fields).toEqual(
      paramsStruct(attentionCombine.source(attentionCombine.key(usual)).code),
    );
  });
});
