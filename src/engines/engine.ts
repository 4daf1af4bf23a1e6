// The engine seam: one interface, two implementations (wgsl, webllm), chosen per device.
import type {
  ChatMessage,
  EngineName,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  ModelInfo,
} from '../protocol/chat';

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Nothing of the model is written to storage: for a device whose storage is full. */
  readonly memoryOnly?: boolean;
}

export interface Engine {
  readonly name: EngineName;
  /**
   * Makes the model ready to answer. Loading another model frees the one before; an aborted or failed load
   * leaves nothing behind and the next load works.
   * @throws AppError `run/aborted`, and the gpu, network, storage, model and tokenizer codes.
   */
  load(model: string, options: LoadOptions): Promise<ModelInfo>;
  /**
   * One answer: `token` events, then `usage`, then `done`. A cancelled run ends with finish reason
   * `cancelled` rather than by throwing. One generation at a time: a second throws `run/busy`.
   */
  generate(request: GenerateRequest, options: { readonly signal: AbortSignal }): AsyncIterable<GenerateEvent>;
  /** Tokens of the templated conversation, the assistant's tag included; a last turn of its own is left open. */
  countTokens(messages: readonly ChatMessage[]): Promise<number>;
  /** Bytes of GPU buffers that it holds now: weights, cache and work. 0 without a model, and on the processor. */
  readonly gpuBytes: number;
  /** Settles when the device is lost; the engine must then be disposed and made anew. */
  readonly lost: Promise<Error>;
  dispose(): Promise<void>;
}
