// What WebLLM has to be told of a model, and what its folder and the load tell.
import type { TensorManifest } from '../../formats/mlc/manifest';
import type { AdapterInfo, ModelInfo } from '../../protocol/chat';
import type { ChatConfig } from './chat-config';

/** What WebLLM needs to know of a model beyond its folder. */
export interface WebLlmModel {
  readonly id: string;
  /** Absolute address of the MLC folder. */
  readonly folder: string;
  /** Other folders with the same files. */
  readonly mirrors?: readonly string[];
  /** Absolute address of the compiled library, of any origin. */
  readonly library: string;
  /** Positions; without it as many as the folder says, 4096 at most. */
  readonly contextWindow?: number;
  readonly seesImages: boolean;
  /** Without it counted from the folder's tensors. */
  readonly parameters?: number;
}

export type KnownModel = WebLlmModel & Required<Pick<WebLlmModel, 'contextWindow' | 'parameters'>>;

const usualContext = 4096;

/** What the folder knows of it where nobody has said so. */
export function known(model: WebLlmModel, manifest: TensorManifest, config: ChatConfig): KnownModel {
  return {
    parameters: parametersOf(manifest),
    ...model,
    contextWindow: Math.min(model.contextWindow ?? usualContext, config.contextWindow),
  };
}

/** Of the tensors of a folder in MLC's 4-bit layout: eight weights to a word, whose scales are none. */
function parametersOf({ shards }: TensorManifest): number {
  let sum = 0;
  for (const { records } of shards) {
    for (const { name, shape } of records) {
      if (name.endsWith('q_scale')) continue;
      sum += shape.reduce((size, length) => size * length, name.endsWith('q_weight') ? 8 : 1);
    }
  }
  return sum;
}

export function infoOf(
  model: KnownModel,
  config: ChatConfig,
  bytes: { readonly weightBytes: number; readonly gpuBytes: number },
  adapter: AdapterInfo,
): ModelInfo {
  return {
    id: model.id,
    engine: 'webllm',
    adapter,
    contextWindow: model.contextWindow,
    vocabSize: config.vocabSize,
    parameters: model.parameters,
    ...bytes,
    defaults: config.defaults,
    abilities: model.seesImages ? ['json', 'images'] : ['json'],
    caveats: ['prefill-uninterruptible', 'no-token-ids', 'tags-in-text-obeyed'],
  };
}
