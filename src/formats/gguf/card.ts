// What a GGUF file says of itself, for a person who is about to fetch gigabytes: known from its head alone. That the
// engine can run it is checked on the way.
import { parameterCount, tensorSpecs } from '../decoder-tensors';
import { Metadata } from './metadata';
import type { GgufModel } from './model-file';
import { ggufShape } from './shape';
import { checkSplitting } from './tokenizer-json';

export interface GgufCard {
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  /** Types of the tensors and their shares of the bytes, the largest first. */
  readonly mix: readonly { readonly type: string; readonly share: number }[];
  readonly contextWindow: number;
  /** Undefined where the file does not say. */
  readonly licence: string | undefined;
  /** Of the weights on the GPU, and of one position of the cache in f16. */
  readonly weightBytes: number;
  readonly positionBytes: number;
}

const maxWords = 100;

/** @throws AppError `model/unsupported-arch`, `model/bad-gguf`, `model/missing-tensor`, `tokenizer/bad-vocab` */
export function ggufCard(model: GgufModel): GgufCard {
  const metadata = new Metadata(model.metadata);
  const shape = ggufShape(model);
  checkSplitting(metadata);
  const specs = tensorSpecs(shape);
  const bytes = new Map<string, number>();
  let weightBytes = 0;
  for (const { dtype, nbytes } of specs) {
    weightBytes += nbytes;
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + nbytes);
  }
  const { architecture = '', layers, kvHeads, headDim } = shape;
  const words = (key: string): string | undefined =>
    metadata.has(key) ? metadata.string(key).slice(0, maxWords) : undefined;
  return {
    name: words('general.name') ?? model.files[0]?.name ?? '',
    architecture,
    parameters: parameterCount(shape),
    mix: [...bytes]
      .map(([type, count]) => ({ type: type.toUpperCase(), share: count / weightBytes }))
      .sort((a, b) => b.share - a.share),
    contextWindow: metadata.whole(`${architecture}.context_length`, 16, 1 << 24),
    licence: words('general.license'),
    weightBytes,
    positionBytes: 2 * 2 * layers * kvHeads * headDim,
  };
}
