// What the window may know of models before any is loaded: what each is, whether this device can run it, and why.
// Types only; src/engines makes them, src/ui words them by their codes.
import type { AdapterInfo, EngineName } from './chat';

/** Bytes on the GPU, by the formula in docs/models.md. */
export interface MemoryEstimate {
  readonly engine: EngineName;
  readonly contextWindow: number;
  readonly weights: number;
  readonly kvCache: number;
  /** Activations of a prefill chunk and the rest. */
  readonly work: number;
  readonly total: number;
}

export type FitVerdict = 'fits' | 'tight' | 'cannot';

/**
 * Why, with the numbers in `details`: `memory` {needed, available}, `tensor-too-large` {needed, has},
 * `limit` {limit, has, needed}, `software-adapter`, `obstacle` {obstacle}, `enough` {needed, available}.
 */
export interface FitReason {
  readonly code: 'enough' | 'memory' | 'tensor-too-large' | 'limit' | 'software-adapter' | 'obstacle';
  /** One English sentence with the numbers, for where there is no translation. */
  readonly text: string;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface ModelFit {
  readonly verdict: FitVerdict;
  readonly reason: FitReason;
  /** What to load: a build's id. Undefined when it cannot. */
  readonly build: string | undefined;
  /** Engines that can run that build on this device, the one to take without measurement first. */
  readonly engines: readonly EngineName[];
  readonly contextWindow: number;
  readonly memory: MemoryEstimate | undefined;
}

/** What a publisher says of its model's answers: of the whole weights, in a way of its own, and not measured here. */
export interface QuotedFigure {
  /** Per cent of GSM8K's arithmetic in words that it solves. */
  readonly gsm8k: number;
  /** Where it is said. */
  readonly source: string;
}

/** One model as a person chooses it. */
export interface ModelCard {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly languages: readonly string[];
  readonly licence: string;
  readonly quoted?: QuotedFigure;
  readonly parameters: number;
  readonly downloadBytes: number;
  readonly downloadIsExact: boolean;
  readonly seesImages: boolean;
  /** Engines that have a build of it, on any device. */
  readonly engines: readonly EngineName[];
  /** WebGPU features that the chosen build needs with the first of fit.engines. */
  readonly features: readonly string[];
  readonly obstacle?: { readonly code: string; readonly text: string };
  readonly fit: ModelFit;
}

export interface ModelList {
  readonly adapter: AdapterInfo;
  readonly deviceMemoryGiB?: number;
  /** What a model may take of the GPU's memory; not firm where the browser says no more than "this much or more". */
  readonly room: { readonly bytes: number; readonly firm: boolean };
  readonly cards: readonly ModelCard[];
  /** Id of the card to offer first. */
  readonly preselected: string;
}

/** The outcome of allocating what a model would hold, on the real device. */
export interface MemoryCheck {
  readonly neededBytes: number;
  readonly buffers: number;
  readonly elapsedMs: number;
}

export interface EngineTiming {
  readonly ttft_ms: number;
  readonly decode_tokens_per_s: number;
}

export interface NumericsReport {
  readonly ok: boolean;
  /** Normalised mean squared error of the logits against the stored ones. */
  readonly nmse: number;
  readonly tolerance: number;
  readonly elapsedMs: number;
}

/** Which engine runs a model here, and why. */
export interface EngineChoice {
  readonly engine: EngineName;
  readonly why: 'only-one' | 'asked-for' | 'numerics-failed' | 'measured' | 'not-measured';
  readonly numerics?: NumericsReport;
  readonly timings?: Partial<Readonly<Record<EngineName, EngineTiming>>>;
}
