import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats, kvRowWords } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { roundKv } from '../../reference/kv_format';
import { ropeAppendTwin, type RopeShape } from '../../reference/rope_append';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { appendedRows, kvTolerance } from '../testing/kv-rows';
import { numbers, words } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { ropeAppend, softwareRope, type RopeAppendArgs } from './rope_append';

const tolerance = { atol: 2e-6, rtol: 1e-6, why: 'two products of numbers below 1, then their difference' };

describe.skipIf(await skipReason()).each(kvFormats)('rope_append to %s', (format) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    shape: RopeShape & Pick<RopeAppendArgs, 'variant' | 'threads'>,
    position: number,
    spec = ropeAppend,
    factor = 1,
  ) => {
    const { rows, heads, kvHeads, headDim, rotaryDim } = shape;
    const positions = position + rows + 3;
    const qkv = numbers(rows * (heads + 2 * kvHeads) * headDim, rows + headDim).map((x) => x * factor);
    const table = numbers(positions * rotaryDim, 5);
    const before = words(positions * kvRowWords(format, kvHeads, headDim), 6);
    const [q, cache] = await runKernel(gpu, spec, { ...shape, format }, [
      qkv,
      table,
      new Uint32Array([position]),
      { size: rows * heads * headDim },
      { init: before },
    ]);
    const twin = ropeAppendTwin(qkv, table, position, shape);
    const kept = roundKv(format, twin.k, twin.v, kvHeads, headDim);
    return {
      q,
      twinQ: twin.q,
      kv: appendedRows(cache, before, { format, kvHeads, headDim, position, rows }),
      twinKv: [...kept.k, ...kept.v],
    };
  };
  const shape = (
    rows: number,
    heads: number,
    kvHeads: number,
    headDim: number,
    rotaryDim: number,
  ): RopeShape => ({ rows, heads, kvHeads, headDim, rotaryDim });

  it.each([
    ['one row, one head', shape(1, 1, 1, 8, 8), 0],
    ['Phi-3-mini', shape(2, 32, 32, 96, 96), 17],
    ['Phi-4-mini, partial rotary', shape(3, 24, 8, 128, 96), 5],
    ['grouped, odd head', shape(5, 6, 2, 40, 40), 63],
    ['two rotary dims', shape(1, 2, 1, 16, 2), 1],
  ])('%s', async (name, args, position) => {
    for (const way of [{}, softwareRope(format)]) {
      const { q, twinQ, kv, twinKv } = await run({ ...args, ...way }, position);
      const by = JSON.stringify(way);
      expectMatch(`${name} by ${by}: q`, q, twinQ, tolerance);
      expectMatch(`${name} by ${by}: cache`, kv, twinKv, kvTolerance(format, tolerance));
    }
  });
  it('keeps the range of its numbers', async () => {
    const args = shape(2, 1, 1, 16, 8);
    for (const [name, factor] of [
      ['zeros', 0],
      ['tiny', 1e-3],
      ['large', 3e4],
    ] as const) {
      for (const way of [{}, softwareRope(format)]) {
        const { kv, twinKv } = await run({ ...args, ...way }, 3, ropeAppend, factor);
        expectMatch(name, kv, twinKv, kvTolerance(format, tolerance, factor));
      }
    }
  });
  it.each([
    ['- qkv[i + pairs]', '+ qkv[i + pairs]'],
    ['turned(start, d, position);\n    new', 'turned(start, d, row);\n    new'],
    ['+ p.kv_heads * p.head_dim + d', '+ d'],
    ...{
      f32: [['bitcast<u32>(new_head[i])', 'bitcast<u32>(new_head[i % p.head_dim])']],
      f16: [['new_head[2u * i + 1u]', 'new_head[2u * i]']],
      int8: [
        ['round(values', 'floor(values'],
        ['max(peaks[thread], peaks[thread + half])', 'peaks[thread]'],
        ['select(rounded.x, rounded.y, i >= quads)', 'rounded.x'],
      ],
    }[format],
  ])('the tolerance notices %s -> %s', async (right = '', wrong = '') => {
    const { kv, twinKv } = await run(shape(2, 2, 2, 96, 96), 3, withBug(ropeAppend, right, wrong));
    expectMismatch(wrong, kv, twinKv, kvTolerance(format, tolerance));
  });
  it.skipIf(format === 'int8').each([
    ['select(across, -across, low)', 'across'],
    ['dim + j < pairs', 'dim < pairs / 2u'],
    ['slot < p.heads + p.kv_heads', 'slot < p.heads'],
    ['slot - p.heads, dim', 'slot - p.heads, 0'],
  ])('the tolerance notices in the direct way: %s -> %s', async (right, wrong) => {
    const way = { ...shape(2, 2, 2, 96, 96), variant: 'direct' } as const;
    const { kv, twinKv } = await run(way, 3, withBug(ropeAppend, right, wrong));
    expectMismatch(wrong, kv, twinKv, kvTolerance(format, tolerance));
  });
  it('packs what the shader declares', () => {
    for (const variant of ['staged', 'direct'] as const) {
      const { code } = ropeAppend.source({ variant, cache: format, WG: 64, ring: 0 });
      expect(ropeAppend.fields).toEqual(paramsStruct(code));
    }
  });
});
