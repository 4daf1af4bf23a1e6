// One submit: a plan's kernels in one pass, as often as asked, then what the caller adds.
import type { Gpu } from '../../gpu/gpu';
import type { Plan } from '../../gpu/plan';

export interface SubmitOptions {
  readonly rounds?: number;
  /** Zeroed before the pass. */
  readonly clear?: GPUBuffer;
  /** The plan's calls from .. to - 1; by default all. */
  readonly from?: number;
  readonly to?: number;
}

/** @param after records what follows the pass, such as a readback's copy. @returns what it gave. */
export function submit<T>(
  { device }: Gpu,
  plan: Plan,
  after: (encoder: GPUCommandEncoder) => T,
  { rounds = 1, clear, from, to }: SubmitOptions = {},
): T {
  const encoder = device.createCommandEncoder({ label: plan.label });
  if (clear) encoder.clearBuffer(clear);
  const pass = encoder.beginComputePass({ label: plan.label });
  for (let i = 0; i < rounds; i++) plan.encode(pass, from, to);
  pass.end();
  const result = after(encoder);
  device.queue.submit([encoder.finish()]);
  return result;
}
