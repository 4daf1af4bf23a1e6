// Finds the fastest way of each kernel for one model on one GPU, within a budget of time: each way is checked against
// the plainest one before it is timed.
import { PlanBuilder } from '../../gpu/plan';
import { contest, hopeless, type Result } from './contest';
import { KernelBench, type Subject } from './kernel-bench';
import { isProduct, productKernels, tunedKernels, type KernelTuning, type TunedKernel } from './tuning';
import { isTuned, tuningSubjects, type TunedModel } from './tuning-subjects';
import { usualWays, type Ways } from './tuning-ways';

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
 * Of the time there is, beside the others still to come. The first product goes through all tiles, the others through
 * those that were near the best of it.
 */
function weight(kernel: TunedKernel): number {
  if (kernel === productKernels[0]) return 2;
  return isProduct(kernel) ? 0.5 : 1;
}

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
  /** Names of the tiles that other products choose among, the best first; undefined: all. */
  let promising: readonly string[] | undefined;
  const run = async <K extends TunedKernel>(kernel: K, deadline: number): Promise<void> => {
    const subject = among(
      subjects[kernel] as Subject<KernelTuning[K]>,
      isProduct(kernel) ? promising : undefined,
    );
    const { winner, results } = await contest(await bench.entries(subject), { deadline, now });
    if (winner) found[kernel] = winner;
    // Figures of all ways are what a run is for that changes nothing.
    if (winner && kernel === productKernels[0] && options.apply !== false)
      promising = nearest(subject.name(winner), results);
    const { bytes, products } = subject;
    reports.push({ kernel, bytes, products, winner: subject.name(winner ?? base[kernel]), results });
  };
  try {
    for (const [i, kernel] of kernels.entries()) {
      const left = end - now();
      if (left <= 0) break;
      const weights = kernels.slice(i).reduce((sum, other) => sum + weight(other), 0);
      await run(kernel, now() + (left * weight(kernel)) / weights);
    }
  } finally {
    bench.dispose();
  }
  const complete = kernels.every((kernel) => found[kernel] !== undefined);
  // What is best for the largest product is a better guess for the others than what was never timed.
  const lead = found[productKernels[0]];
  if (lead) for (const kernel of kernels) if (isProduct(kernel)) found[kernel] ??= lead;
  const tuning = options.apply === false ? base : { ...base, ...found };
  return { tuning, kernels: reports, elapsedMs: now() - start, complete };
}

/** The winner, and what was not out of the race at first sight. */
function nearest(winner: string, results: readonly Result[]): readonly string[] {
  const best = Math.min(...results.map(({ ms = Infinity }) => ms));
  const near = results.filter(({ name, ms = Infinity }) => name !== winner && ms <= best * hopeless);
  return [winner, ...near.map(({ name }) => name)];
}

function among<Way>(subject: Subject<Way>, names: readonly string[] | undefined): Subject<Way> {
  if (!names) return subject;
  const ways = names.flatMap((name) => subject.ways.filter((way) => subject.name(way) === name));
  return { ...subject, ways };
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
