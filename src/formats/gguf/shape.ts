// A GGUF's head -> the shape of its model: every number bounded, so that nothing later has to doubt a dimension. Keys
// as llama.cpp's converters write them.
import { AppError } from '../../base/errors';
import type { Architecture, LongRope, ModelShape } from '../model-config';
import { badGguf } from './header';
import { Metadata } from './metadata';
import type { GgufModel } from './model-file';

export const ggufArchitectures: readonly Architecture[] = ['phi3', 'llama', 'qwen2'];

/** @throws AppError `model/unsupported-arch` for what this engine does not run, `model/bad-gguf` for what nobody does. */
export function ggufShape(model: GgufModel): ModelShape {
  const metadata = new Metadata(model.metadata);
  const name = metadata.string('general.architecture');
  const architecture = ggufArchitectures.find((known) => known === name);
  if (name === 'clip') {
    throw new AppError(
      'model/unsupported-arch',
      'This file is not a model but what one sees by (mmproj, architecture "clip"). Choose it together with the file of the model that it was made for, in one go.',
      { details: { architecture: name } },
    );
  }
  if (!architecture) {
    throw new AppError(
      'model/unsupported-arch',
      `This file holds a model of the architecture ${JSON.stringify(name.slice(0, 60))}. This engine runs ${ggufArchitectures.join(', ')}: choose such a model.`,
      { details: { architecture: name.slice(0, 60) } },
    );
  }
  const key = (suffix: string): string => `${architecture}.${suffix}`;
  if (metadata.wholeOr(key('expert_count'), 0, 1 << 16, 0) > 0) throw unsupported('a mixture of experts');
  const hidden = metadata.whole(key('embedding_length'), 32, 32768);
  const heads = metadata.whole(key('attention.head_count'), 1, 512);
  const kvHeads = metadata.wholeOr(key('attention.head_count_kv'), 1, heads, heads);
  if (heads % kvHeads !== 0) throw badGguf(`has ${heads} heads that cannot share ${kvHeads}`);
  const headDim = metadata.wholeOr(key('attention.key_length'), 8, 512, hidden / heads);
  if (!Number.isInteger(headDim)) throw badGguf(`has ${heads} heads in ${hidden} numbers`);
  const rotaryDim = metadata.wholeOr(key('rope.dimension_count'), 2, headDim, headDim);
  const embedding = model.tensors.get('token_embd.weight');
  const vocab = embedding?.shape[0];
  if (vocab === undefined) throw badGguf('has no tensor token_embd.weight');
  const ropeFactors = model.factors.get('rope_freqs.weight');
  if (ropeFactors && ropeFactors.length !== rotaryDim / 2)
    throw badGguf(`has ${ropeFactors.length} rope factors for ${rotaryDim / 2} pairs`);
  return {
    architecture,
    layers: metadata.whole(key('block_count'), 1, 256),
    hidden,
    intermediate: metadata.whole(key('feed_forward_length'), 32, 131072),
    heads,
    kvHeads,
    headDim,
    rotaryDim,
    vocab,
    rmsNormEps: metadata.number(key('attention.layer_norm_rms_epsilon'), 1e-12, 1),
    ropeTheta: metadata.has(key('rope.freq_base')) ? metadata.number(key('rope.freq_base'), 1, 1e9) : 10000,
    longRope: longRopeOf(model, metadata, key, rotaryDim),
    slidingWindow: windowOf(architecture, metadata, key),
    tied: !model.tensors.has('output.weight'),
    quantization: 'gguf',
    ...(ropeFactors && { ropeFactors }),
    types: model.types,
  };
}

/** Of Phi-3-mini and -medium with 4k, whose files were made before converters wrote the window down. */
const unwritten = { layers: [32, 40], contextWindow: 4096, window: 2047 } as const;

/** Only of Phi-3: what other architectures have under this name, their reference leaves unread. 0: none. */
function windowOf(
  architecture: string,
  metadata: Metadata,
  key: (suffix: string) => string,
): number | undefined {
  if (architecture !== 'phi3') return undefined;
  if (metadata.has(key('attention.sliding_window')))
    return metadata.whole(key('attention.sliding_window'), 0, 1 << 24) || undefined;
  const isOld =
    unwritten.layers.some((layers) => layers === metadata.whole(key('block_count'), 1, 256)) &&
    metadata.wholeOr(key('context_length'), 16, 1 << 24, 0) === unwritten.contextWindow;
  return isOld ? unwritten.window : undefined;
}

function longRopeOf(
  { factors }: GgufModel,
  metadata: Metadata,
  key: (suffix: string) => string,
  rotaryDim: number,
): LongRope | undefined {
  const shortFactor = factors.get('rope_factors_short.weight');
  const longFactor = factors.get('rope_factors_long.weight');
  if (!shortFactor || !longFactor) {
    const type = metadata.has(key('rope.scaling.type')) ? metadata.string(key('rope.scaling.type')) : 'none';
    if (type !== 'none') throw unsupported(`rotary scaling of the kind ${JSON.stringify(type.slice(0, 40))}`);
    return undefined;
  }
  for (const { length } of [shortFactor, longFactor])
    if (length !== rotaryDim / 2) throw badGguf(`has ${length} rope factors for ${rotaryDim / 2} pairs`);
  const originalMaxPosition = metadata.whole(key('rope.scaling.original_context_length'), 16, 1 << 24);
  const stretch = metadata.whole(key('context_length'), 16, 1 << 24) / originalMaxPosition;
  const usual = stretch > 1 ? Math.sqrt(1 + Math.log(stretch) / Math.log(originalMaxPosition)) : 1;
  const attentionFactor = metadata.has(key('rope.scaling.attn_factor'))
    ? metadata.number(key('rope.scaling.attn_factor'), 0.1, 10)
    : usual;
  return { shortFactor, longFactor, originalMaxPosition, attentionFactor };
}

function unsupported(what: string): AppError {
  return new AppError(
    'model/unsupported-arch',
    `This file asks for ${what}, which this engine does not run: choose another model.`,
  );
}
