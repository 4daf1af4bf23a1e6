// What checking a guess costs on this device: a pass of several rows, timed in decode steps.
import type { Gpu } from '../../gpu/gpu';
import type { Plan } from '../../gpu/plan';
import { submit } from '../run/submit';

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
  const least = async (plan: Plan, times: number): Promise<number> =>
    Math.min(await time(plan, times), await time(plan, times));
  // Steps follow one another without a gap; a pass is waited for.
  const [five, one, passMs] = [await least(step, 5), await least(step, 1), await least(pass, 1)];
  // On a machine busy with other things one step may look as long as five, and a pass would seem too dear for good.
  const stepMs = Math.max((five - one) / 4, five / 10);
  return stepMs > 0 ? passMs / stepMs : undefined;
}
