// What the window may ask of an engine, whichever realm it runs in. Two implementations: worker-client.ts
// (the real one, over a port to the worker) and fake-engine.ts (component tests only).
import type { AppError } from '../base/errors';
import type { BenchmarkEvent, BenchmarkReport } from '../protocol/benchmark';
import type {
  ChatMessage,
  EngineName,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  PromptTemplate,
} from '../protocol/chat';
import type { LentModel } from '../base/lent-model';
import type { ModelList } from '../protocol/models';
import type { Comparison, HeldMemory, LoadedModel } from '../protocol/rpc';

export interface BenchmarkOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: BenchmarkEvent) => void;
  /** With llama.cpp as well, on the GPU and on the processor, where it can run the model. */
  readonly llamaCpp?: boolean;
}

export interface EngineMemory extends HeldMemory {
  /** The engine is in this tab, which holds those bytes; else it holds none. */
  readonly here: boolean;
}

export interface EngineClient {
  load(
    model: string,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: LoadProgress) => void;
      /** A person's wish, where the device allows it. */
      readonly engine?: EngineName;
      readonly contextWindow?: number;
      readonly template?: PromptTemplate;
      /** The person has said yes to its download. */
      readonly agreed?: boolean;
      /** Nothing of the model is written to storage. */
      readonly memoryOnly?: boolean;
      /** Read from there, and not fetched. */
      readonly lent?: LentModel;
    },
  ): Promise<LoadedModel>;
  /**
   * Batches of events, at most one a frame. Ends after `done`. Aborting the signal ends the run with finish
   * reason `cancelled`; leaving the loop early aborts it too.
   */
  generate(
    request: GenerateRequest,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<readonly GenerateEvent[]>;
  countTokens(messages: readonly ChatMessage[]): Promise<number>;
  /** Every model of the catalogue with whether it fits this device. */
  models(language: string): Promise<ModelList>;
  /** Times each engine that can run the model here; the model must be loaded again afterwards. */
  compareEngines(
    model: string,
    options: { readonly signal: AbortSignal; readonly onStart: (engine: EngineName) => void },
  ): Promise<Comparison>;
  /** Measures memory and every engine that can run the model here; it must be loaded again afterwards. */
  benchmark(model: string, options: BenchmarkOptions): Promise<BenchmarkReport>;
  /** What the engine holds, whichever tab has it. */
  held(): Promise<EngineMemory>;
  /** Called when the worker crashed or the GPU device was lost; the model must be loaded again. */
  onLost(listener: (error: AppError) => void): () => void;
  dispose(): void;
}
