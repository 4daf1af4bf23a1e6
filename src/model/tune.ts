// Finds the fastest way of each kernel for one model on one GPU, within a budget of time: each way is checked against
// the plainest one before it is timed.
import { PlanBuilder } from '../gpu/plan';
import { contest, type Result } from './contest';
import { KernelBench, type Subject } from './kernel-bench';
import { tunedKernels, type KernelTuning, type TunedKernel } from './tuning';
import { isTuned, tuningSubjects, usualWays, type TunedModel, type Ways } from './tuning-subjects';

export interface TuneOptions {
  /** Of the whole; pipelines that `compileWays` has not made ready are part of it. */
  readonly budgetMs?: number;
  readonly now?: () => number;
  /** Whether ways may take part whose x has 8 bits: fast, and less accurate. */
  readonly int8?: boolean;
  /** Positions that decode attention has before it, where the cache has them. */
  readonly attended?: number;
  /** False: what is found is reported and changes nothing. */
  readonly apply?: boolean;
  /** By default all that this adapter can run. */
  readonly ways?: Partial<Ways>;
  /** By default all of which the model runs more than one way. */
  readonly kernels?: readonly TunedKernel[];
}

export interface KernelReport {
  readonly kernel: TunedKernel;
  /** Of one call: what it reads, and products it computes. */
  readonly bytes: number;
  readonly products: number;
  readonly winner: string;
  /** Milliseconds are per call. */
  readonly results: readonly Result[];
}

export interface TuneReport {
  readonly tuning: KernelTuning;
  readonly kernels: readonly KernelReport[];
  readonly elapsedMs: number;
  /** Whether every kernel had its contest. Otherwise it is worth trying again next time. */
  readonly complete: boolean;
}

const defaultBudgetMs = 2000;
const usualAttended = 1024;

/**
 * The memory's contents are lost: call before the model has run anything.
 * @param base what runs where a kernel's contest brings nothing.
 */
export async function tuneKernels(
  model: TunedModel,
  base: KernelTuning,
  options: TuneOptions = {},
): Promise<TuneReport> {
  const { budgetMs = defaultBudgetMs, attended = usualAttended, now = () => performance.now() } = options;
  const start = now();
  const end = start + budgetMs;
  const found: { -readonly [K in TunedKernel]?: KernelTuning[K] } = {};
  const reports: KernelReport[] = [];
  const bench = new KernelBench(model.gpu);
  const subjects = tuningSubjects(model, waysOf(model, base, options), attended, () => ({
    ...base,
    ...found,
  }));
  const kernels = kernelsOf(model, options);
  const run = async <K extends TunedKernel>(kernel: K, deadline: number): Promise<void> => {
    const subject: Subject<KernelTuning[K]> = subjects[kernel];
    const { winner, results } = await contest(await bench.entries(subject), { deadline, now });
    if (winner) found[kernel] = winner;
    const { bytes, products } = subject;
    reports.push({ kernel, bytes, products, winner: subject.name(winner ?? base[kernel]), results });
  };
  try {
    for (const [i, kernel] of kernels.entries()) {
      const left = end - now();
      if (left <= 0) break;
      await run(kernel, now() + left / (kernels.length - i));
    }
  } finally {
    bench.dispose();
  }
  const complete = kernels.every((kernel) => found[kernel] !== undefined);
  const tuning = options.apply === false ? base : { ...base, ...found };
  return { tuning, kernels: reports, elapsedMs: now() - start, complete };
}

/**
 * Compiles what a contest will need, so that compilers work while weights arrive.
 * @returns when all of it is there, or has failed, which the contest will find out by itself.
 */
export async function compileWays(
  model: TunedModel,
  base: KernelTuning,
  options: TuneOptions = {},
): Promise<void> {
  const plan = new PlanBuilder(model.gpu, 'tuning/compile');
  const subjects = tuningSubjects(model, waysOf(model, base, options), 1, () => base);
  const compile = <K extends TunedKernel>(kernel: K): void => {
    const subject: Subject<KernelTuning[K]> = subjects[kernel];
    subject.addReference(plan);
    for (const way of subject.ways) subject.add(plan, way, 0);
  };
  for (const kernel of kernelsOf(model, options)) compile(kernel);
  await plan.compiled();
}

function waysOf(model: TunedModel, base: KernelTuning, { int8, ways }: TuneOptions): Ways {
  return { ...usualWays(model, base, int8), ...ways };
}

function kernelsOf(model: TunedModel, { kernels = tunedKernels }: TuneOptions): readonly TunedKernel[] {
  return kernels.filter((kernel) => isTuned(kernel, model));
}
