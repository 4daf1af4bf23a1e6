import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { embedGatherTwin } from '../../reference/embed_gather';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { packed, q4Matrix } from '../testing/numbers';
import { paramsStruct, runKernel, withBug, type Tensor } from '../testing/run-kernel';
import { embedGather } from './embed_gather';

const tolerance = { atol: 0, rtol: 1e-6, why: 'one product of an f16 and a small integer' };

describe.skipIf(await skipReason())('embed_gather', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    ids: number[],
    vocab: number,
    dim: number,
    scale: 'f16' | 'bf16',
    spec = embedGather,
  ) => {
    const table = q4Matrix(vocab, dim, scale, vocab + dim);
    const args = { rows: ids.length, dim, first: 0, blockRows: vocab, scale };
    const out: Tensor = { size: ids.length * dim };
    const [y] = await runKernel(gpu, spec, args, [new Uint32Array(ids), ...packed(table), out]);
    return { y, twin: embedGatherTwin(ids, table) };
  };

  it.each(['f16', 'bf16'] as const)('%s scales, odd and even groups per row', async (scale) => {
    for (const [vocab, dim] of [
      [1, 32],
      [7, 96],
      [50, 160],
      [40, 3072],
    ] as const) {
      const ids = [vocab - 1, 0, vocab >> 1, vocab - 1];
      const { y, twin } = await run(ids, vocab, dim, scale);
      expectMatch(`vocab=${vocab} dim=${dim}`, y, twin, tolerance);
    }
  });
  it('a table in blocks gives the same rows', async () => {
    const [vocab, dim, split] = [11, 96, 6];
    const table = q4Matrix(vocab, dim, 'f16', 1);
    const [q, scales] = packed(table);
    const ids = new Uint32Array([10, 0, 5, 6, 3]);
    let y: Float32Array<ArrayBuffer> = new Float32Array(ids.length * dim).fill(-1);
    for (const [first, blockRows] of [
      [0, split],
      [split, vocab - split],
    ] as const) {
      const args = { rows: ids.length, dim, first, blockRows, scale: 'f16' } as const;
      const block = [
        q.slice((first * dim) / 8, ((first + blockRows) * dim) / 8),
        scales.slice((first * dim) / 64, Math.ceil(((first + blockRows) * dim) / 64)),
      ] as const;
      const [out] = await runKernel(gpu, embedGather, args, [ids, ...block, { init: y }]);
      y = new Float32Array(out ?? []);
    }
    expectMatch('two blocks', y, embedGatherTwin(ids, table), tolerance);
  });
  it.each([
    ['- 7.0', '- 8.0'],
    ['i & 1u', '(i + 1u) & 1u'],
    ['i % words', '(i + 1u) % words'],
  ])('the tolerance notices %s -> %s', async (right, wrong) => {
    const { y, twin } = await run([3, 1], 7, 96, 'f16', withBug(embedGather, right, wrong));
    expectMismatch(wrong, y, twin, tolerance);
  });
  it('packs what the shader declares', () => {
    expect(embedGather.fields).toEqual(paramsStruct(embedGather.source({ scale: 'f16', WG: 64 }).code));
  });
});
