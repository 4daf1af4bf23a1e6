// How sure the model was of the ids it drew, as the logprob kernel left it beside them.
import type { Gpu } from '../../gpu/gpu';
import { ReadbackRing } from '../../gpu/readback';
import type { Logprob } from '../../kernels/logprob/logprob';
import { suretyDraws, type ModelMemory } from '../memory';

/**
 * Of draws from .. to - 1, counted from the answer's beginning; of later draws than `suretyDraws` nothing is kept.
 * @returns one for each draw that is kept.
 */
export async function readSurety(
  gpu: Gpu,
  { surety }: Pick<ModelMemory, 'surety'>,
  from: number,
  to: number,
): Promise<readonly Logprob[]> {
  const end = Math.min(to, suretyDraws);
  if (end <= from) return [];
  const ring = new ReadbackRing(gpu, 'surety', 8 * suretyDraws, 1);
  try {
    const encoder = gpu.device.createCommandEncoder({ label: 'surety' });
    const copy = ring.copy(encoder, surety, 8 * (end - from), 8 * from);
    gpu.device.queue.submit([encoder.finish()]);
    const figures = new Float32Array(await ring.read(copy));
    return Array.from({ length: end - from }, (_, i) => ({
      logprob: figures[2 * i] ?? NaN,
      entropy: figures[2 * i + 1] ?? NaN,
    }));
  } finally {
    ring.dispose();
  }
}
