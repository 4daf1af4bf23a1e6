// What the window may ask of an engine, whichever realm it runs in. Two implementations: worker-client.ts
// (the real one, over a port to the worker) and fake-engine.ts (component tests only).
import type { AppError } from '../base/errors';
import type { ChatMessage, GenerateEvent, GenerateRequest, LoadProgress, ModelInfo } from '../protocol/chat';

export interface EngineClient {
  load(
    model: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: LoadProgress) => void },
  ): Promise<ModelInfo>;
  /**
   * Batches of events, at most one a frame. Ends after `done`. Aborting the signal ends the run with finish
   * reason `cancelled`; leaving the loop early aborts it too.
   */
  generate(
    request: GenerateRequest,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<readonly GenerateEvent[]>;
  countTokens(messages: readonly ChatMessage[]): Promise<number>;
  /** Called when the worker crashed or the GPU device was lost; the model must be loaded again. */
  onLost(listener: (error: AppError) => void): () => void;
  dispose(): void;
}
