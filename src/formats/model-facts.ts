// What the files of a model say of it, for a person who chooses: size, kind, context, memory, what a message looks like.
import { parameterCount, tensorSpecs } from './decoder-tensors';
import type { ConvTemplate, ModelShape } from './model-config';

export interface ModelFacts {
  /** Undefined where the files do not say. */
  readonly name: string | undefined;
  readonly architecture: string;
  readonly parameters: number;
  /** Types of the weights and their shares of the bytes, the largest first. */
  readonly mix: readonly { readonly type: string; readonly share: number }[];
  readonly contextWindow: number;
  /** Undefined where the files do not say. */
  readonly licence: string | undefined;
  /** What a message and its answer look like to the model. */
  readonly template: string;
  /** Of the weights on the GPU, and of one position of the cache in f16. */
  readonly weightBytes: number;
  readonly positionBytes: number;
  /** The file that it sees pictures by, where it has one. */
  readonly eyes?: { readonly name: string; readonly nbytes: number; readonly kind: string };
  /** Newest positions that one attends to: the cache keeps few more. Undefined: all. */
  readonly slidingWindow?: number | undefined;
}

const maxTemplate = 200;

/** What follows from the shape alone. */
export function shapeFacts(
  shape: ModelShape,
): Omit<ModelFacts, 'name' | 'contextWindow' | 'licence' | 'template'> {
  const bytes = new Map<string, number>();
  let weightBytes = 0;
  for (const { dtype, nbytes } of tensorSpecs(shape)) {
    // Of an MLC folder the words, scales and norms are one kind, and its name says which.
    const type = shape.quantization === 'gguf' ? dtype.toUpperCase() : shape.quantization;
    weightBytes += nbytes;
    bytes.set(type, (bytes.get(type) ?? 0) + nbytes);
  }
  return {
    architecture: shape.architecture ?? 'phi3',
    parameters: parameterCount(shape),
    mix: [...bytes]
      .map(([type, count]) => ({ type, share: count / weightBytes }))
      .sort((a, b) => b.share - a.share),
    weightBytes,
    positionBytes: 2 * 2 * shape.layers * shape.kvHeads * shape.headDim,
    ...(shape.slidingWindow !== undefined && { slidingWindow: shape.slidingWindow }),
  };
}

export function templateLine({ roles, roleContentSep, roleEmptySep, seps }: ConvTemplate): string {
  const said = `${roles.user}${roleContentSep}…${seps[0] ?? ''}`;
  return `${said}${roles.assistant}${roleEmptySep}…${seps[1] ?? seps[0] ?? ''}`.slice(0, maxTemplate);
}
