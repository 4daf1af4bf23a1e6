// Which of several ways of doing the same is fastest here: every way proves itself right before its time counts, and
// no contest outlasts its deadline. Knows no GPU: what a way is, the caller says.

export interface Entry<Way> {
  readonly way: Way;
  readonly name: string;
  /** Makes ready to run. A rejection takes the way out of the contest. */
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  /** How far its result is from the reference, and how far it may be; not finite is wrong. */
  check(): Promise<{ readonly error: number; readonly bound: number }>;
  /** Runs that many rounds of the work. @returns milliseconds. */
  time(rounds: number): Promise<number>;
  dispose(): void;
}

export interface Result {
  readonly name: string;
  /** `failed`: could not be prepared or broke; `wrong`: its result was; `late`: no time left for it. */
  readonly outcome: 'timed' | 'failed' | 'wrong' | 'late';
  /** Per round, the best of several. */
  readonly ms?: number;
  readonly error?: number;
}

export interface Outcome<Way> {
  /** Undefined when not even the first entry could be timed: nothing was learned. */
  readonly winner: Way | undefined;
  readonly results: readonly Result[];
}

export interface ContestOptions {
  /** By `now`, in milliseconds. Nothing new begins after it. */
  readonly deadline: number;
  readonly now: () => number;
}

/** Of a run that is timed: well above the grain of a browser's clock and what a submit costs. */
const targetMs = 6;
const mostRounds = 256;
/** Times each way is timed, once the slow ones are out. */
const repeats = 4;
/** A way that is this much slower than the best at first sight is out. */
export const hopeless = 1.4;
/** What a way must be faster by to replace the first, which is the default: less is noise. */
const worthwhile = 0.97;

interface Runner<Way> {
  readonly entry: Entry<Way>;
  readonly prepared: Prepared;
  readonly error: number;
  ms: number;
}

/** The first entry is the default: it wins unless another is faster by more than noise. */
export async function contest<Way>(
  entries: readonly Entry<Way>[],
  { deadline, now }: ContestOptions,
): Promise<Outcome<Way>> {
  const out: Result[] = [];
  const runners: Runner<Way>[] = [];
  const prepared = await prepareAll(entries, () => Math.max(0, deadline - now()));
  try {
    for (const [i, entry] of entries.entries()) {
      const { name } = entry;
      const own = prepared[i];
      if (own === undefined || own === 'late') out.push({ name, outcome: own ?? 'failed' });
      else if (now() >= deadline) out.push({ name, outcome: 'late' });
      else {
        const verdict = await own.check().catch(() => undefined);
        if (!verdict) out.push({ name, outcome: 'failed' });
        else if (!(verdict.error <= verdict.bound))
          out.push({ name, outcome: 'wrong', error: verdict.error });
        else runners.push({ entry, prepared: own, error: verdict.error, ms: Infinity });
      }
    }
    await timeAll(runners, out, { deadline, now });
    const results = entries.map(({ name }) => {
      const runner = runners.find(({ entry }) => entry.name === name);
      const { ms = Infinity, error } = runner ?? {};
      if (Number.isFinite(ms)) return { name, outcome: 'timed', ms, error } as Result;
      return out.find((result) => result.name === name) ?? ({ name, outcome: 'late', error } as Result);
    });
    return { winner: winnerOf(runners, entries[0]), results };
  } finally {
    for (const own of prepared) if (typeof own === 'object') own.dispose();
  }
}

/** In parallel, since most of it is a compiler at work elsewhere. */
async function prepareAll<Way>(
  entries: readonly Entry<Way>[],
  left: () => number,
): Promise<(Prepared | 'late' | undefined)[]> {
  return Promise.all(
    entries.map(async (entry) => {
      let late = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const own = entry.prepare();
      const limit = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => {
          late = true;
          resolve('late');
        }, left());
      });
      // What comes after the limit is thrown away.
      own.then((prepared) => late && prepared.dispose()).catch(() => undefined);
      try {
        return await Promise.race([own, limit]);
      } catch {
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}

async function timeAll<Way>(
  runners: Runner<Way>[],
  out: Result[],
  { deadline, now }: ContestOptions,
): Promise<void> {
  let rounds = 1;
  let racing = [...runners];
  const timeOne = async (runner: Runner<Way>): Promise<void> => {
    try {
      runner.ms = Math.min(runner.ms, (await runner.prepared.time(rounds)) / rounds);
    } catch {
      runner.ms = Infinity;
      out.push({ name: runner.entry.name, outcome: 'failed', error: runner.error });
      racing = racing.filter((other) => other !== runner);
    }
  };
  for (const runner of [...racing]) {
    if (now() >= deadline) return;
    // Once for caches and clocks to warm up; of the first it also says how long a run has to be.
    await timeOne(runner);
    if (runner === runners[0] && runner.ms > 0)
      rounds = Math.min(mostRounds, Math.max(1, Math.ceil(targetMs / runner.ms)));
    if (!Number.isFinite(runner.ms)) continue;
    if (now() >= deadline) return;
    runner.ms = Infinity;
    await timeOne(runner);
  }
  const best = Math.min(...racing.map(({ ms }) => ms));
  racing = racing.filter(({ ms }) => ms <= best * hopeless);
  for (let i = 1; i < repeats; i++) {
    for (const runner of [...racing]) {
      if (now() >= deadline) return;
      await timeOne(runner);
    }
  }
}

function winnerOf<Way>(runners: readonly Runner<Way>[], first: Entry<Way> | undefined): Way | undefined {
  const timed = runners.filter(({ ms }) => Number.isFinite(ms));
  const usual = timed.find(({ entry }) => entry === first);
  const fastest = timed.reduce<Runner<Way> | undefined>(
    (best, runner) => (best && best.ms <= runner.ms ? best : runner),
    undefined,
  );
  if (!fastest) return undefined;
  if (usual && !(fastest.ms < usual.ms * worthwhile)) return usual.entry.way;
  return fastest.entry.way;
}
