// How positions turn queries and keys, of a configuration's model: by MLC's names, by those of Hugging Face's
// config.json (rope_scaling, rope_theta beside it), and by those of Transformers 5 (all of it in rope_parameters). Where
// several say something, Transformers' own order decides: what stands in the inner object goes before what stands beside it.
import type { Fields } from '../json';
import type { LongRope, ModelShape } from '../model-config';
import { unsupported } from './unsupported';

/** What Transformers takes for a Phi-3 that does not say. */
const usualTheta = 10_000;
const usualPositions = 4096;
const positions = { min: 2, max: 1 << 24 };

export function parseRope(
  model: Fields,
  headDim: number,
): Pick<ModelShape, 'rotaryDim' | 'ropeTheta' | 'longRope' | 'ropeFactors'> {
  const inner = innerOf(model);
  const rotaryDim = parseRotaryDim(inner, model, headDim);
  const ropeTheta = parseTheta(inner, model);
  if (inner && kindOf(inner) === 'llama3') {
    return {
      rotaryDim,
      ropeTheta,
      longRope: undefined,
      ropeFactors: parseLlama3(inner, model, rotaryDim, ropeTheta),
    };
  }
  return { rotaryDim, ropeTheta, longRope: inner && parseLongRope(inner, model, rotaryDim) };
}

/** Transformers 4.45 and later write both, older ones `type` alone, which MLC copies; neither means no scaling. */
function kindOf(inner: Fields): string {
  const field = inner.has('rope_type') ? 'rope_type' : 'type';
  return inner.has(field) ? inner.string(field, { maxChars: 100 }) : 'default';
}

/**
 * Of Llama 3.1 and later: waves longer than the original positions are stretched by `factor`, short ones are not, those
 * between in part (Transformers' modeling_rope_utils.py, MLC's position_embedding.py).
 * @returns divisors of the frequencies, one per pair.
 */
function parseLlama3(inner: Fields, model: Fields, rotaryDim: number, theta: number): number[] {
  const times = { min: 1e-3, max: 1e6 };
  const factor = inner.number('factor', times);
  const low = inner.number('low_freq_factor', times);
  const high = inner.number('high_freq_factor', times);
  if (high <= low)
    throw inner.error('high_freq_factor', `is ${high}, and should be more than low_freq_factor`);
  const owner = [inner, model].find((fields) => fields.has('original_max_position_embeddings')) ?? inner;
  const original = owner.integer('original_max_position_embeddings', positions);
  return Array.from({ length: rotaryDim / 2 }, (_, d) => {
    const waves = (original * theta ** ((-2 * d) / rotaryDim)) / (2 * Math.PI);
    const smooth = Math.min(1, Math.max(0, (waves - low) / (high - low)));
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

function innerOf(model: Fields): Fields | undefined {
  const name = ['rope_scaling', 'rope_parameters'].find((each) => model.has(each));
  if (name === undefined) return undefined;
  const inner = model.fields(name);
  if (['full_attention', 'sliding_attention'].some((type) => inner.has(type))) {
    throw unsupported('positions of its own for each kind of layer', 'models whose layers are of one kind');
  }
  return inner;
}

function parseRotaryDim(inner: Fields | undefined, model: Fields, headDim: number): number {
  const owner = inner?.has('partial_rotary_factor') ? inner : model;
  const factor = owner.has('partial_rotary_factor')
    ? owner.number('partial_rotary_factor', { min: 0.01, max: 1 })
    : 1;
  const rotaryDim = Math.trunc(headDim * factor);
  if (rotaryDim < 2 || rotaryDim % 2 !== 0) {
    throw owner.error(
      'partial_rotary_factor',
      `makes ${rotaryDim} rotary dimensions; an even number is needed`,
    );
  }
  return rotaryDim;
}

/** MLC renames rope_theta to position_embedding_base and writes 0 for "default". */
function parseTheta(inner: Fields | undefined, model: Fields): number {
  const bounds = { min: 1, max: 1e9 };
  if (inner?.has('rope_theta')) return inner.number('rope_theta', bounds);
  for (const name of ['position_embedding_base', 'rope_theta']) {
    if (model.has(name) && model.raw(name) !== 0) return model.number(name, bounds);
  }
  return usualTheta;
}

function parseLongRope(inner: Fields, model: Fields, rotaryDim: number): LongRope | undefined {
  const type = kindOf(inner);
  if (type === 'default') return undefined;
  if (type !== 'longrope' && type !== 'su') {
    throw unsupported(`the rope scaling ${JSON.stringify(type)}`, 'plain rope, "longrope" and "llama3"');
  }
  const length = (name: string): number => {
    // MLC writes 0 beside it where it knows of none.
    const owner = [model, inner].find((fields) => fields.has(name) && fields.raw(name) !== 0);
    return owner ? owner.integer(name, positions) : usualPositions;
  };
  const original = length('original_max_position_embeddings');
  const factors = (name: string): number[] => {
    const list = inner.numbers(name, 512, { min: 1e-3, max: 1e6 });
    if (list.length === rotaryDim / 2) return list;
    throw inner.error(name, `has ${list.length} factors; ${rotaryDim / 2} are needed`);
  };
  const times = { min: 1e-3, max: 1e6 };
  const stretch = inner.has('factor')
    ? inner.number('factor', times)
    : length('max_position_embeddings') / original;
  return {
    shortFactor: factors('short_factor'),
    longFactor: factors('long_factor'),
    originalMaxPosition: original,
    attentionFactor: inner.has('attention_factor')
      ? inner.number('attention_factor', times)
      : stretch > 1
        ? Math.sqrt(1 + Math.log(stretch) / Math.log(original))
        : 1,
  };
}
