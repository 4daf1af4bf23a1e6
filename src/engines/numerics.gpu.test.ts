// The check itself on a real adapter: it passes where the kernels are right, and little damage fails it.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../gpu/testing/node-gpu';
import { checkNumerics, goldenTensors, type GoldenTensor } from './numerics';

describe.skipIf(await skipReason())('checkNumerics', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });
  // One device for all: compiling every kernel again would take most of the time.
  const open = (): Promise<Gpu> => Promise.resolve({ ...gpu, dispose: () => {} });

  it('passes on this adapter, with room to the tolerance', async () => {
    const report = await checkNumerics(open);
    console.log(`numerics: nmse ${report.nmse.toExponential(1)} in ${report.elapsedMs.toFixed(0)} ms`);
    expect(report.ok).toBe(true);
    expect(report.nmse).toBeLessThan(report.tolerance / 10);
  });

  // What a miscompiled kernel does to its matrix, at the smallest: one row of one matrix comes out as zero.
  it.each([
    'transformer.h.0.mixer.qkv_proj.q_scale',
    'transformer.h.1.mixer.out_proj.q_scale',
    'transformer.h.0.mlp.gate_up_proj.q_scale',
    'transformer.h.1.mlp.down_proj.q_scale',
    'lm_head.q_scale',
  ])('fails when one row of %s is lost', async (name) => {
    const damaged = function* (): Generator<GoldenTensor> {
      for (const { record, bytes } of goldenTensors()) {
        const rowBytes = bytes.byteLength / (record.shape[0] ?? 1);
        if (record.name === name) bytes.fill(0, 3 * rowBytes, 4 * rowBytes);
        yield { record, bytes };
      }
    };
    const report = await checkNumerics(open, damaged());
    expect(report.nmse).toBeGreaterThan(report.tolerance);
    expect(report.ok).toBe(false);
  });
});
