import { beforeAll, describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { logprobOf } from '../../sampling/logprob';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { logprob } from './logprob';

const most = 8;
const random = prng(7);
/** Spread like a model's, wide open or near certain. */
const spread = (vocab: number, width: number) =>
  Float32Array.from({ length: vocab }, () => (random() - 0.5) * width);

describe.skipIf(await skipReason())('logprob', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    logits: Float32Array<ArrayBuffer>,
    id: number,
    draws: number,
    spec = logprob,
  ): Promise<number[]> => {
    const [out] = await runKernel(gpu, spec, { vocab: logits.length, most }, [
      logits,
      Uint32Array.of(id, 1),
      Uint32Array.of(50, draws),
      { init: new Float32Array(2 * most) },
    ]);
    return [...(out ?? [])];
  };

  it.each([
    [1, 10],
    [255, 4],
    [1000, 30],
    [32064, 60],
  ])('is that of the f64 twin in the place of its draw: %i logits within %i', async (vocab, width) => {
    const logits = spread(vocab, width);
    const id = vocab - 1;
    const out = await run(logits, id, 5);
    const { logprob: p, entropy } = logprobOf(logits, id);
    [p, entropy].forEach((value, i) =>
      expect(Math.abs((out[8 + i] ?? NaN) - value)).toBeLessThan(1e-5 * (1 + Math.abs(value))),
    );
    expect([...out.slice(0, 8), ...out.slice(10)]).toEqual(Array(2 * most - 2).fill(0));
  });

  it('leaves out what it has no room for, and what is no id', async () => {
    const logits = spread(300, 9);
    expect(await run(logits, 7, most + 1)).toEqual(Array(2 * most).fill(0));
    expect(await run(logits, 0xffffffff, 1)).toEqual(Array(2 * most).fill(0));
  });

  it('notices a planted mistake', async () => {
    const logits = spread(300, 9);
    const [right] = await run(logits, 7, 1);
    const [wrong] = await run(logits, 7, 1, withBug(logprob, '- top - total', '- top'));
    expect(Math.abs((wrong ?? 0) - (right ?? 0))).toBeGreaterThan(1);
  });

  it('packs what the shader declares', () => {
    expect(logprob.fields).toEqual(paramsStruct(logprob.source({ WG: 256 }).code));
  });
});
