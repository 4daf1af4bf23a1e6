// What a GGUF file says of itself, for a person who is about to fetch gigabytes: known from its head alone. That the
// engine can run it is checked on the way: shape, tensors, vocabulary and template are made as loading makes them.
import { parameterCount, requiredTensors, tensorSpecs } from '../decoder-tensors';
import { parseManifest } from '../mlc/parse-manifest';
import { Metadata } from './metadata';
import { manifestOf, type GgufModel } from './model-file';
import { ggufShape } from './shape';
import { tokenizerJson } from './tokenizer-json';

export interface GgufCard {
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  /** Types of the tensors and their shares of the bytes, the largest first. */
  readonly mix: readonly { readonly type: string; readonly share: number }[];
  readonly contextWindow: number;
  /** Undefined where the file does not say. */
  readonly licence: string | undefined;
  /** What a message and its answer look like to the model. */
  readonly template: string;
  /** Of the weights on the GPU, and of one position of the cache in f16. */
  readonly weightBytes: number;
  readonly positionBytes: number;
}

const maxWords = 100;

/** @throws AppError `model/unsupported-arch`, `model/bad-gguf`, `model/missing-tensor`, `model/shape-mismatch`, `tokenizer/bad-vocab` */
export async function ggufCard(model: GgufModel): Promise<GgufCard> {
  const metadata = new Metadata(model.metadata);
  const shape = ggufShape(model);
  tokenizerJson(metadata);
  // Jinja comes only for those who look at a file.
  const { templateOf } = await import('./chat-template');
  const { roles, seps, roleEmptySep } = templateOf(metadata, shape.vocab);
  requiredTensors(parseManifest(manifestOf(model), model.files[0]?.name ?? ''), shape);
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
    template: `${roles.user}…${seps[0] ?? ''}${roles.assistant}${roleEmptySep}…${seps[1] ?? ''}`.slice(
      0,
      2 * maxWords,
    ),
    weightBytes,
    positionBytes: 2 * 2 * layers * kvHeads * headDim,
  };
}
