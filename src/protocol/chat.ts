// What a person asks and what comes back, in the OpenAI chat-completions vocabulary. Types only.
import type { NumericsReport } from './models';

export type Role = 'system' | 'user' | 'assistant';

export interface ChatMessage {
  readonly role: Role;
  readonly content: string;
  /** `data:image/...` addresses, for a user message to a model that sees; others refuse them. */
  readonly images?: readonly string[];
  /** The ids an answer's content was generated as. Used where they still spell it; another engine's do not. */
  readonly tokenIds?: readonly number[];
}

/** OpenAI's shapes. A schema constrains the text; the prompt must still ask for JSON. */
export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: { readonly name?: string; readonly schema: Readonly<Record<string, unknown>> };
    };

export interface GenerateRequest {
  /** An optional system message first, then user and assistant in turn, ending with user. */
  readonly messages: readonly ChatMessage[];
  /**
   * The messages end with an answer that was cut: it goes on from its last token, in the same turn. Only where
   * ModelInfo.abilities has `continue`.
   */
  readonly continue_final_message?: boolean;
  /** 0 is greedy. Default: the model's own. */
  readonly temperature?: number;
  /** (0, 1]. */
  readonly top_p?: number;
  /** 1 is off. Over the tokens of the answer so far, each once; the prompt does not count (as WebLLM does). */
  readonly repetition_penalty?: number;
  /** The same seed, request and adapter give the same text. */
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly stop?: readonly string[];
  /** Has the usage tell how sure the model was, where the engine can. */
  readonly logprobs?: boolean;
  /** Only where ModelInfo.abilities has `json`. */
  readonly response_format?: ResponseFormat;
}

export type FinishReason = 'stop' | 'length' | 'cancelled';

export interface Usage {
  readonly prompt_tokens: number;
  /** Drawn, the stop token that ended the answer included: one rule for every engine. */
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** Prompt tokens whose keys and values were still in the cache from the turn before. */
  readonly cached_tokens: number;
  /** Answer tokens that were guessed from the text before and found right, several in one pass. */
  readonly guessed_tokens?: number;
  /** Compute pipelines that the engine had compiled when the first token came, where it knows. */
  readonly pipelines?: number;
  /** Over the answer's first tokens, nats: of each under the model's own distribution, and of that distribution. */
  readonly mean_logprob?: number;
  readonly mean_entropy?: number;
  /** From the request to the first token, milliseconds. */
  readonly ttft_ms: number;
  readonly prefill_tokens_per_s: number;
  /** Over the tokens after the first. 0 when there were fewer than two. */
  readonly decode_tokens_per_s: number;
}

export type GenerateEvent =
  /** How much of the prompt has been read, 0 to 1, where that takes longer than a moment. */
  | { readonly type: 'prefill'; readonly fraction: number }
  | { readonly type: 'token'; readonly text: string; readonly tokenIds: readonly number[] }
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'done';
      readonly finishReason: FinishReason;
      /** True when the answer ended because the context window is full, not because of max_tokens. */
      readonly contextFull?: boolean;
    };

export type LoadPhase =
  | 'config'
  | 'tokenizer'
  | 'manifest'
  | 'shards'
  | 'verify'
  | 'upload'
  | 'compile'
  | 'ready';

export interface LoadProgress {
  readonly phase: LoadPhase;
  /** Bytes of the model that are on the GPU or on the way there, of totalBytes; 0 of 0 until the manifest is read. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** One figure over all phases, 0 to 1; never goes back. */
  readonly fraction: number;
  /** Of those bytes, how many came over the network in this load. */
  readonly fetchedBytes: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** Of an engine that comes in chunks of its own: the address of one, from which the page keeps them all. */
  readonly script?: string;
}

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly isFallback: boolean;
  readonly shaderF16: boolean;
}

/** Ours and WebLLM on the GPU, llama.cpp on the processor. */
export type EngineName = 'wgsl' | 'webllm' | 'wllama';

/** How a conversation becomes a prompt: as the model was trained, or as MLC and WebLLM do it, to compare with them. */
export type PromptTemplate = 'exact' | 'mlc';

/** What an engine can do beyond text in, text out. */
export type Ability = 'json' | 'images' | 'continue';

/** What a person should know of an engine. `prefill-uninterruptible`: stop takes effect at the first token. */
export type Caveat = 'prefill-uninterruptible' | 'no-token-ids' | 'tags-in-text-obeyed';

/** How an engine's kernels are run on this device. */
export interface KernelChoice {
  /** Kernel by kernel, the name of its way. */
  readonly ways: Readonly<Record<string, string>>;
  /** Where that comes from: timed at this load, or at an earlier one, or not at all. */
  readonly from: 'measured' | 'remembered' | 'default';
  /** Milliseconds that timing took. */
  readonly tuningMs?: number;
}

export interface ModelInfo {
  /** Catalogue id or the folder's address. */
  readonly id: string;
  readonly engine: EngineName;
  readonly adapter: AdapterInfo;
  readonly contextWindow: number;
  readonly vocabSize: number;
  readonly parameters: number;
  /** Bytes of the weight files. */
  readonly weightBytes: number;
  /** Of those, what writing one token reads: all but the embedding table, of which it reads a row. */
  readonly weightBytesPerToken?: number;
  /** Bytes of GPU buffers held. */
  readonly gpuBytes: number;
  readonly defaults: {
    readonly temperature: number;
    readonly top_p: number;
    readonly repetition_penalty: number;
  };
  /** Where the engine knows. */
  readonly kernels?: KernelChoice;
  /** Of a model whose own formats were checked on this device when it was loaded. */
  readonly numerics?: NumericsReport;
  /** Of an engine that computes on the processor: on how many threads, and how many tokens it wrote a second when tried. */
  readonly processor?: { readonly threads: number; readonly tokensPerSecond: number };
  readonly abilities?: readonly Ability[];
  readonly caveats?: readonly Caveat[];
}
