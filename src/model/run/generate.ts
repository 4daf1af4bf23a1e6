// An answer's ids, drawn on the GPU: steps submitted ahead of their results, and passes that check a guess of several
// ids at once. Decides what is submitted when; what a step or a pass is, decoder-model.ts lists.
import { AppError, invariant } from '../../base/errors';
import type { Plan } from '../../gpu/plan';
import type { ReadbackRing } from '../../gpu/readback';
import { noToken } from '../../kernels/sample/sample';
import type { ModelMemory } from '../memory';
import { Speculation, type PassCost, type SpeculationMode } from './speculation';
import { maxAhead, type StepsAhead } from './steps-ahead';

/** What an id has to obey. */
export interface Constraint {
  /** One bit for each token of the vocabulary, least first. */
  mask(): Promise<Uint32Array<ArrayBuffer>>;
  accept(id: number): void;
}

export interface GenerateOptions {
  /** Steps under way at once; by default what suits the adapter. */
  readonly ahead?: number;
  /** Every id before the answer: what guesses are taken from. Without it nothing is guessed. */
  readonly history?: Iterable<number>;
  /** Ids that the same answer began with: its draws go on from them, and its penalty knows them. */
  readonly begun?: readonly number[];
  /** Says before each id which may be drawn, and hears which was: then steps follow one another. */
  readonly constraint?: Constraint;
  /** Keeps how sure of its ids the model is: see DecoderModel.surety. Nothing is guessed then. */
  readonly surety?: boolean;
  /** After each guess that was checked. */
  readonly onGuess?: (guess: { readonly guessed: number; readonly right: number }) => void;
}

/** How guesses are made. */
export interface SpeculationSetup {
  readonly mode: SpeculationMode;
  /** Rows of a pass: the last id, and the guess. */
  readonly rows: number;
  readonly cost: PassCost;
}

/** What the model lends to an answer. */
export interface GenerateHost {
  readonly memory: ModelMemory;
  readonly queue: GPUQueue;
  readonly idRing: ReadbackRing;
  readonly contextWindow: number;
  readonly speculation: SpeculationSetup;
  /** `first` draws from the logits at hand, `step` runs the last id before, `pass` a guess of whole rows. */
  plan(kind: 'first' | 'step' | 'pass'): Promise<Plan>;
  /** What keeps how sure the ids just drawn are. */
  suretyPlan(): Promise<Plan>;
  /** Whether a step need not be compiled first. */
  stepsCompiled(): boolean;
  /** Room in the cache; plans may be new afterwards. */
  makeRoom(positions: number): Promise<void>;
  /** One submit. */
  encode<T>(plan: Plan, after: (encoder: GPUCommandEncoder) => T): T;
  /** That K and V of so many positions are those of the answer. */
  known(length: number): void;
}

export interface GenerateArgs {
  readonly settings: Uint32Array<ArrayBuffer>;
  readonly position: number;
  readonly count: number;
  readonly ahead: StepsAhead;
}

interface Pending {
  readonly words: Promise<ArrayBuffer>;
  /** Whether the GPU had another step to do when it was submitted. */
  readonly steady: boolean;
}

