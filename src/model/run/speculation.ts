// Whether guessing ahead pays. A guess of several ids is checked by one pass of several rows, which costs more than a
// step and yields from one id to all of them. This controller lets a pass happen only while it is expected to save
// time, and only if the answer would still be less than 2 % slower than without guesses should nothing of it be right.
// Pure: knows times and counts, no GPU.
//
// - What a pass would yield is learned for nothing: while plain steps run, the guess that would have been checked is
//   held against the ids that come. So nothing is spent on an answer that does not repeat its sources, and a later
//   stretch that does is noticed.
// - What it costs, in plain steps, is measured when a model is first loaded, and at every pass.
// - What passes lost, or saved, is kept as one sum. A pass may happen while that sum, with all that the pass could
//   lose, stays below 2 % of the time that plain steps would have taken for the answer so far. So a pass of two steps'
//   cost has to wait for some sixty tokens; what guesses saved may be risked again.
import { PromptLookup } from './prompt-lookup';

/** Share of an answer's time that wrong guesses may cost. */
const lossShare = 0.02;
/** A pass must promise this much more than it costs. */
const margin = 1.1;
/** Steady steps before their time is known well enough. */
const leastSteps = 16;
/** How fast the figures follow what happens. */
const stepWeight = 1 / 64;
const passWeight = 1 / 4;

/** What a pass costs in plain steps; kept from answer to answer. */
export interface PassCost {
  steps: number;
}

/** When to check guesses, by what it has cost and yielded. Times in milliseconds. */
export class SpeculationControl {
  #stepMs = 0;
  #steadySteps = 0;
  #tokens = 0;
  /** What passes and the gaps after them took beyond plain steps; negative when they saved time. */
  #lostMs = 0;
  /** Ids per pass, expected. */
  #yield: number | undefined;
  /** What starting again after a pass took beyond a step: as yet a guess. */
  #restartSteps = 0.25;

  constructor(private readonly cost: PassCost) {}

  /**
   * A plain step's id, `ms` after the one before.
   * @param steady that the GPU had it to do while the step before was still under way.
   */
  step(ms: number, steady: boolean): void {
    this.#tokens++;
    if (steady) {
      this.#steadySteps++;
      this.#stepMs += (ms - this.#stepMs) * Math.max(stepWeight, 1 / this.#steadySteps);
    } else if (this.#steadySteps > 0) {
      const lost = Math.max(0, ms - this.#stepMs);
      this.#lostMs += lost;
      this.#restartSteps += (lost / this.#stepMs - this.#restartSteps) * passWeight;
    }
  }

  /** A pass that gave `ids` ids, `ms` after the id before. */
  pass(ms: number, ids: number): void {
    this.#tokens += ids;
    this.seen(ids);
    if (this.#stepMs === 0) return;
    this.#lostMs += ms - ids * this.#stepMs;
    this.cost.steps += (ms / this.#stepMs - this.cost.steps) * passWeight;
  }

  /** What a pass gave, or would have given. */
  seen(ids: number): void {
    this.#yield = this.#yield === undefined ? ids : this.#yield + (ids - this.#yield) * passWeight;
  }

  /** Whether a pass should be made. */
  wants(): boolean {
    if (this.#steadySteps < leastSteps || this.#yield === undefined) return false;
    if (this.#yield < this.cost.steps * margin) return false;
    // Of nothing right, the pass still gives an id.
    const atRisk = (this.cost.steps - 1 + this.#restartSteps) * this.#stepMs;
    return this.#lostMs + Math.max(0, atRisk) <= lossShare * this.#tokens * this.#stepMs;
  }
}

/**
 * - `auto`: where the controller expects a gain.
 * - `always`: wherever there is a guess; for tests.
 */
export type SpeculationMode = 'auto' | 'always' | 'off';

/** Guesses of one answer, and whether to check one now. */
export class Speculation {
  readonly #lookup: PromptLookup;
  readonly #control: SpeculationControl;
  /** Ids of the guess under way that came true, while plain steps run. */
  #right: number | undefined;

  /** @param history ids before the answer. @param length of a guess. */
  constructor(
    history: Iterable<number>,
    private readonly length: number,
    private readonly mode: SpeculationMode,
    cost: PassCost,
  ) {
    this.#lookup = new PromptLookup(history);
    this.#control = new SpeculationControl(cost);
  }

  /** See SpeculationControl.step. */
  step(id: number, ms: number, steady: boolean): void {
    this.#control.step(ms, steady);
    this.#follow(id);
    this.#lookup.push(id);
  }

  /** What a pass found to come next, at least one id, `ms` after the id before. */
  pass(ids: readonly number[], ms: number): void {
    this.#control.pass(ms, ids.length);
    this.#right = undefined;
    for (const id of ids) this.#lookup.push(id);
  }

  /** Whether the steps under way should be the last before a pass. */
  wants(): boolean {
    if (this.mode === 'off' || !this.#lookup.found) return false;
    return this.mode === 'always' || this.#control.wants();
  }

  /** The ids that should follow; empty when there is no guess. */
  draft(): number[] {
    return this.#lookup.draft(this.length);
  }

  #follow(id: number): void {
    const { next } = this.#lookup;
    // Begun where a pass would have been: at a guess.
    if (this.#right === undefined) {
      if (next === undefined) return;
      this.#right = 0;
    }
    if (next === id && this.#right < this.length) {
      this.#right++;
      return;
    }
    this.#control.seen(this.#right + 1);
    this.#right = undefined;
  }
}
