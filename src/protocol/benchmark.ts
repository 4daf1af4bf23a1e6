// What the benchmark reports, on the page and in the exported file. Types only.
import type { AdapterInfo, EngineName, KernelChoice } from './chat';

export interface Bandwidth {
  /** A kernel that does nothing but read, best of several rounds. */
  readonly bytesPerSecond: number;
  /** Length of what it read. */
  readonly bufferBytes: number;
}

/** `short`: some tens of tokens. `long`: some hundreds, or half of the context. */
export type BenchmarkPrompt = 'short' | 'long';

/** Who is measured: an engine as it chats, and llama.cpp through WebGPU, which is here to be compared with only. */
export type Contestant = EngineName | 'wllama-gpu';

/** A GPU, or threads of the processor. */
export type ComputesOn = { readonly adapter: AdapterInfo } | { readonly threads: number };

/** One engine on one prompt; each figure is the median over the rounds, the prompt new each time. */
export interface BenchmarkRow {
  readonly engine: Contestant;
  readonly on: ComputesOn;
  readonly prompt: BenchmarkPrompt;
  readonly rounds: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly ttftMs: number;
  readonly prefillTokensPerS: number;
  readonly decodeTokensPerS: number;
  /** Of the answers, tokens that were guessed and found right: faster than memory alone would allow. */
  readonly guessedTokens: number;
  /** Weights read per second of writing, over the measured bandwidth. Absent where either is unknown. */
  readonly roofFraction?: number;
}

export interface BenchmarkReport {
  readonly version: 3;
  readonly at: string;
  readonly model: string;
  /** The folder or catalogue entry that every engine loaded: the same bytes. */
  readonly build: string;
  readonly contextWindow: number;
  /** Of the GPU's memory; absent where there is no GPU. */
  readonly bandwidth?: Bandwidth;
  /** Bytes of weights that one token of writing reads. */
  readonly weightBytesPerToken?: number;
  /** How our engine's kernels were run; absent where it did not run. */
  readonly kernels?: KernelChoice;
  /** The order in which engines ran. */
  readonly order: readonly Contestant[];
  readonly rows: readonly BenchmarkRow[];
  /** Engines that could not run it, and why. */
  readonly failures: readonly {
    readonly engine: Contestant;
    readonly code: string;
    readonly message: string;
  }[];
}

export type BenchmarkEvent =
  /** The next thing to be measured. */
  | { readonly type: 'measuring'; readonly what: 'bandwidth' | Contestant }
  | { readonly type: 'bandwidth'; readonly bandwidth: Bandwidth }
  /** As it stands; a later one replaces the same engine's on the same prompt. */
  | { readonly type: 'row'; readonly row: BenchmarkRow };