/** See DecoderModel.generate. */
export async function* generate(
  host: GenerateHost,
  { settings, position, count, ahead }: GenerateArgs,
  { history, begun = [], onGuess, constraint, surety }: GenerateOptions,
): AsyncGenerator<number> {
  invariant(ahead.count >= 1 && ahead.count <= maxAhead, `${ahead.count} steps ahead`);
  const { memory, queue, idRing } = host;
  const { mode, rows, cost } = host.speculation;
  const speculation =
    history && !constraint && !surety && mode !== 'off'
      ? new Speculation(history, rows - 1, mode, cost)
      : undefined;
  const first = await host.plan('first');
  const suretyPlan = surety ? await host.suretyPlan() : undefined;
  // A mask lies behind the settings, and the last of them says that it does.
  const words = settings.slice();
  if (constraint) words[words.length - 1] = 1;
  queue.writeBuffer(memory.settings, 0, words);
  const seen = new Uint32Array(memory.seen.size / 4);
  for (const id of begun) seen[id >>> 5] = (seen[id >>> 5] ?? 0) | (1 << (id & 31));
  queue.writeBuffer(memory.seen, 0, seen);
  // Sampling moves the position on: to that of the first id.
  queue.writeBuffer(memory.state, 0, new Uint32Array([position - 1, begun.length]));
  /** The last id and how many were drawn. */
  const submit = (plan: Plan): Promise<ArrayBuffer> => {
    const copy = host.encode(plan, (encoder) => idRing.copy(encoder, memory.tokens, 8));
    // Asked for at once, so that no step waits for the one before to be fetched.
    const words = idRing.read(copy);
    if (suretyPlan) host.encode(suretyPlan, () => undefined);
    words.catch(() => undefined);
    return words;
  };
  /** Yielded, whatever is still under way. */
  let taken = 0;
  let lastMs = performance.now();
  const sinceLast = (): number => -lastMs + (lastMs = performance.now());

  /** Runs the last id and a guess at what follows it. @returns the ids that do follow, at least one. */
  const pass = async (guess: readonly number[]): Promise<readonly number[]> => {
    await host.makeRoom(position + taken - 1 + rows);
    const plan = await host.plan('pass');
    // The last id is there.
    queue.writeBuffer(memory.tokens, 4, Uint32Array.from(guess));
    const [last = noToken, drawn = 0] = new Uint32Array(await submit(plan));
    invariant(drawn >= 1 && drawn <= rows, `${drawn} ids of a pass of ${rows}`);
    return [...guess.slice(0, drawn - 1), last];
  };

  const pending: Pending[] = [];
  /** Ids drawn on the GPU when all that is under way is done. */
  let submitted = 0;
  try {
    while (taken < count) {
      const guess = speculation?.wants() && fits() ? speculation.draft() : [];
      if (guess.length > 0 && pending.length === 0 && taken > 0) {
        const ids = (await pass(guess)).slice(0, count - taken);
        speculation?.pass(ids, sinceLast());
        onGuess?.({ guessed: guess.length, right: ids.length - 1 });
        submitted += ids.length;
        for (const id of ids) yield take(id);
        continue;
      }
      // With a guess to check, what is under way is waited for.
      const most = constraint ? 1 : ahead.count;
      while (submitted < count && pending.length < (guess.length > 0 && taken > 0 ? 0 : most)) {
        // The first runs no token, and has not to wait until what the others run is compiled.
        if (submitted === 1 && pending.length === 1 && !host.stepsCompiled()) break;
        await host.makeRoom(position + submitted);
        if (constraint) queue.writeBuffer(memory.settings, 4 * words.length, await constraint.mask());
        const plan = submitted++ === 0 ? first : await host.plan('step');
        pending.push({ words: submit(plan), steady: pending.length > 0 });
      }
      const oldest = pending.shift();
      invariant(oldest, 'A step that nobody submitted');
      const id = new Uint32Array(await oldest.words)[0] ?? noToken;
      const ms = sinceLast();
      ahead.step(ms, oldest.steady);
      speculation?.step(id, ms, oldest.steady);
      yield take(id);
    }
  } finally {
    await Promise.allSettled(pending.map(({ words }) => words));
  }

  /** Whether a whole pass has room, and could still be of use. */
  function fits(): boolean {
    return count - taken >= 2 && position + taken - 1 + rows <= host.contextWindow;
  }

  /** @throws AppError `run/bad-logits`. */
  function take(id: number): number {
    if (id === noToken) {
      throw new AppError(
        'run/bad-logits',
        'The model computed a logit that is not a number. Reload the model; if it happens again, try another model or update the graphics driver.',
        { details: { position: position + taken }, retryable: true },
      );
    }
    // What gave this id was fed the one before.
    host.known(position + taken);
    taken++;
    constraint?.accept(id);
    return id;
  }
}
