import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { paramsStruct, runKernel } from '../testing/run-kernel';
import { streamSum, streamSums } from './stream_sum';

describe.skipIf(await skipReason())('stream_sum', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  it.each([1, 1000, streamSums + 77])('meets every one of %i vectors once', async (vectors) => {
    const data = Uint32Array.from({ length: vectors * 4 }, (_, i) => i * 2654435761);
    const [sums] = await runKernel(gpu, streamSum, { vectors }, [data, { size: streamSums }]);
    const words = new Uint32Array(sums?.buffer ?? new ArrayBuffer(0), 0, streamSums);
    const total = (numbers: Uint32Array): number => numbers.reduce((sum, n) => (sum + n) >>> 0, 0);
    expect(total(words)).toBe(total(data));
  });
  it('packs what the shader declares', () => {
    expect(streamSum.fields).toEqual(paramsStruct(streamSum.source({ WG: 256 }).code));
  });
});
