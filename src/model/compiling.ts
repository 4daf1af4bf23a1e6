// When a model's kernels are compiled. On a GPU all at once: its drivers compile beside each other. Where the processor
// compiles, one kernel waits for the other: what an answer's first token needs comes first, and the rest when that token
// is there, or nothing has been asked for a moment.
import type { ModelPlans } from './model-plans';

/** Of rest after which compilers go on with what no first token needs. */
const idleMs = 300;

export class Compiling {
  /** Of everything that an answer may need, once begun. */
  #all: Promise<void> | undefined;
  #allDone = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly plans: Pick<ModelPlans, 'compileFirst' | 'compile'>,
    private readonly onProcessor: boolean,
  ) {}

  /** Whether nothing that an answer may need is left. */
  get allDone(): boolean {
    return this.#allDone;
  }

  /** Lets compilers begin. What fails, `first` and `all` tell of. */
  begin(): void {
    (this.onProcessor ? this.first() : this.all()).catch(() => undefined);
  }

  /** What an answer's first token needs. @throws AppError `gpu/shader-invalid`. */
  first(): Promise<void> {
    return this.plans.compileFirst();
  }

  /** Everything: once, or again after it failed or the kernels changed. @throws AppError `gpu/shader-invalid`. */
  all(): Promise<void> {
    this.pause();
    if (this.#all) return this.#all;
    const all = (this.#all = this.plans.compile());
    all.then(
      () => this.#isCurrent(all) && (this.#allDone = true),
      () => this.#isCurrent(all) && (this.#all = undefined),
    );
    return all;
  }

  /** Everything that is left, after a moment of rest. */
  restLater(): void {
    this.pause();
    this.#idle = setTimeout(() => this.rest(), idleMs);
  }

  /** Everything that is left, from now on. */
  rest(): void {
    this.all().catch(() => undefined);
  }

  /** Something is asked, or nothing ever will be: no rest to use. */
  pause(): void {
    clearTimeout(this.#idle);
  }

  /** The kernels are others now. */
  changed(): void {
    this.#all = undefined;
    this.#allDone = false;
  }

  #isCurrent(all: Promise<void>): boolean {
    return this.#all === all;
  }
}
