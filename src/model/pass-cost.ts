// What checking a guess costs on this device: a pass of several rows, timed in decode steps.
import type { Gpu } from '../gpu/gpu';
import type { Plan } from '../gpu/plan';
import { submit } from './submit';

/**
 * Over whatever lies in memory: it takes as long as over an answer, and warms up for one.
 * @param place puts ids and a position there.
 * @returns undefined where the clock was too coarse to tell.
 */
export async function measurePassCost(
  gpu: Gpu,
  step: Plan,
  pass: Plan,
  place: () => void,
): Promise<number | undefined> {
  const { queue } = gpu.device;
  const time = async (plan: Plan, times: number): Promise<number> => {
    place();
    await queue.onSubmittedWorkDone();
    const start = performance.now();
    for (let i = 0; i < times; i++) submit(gpu, plan, () => undefined);
    await queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await time(step, 1);
  await time(pass, 1);
  // Steps follow one another without a gap; a pass is waited for.
  const stepMs = ((await time(step, 5)) - (await time(step, 1))) / 4;
  const passMs = Math.min(await time(pass, 1), await time(pass, 1));
  return stepMs > 0 ? passMs / stepMs : undefined;
}
