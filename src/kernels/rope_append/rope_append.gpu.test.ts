import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { ropeAppendTwin, type RopeShape } from '../../reference/rope_append';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { interleaved, numbers } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { ropeAppend } from './rope_append';

const tolerance = { atol: 2e-6, rtol: 1e-6, why: 'two products of numbers below 1, then their difference' };

describe.skipIf(await skipReason())('rope_append', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openNodeGpu();
  });
  afterAll(() => gpu.dispose());

  const run = async (shape: RopeShape, position: number, spec = ropeAppend) => {
    const { rows, heads, kvHeads, headDim, rotaryDim } = shape;
    const positions = position + rows + 3;
    const kv = kvHeads * headDim;
    const qkv = numbers(rows * (heads + 2 * kvHeads) * headDim, rows + headDim);
    const table = numbers(positions * rotaryDim, 5);
    const before = numbers(positions * 2 * kv, 6);
    const [q, cache] = await runKernel(gpu, spec, shape, [
      qkv,
      table,
      new Uint32Array([position]),
      { size: rows * heads * headDim },
      { init: before },
    ]);
    const twin = ropeAppendTwin(qkv, table, position, shape);
    // The rest of the cache must be what it was.
    const expected = Float64Array.from(before);
    expected.set(interleaved(twin.k, twin.v, kv), position * 2 * kv);
    return [
      [q, twin.q],
      [cache, expected],
    ] as const;
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
    for (const [actual, expected] of await run(args, position))
      expectMatch(name, actual, expected, tolerance);
  });
  it.each([
    ['- qkv[i + pairs]', '+ qkv[i + pairs]'],
    ['table[position * pairs + d]', 'table[row * pairs + d]'],
    ['kv[position * 2u * kv_width', 'kv[position * kv_width'],
  ])('the tolerance notices %s -> %s', async (right, wrong) => {
    const [q, kv] = await run(shape(2, 2, 1, 16, 8), 3, withBug(ropeAppend, right, wrong));
    const [tensor, twin] = right.startsWith('kv[') ? kv : q;
    expectMismatch(wrong, tensor, twin, tolerance);
  });
  it('packs what the shader declares', () => {
    expect(ropeAppend.fields).toEqual(paramsStruct(ropeAppend.source({ cache: 'f32', WG: 64 }).code));
  });
});
