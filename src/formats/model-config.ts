// What a model's files say of it, checked and named. Types here; mlc/parse-config.ts and gguf/config.ts read and
// validate.
import type { GgufType } from './gguf/types';

/** How the files hold the weights: MLC's two 4-bit layouts, or a GGUF's, each tensor in a type of its own. */
export type Quantization = 'q4f16_1' | 'q4f32_1' | 'gguf';

/** Which family of decoders; what it means for names, order and biases stands in architectures.ts. */
export type Architecture = 'phi3' | 'llama' | 'qwen2';

/** Short factors for a text that fits into the original positions, long ones for all of one that does not. */
export interface LongRope {
  /** One factor per rotary pair: rotaryDim / 2 of each. */
  readonly shortFactor: readonly number[];
  readonly longFactor: readonly number[];
  readonly originalMaxPosition: number;
  /** cos and sin are multiplied by this. */
  readonly attentionFactor: number;
}

/** The shape of a decoder; everything a kernel's sizes follow from. */
export interface ModelShape {
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** A multiple of 8. */
  readonly headDim: number;
  /** Dimensions of a head that rotate, from the front; even, at most headDim. */
  readonly rotaryDim: number;
  /** Rows of the embedding and of lm_head: at least the tokenizer's vocabulary. */
  readonly vocab: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly longRope: LongRope | undefined;
  /** Newest positions that a position attends to, itself among them; undefined: all. */
  readonly slidingWindow?: number | undefined;
  /** lm_head is the embedding table. */
  readonly tied: boolean;
  readonly quantization: Quantization;
  /** Of the Phi-3 family without it. */
  readonly architecture?: Architecture;
  /** Divisors of the rotary frequencies, one per pair, at every position: Llama 3's. */
  readonly ropeFactors?: readonly number[];
  /** By name, where quantization is `gguf`. */
  readonly types?: Readonly<Record<string, GgufType>>;
}

export interface ConvTemplate {
  readonly name: string;
  /** With the placeholder {system_message}. */
  readonly systemTemplate: string;
  /** What a conversation without a system text gets; undefined: none. */
  readonly systemMessage: string | undefined;
  readonly systemPrefixTokenIds: readonly number[];
  readonly roles: { readonly user: string; readonly assistant: string };
  /** With the placeholders {user_message} and {assistant_message}. */
  readonly roleTemplates: { readonly user: string; readonly assistant: string };
  readonly seps: readonly string[];
  readonly roleContentSep: string;
  readonly roleEmptySep: string;
  readonly stopStrings: readonly string[];
  readonly stopTokenIds: readonly number[];
}

/** What a model sees by, where its files bring that along: which of its numbers tell how a picture is cut up. */
export interface Eyes {
  /** Of the file. */
  readonly name: string;
  readonly nbytes: number;
  /** Of its projector, as llama.cpp names it. */
  readonly kind: string;
  /** Pixels along a tile, and along a patch of it. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Patches along that become one position of the context. */
  readonly merge: number;
  /** Pixels that a picture's longer side is stretched to. */
  readonly longestEdge: number;
  /** The whole picture among them, where its size does not tell. */
  readonly mostTiles: number;
}

export interface ModelConfig {
  readonly shape: ModelShape;
  readonly contextWindow: number;
  readonly prefillChunk: number;
  readonly defaults: {
    readonly temperature: number;
    readonly topP: number;
    readonly repetitionPenalty: number;
  };
  readonly template: ConvTemplate;
  /** Of a pair of files; our own engine reads the text by the first and leaves the second alone. */
  readonly eyes?: Eyes;
  /** Files the tokenizer needs, such as tokenizer.json. */
  readonly tokenizerFiles: readonly string[];
}
