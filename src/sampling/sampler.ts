// Logits -> one token id. Order of things follows WebLLM 0.2.86 (src/llm_chat.ts, sampleFromRawLogits): repetition
// penalty, then temperature, then top-p. All that decides is done in whole numbers, so that kernels/sample on any
// GPU chooses the very same id from the same logits; the two change together.
import { AppError } from '../base/errors';

export interface SamplerSettings {
  /** 0 is greedy: the highest logit, the lowest id among equals. */
  readonly temperature: number;
  /**
   * (0, 1]. Draws among the fewest most likely tokens whose probabilities reach this sum; tokens as likely as the
   * last of them are in too.
   */
  readonly topP: number;
  /**
   * 1 is off. Divides positive and multiplies negative logits of tokens the answer already holds, each once however
   * often it came. As in WebLLM the prompt does not count, and every answer starts afresh.
   */
  readonly repetitionPenalty: number;
  /** Any whole number; left out, a random one. */
  readonly seed?: number | undefined;
}

/** Likelihoods as whole numbers: `key` counts 65536ths of a halving below the best token. */
const unitsPerHalving = 65536;
const lastKey = 2 ** 21 - 1;

/**
 * The settings as kernels/sample reads them, u32 [8]: greedy or not, f32 bits of key units per half a logit, of the
 * penalty and of its inverse, top-p in 2^-32 (0: all tokens), both halves of the seed, whether a mask follows.
 */
export function samplerWords(settings: SamplerSettings): Uint32Array<ArrayBuffer> {
  const { temperature, topP, repetitionPenalty } = settings;
  const seed = settings.seed ?? Math.floor(Math.random() * 2 ** 32);
  const words = new Uint32Array(8);
  const floats = new Float32Array(words.buffer);
  words[0] = temperature === 0 ? 1 : 0;
  // Capped: a temperature near 0 must not make an infinity.
  floats[1] = temperature === 0 ? 0 : Math.min((2 * unitsPerHalving * Math.LOG2E) / temperature, 1e30);
  floats[2] = repetitionPenalty;
  floats[3] = 1 / repetitionPenalty;
  words[4] = topP === 1 ? 0 : Math.max(1, Math.floor(topP * 2 ** 32));
  words[5] = seed % 2 ** 32;
  words[6] = Math.floor(seed / 2 ** 32);
  return words;
}

/** Words before the mask. */
const maskStart = 8;

/** The settings with a mask behind them, bit `id % 32` of word `id / 32` for each token that may be drawn. */
export function withMask(words: Uint32Array, mask: Uint32Array): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(maskStart + mask.length);
  all.set(words.subarray(0, maskStart));
  all[maskStart - 1] = 1;
  all.set(mask, maskStart);
  return all;
}

/** The CPU's twin of kernels/sample: what that must choose. */
export class Sampler {
  private readonly floats: Float32Array;
  private readonly seen = new Set<number>();
  private draws: number;

  /**
   * @param words as samplerWords makes them.
   * @param drawn ids of the answer from before it was interrupted.
   */
  constructor(
    private readonly words: Uint32Array<ArrayBuffer>,
    drawn: readonly number[] = [],
  ) {
    this.floats = new Float32Array(words.buffer);
    for (const id of drawn) this.seen.add(id);
    this.draws = drawn.length;
  }

  /**
   * Picks a token and counts it as part of the answer.
   * @param logits [vocab]
   * @throws AppError `run/bad-logits` when any is not finite.
   */
  sample(logits: Float32Array): number {
    const [greedy = 0, , , , topP = 0, seedLow = 0, seedHigh = 0] = this.words;
    const penalised = this.penalise(logits);
    const best = highest(penalised, (id) => this.allows(id));
    if (best < 0) throw nothingAllowed();
    const u = randomWord(seedLow, seedHigh, this.draws++);
    const id = greedy ? best : draw(this.keys(penalised, best), topP, u);
    this.seen.add(id);
    return id;
  }

  private allows(id: number): boolean {
    if (this.words[maskStart - 1] !== 1) return true;
    return (((this.words[maskStart + (id >> 5)] ?? 0) >>> (id & 31)) & 1) === 1;
  }

  private penalise(logits: Float32Array): Float32Array {
    for (let id = 0; id < logits.length; id++) {
      const logit = logits[id] ?? NaN;
      if (!Number.isFinite(logit)) throw badLogit(id, logit);
    }
    const [, , penalty = 1, inverse = 1] = this.floats;
    const penalised = logits.slice();
    for (const id of this.seen) {
      const logit = penalised[id];
      // Rounded to f32 by the array.
      if (logit !== undefined) penalised[id] = logit * (logit > 0 ? inverse : penalty);
    }
    return penalised;
  }

  private keys(logits: Float32Array, best: number): Uint32Array {
    const [, perHalfLogit = 0] = this.floats;
    const top = (logits[best] ?? 0) * 0.5;
    const keys = new Uint32Array(logits.length);
    for (let id = 0; id < keys.length; id++) {
      // The last key weighs nothing.
      if (!this.allows(id)) {
        keys[id] = lastKey;
        continue;
      }
      // Halves, so that the difference of the largest two f32 is one too.
      const below = Math.min(Math.fround(top - (logits[id] ?? 0) * 0.5), 2048);
      keys[id] = Math.min(Math.fround(below * perHalfLogit), lastKey);
    }
    return keys;
  }
}

/** A 32-bit draw that depends on nothing but seed and number. Mixer: lowbias32 (Chris Wellons), twice. */
export function randomWord(seedLow: number, seedHigh: number, count: number): number {
  return mix(mix((Math.imul(count, 0x9e3779b9) + seedLow) >>> 0) ^ seedHigh);
}

function mix(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** 2^30 * 2^(-key / 65536), to 5e-5: a polynomial in 16-bit whole numbers, exactly one half at the end of a halving. */
function weightOf(key: number): number {
  const f = key & 0xffff;
  let t = 3488 - ((f * 447) >>> 16);
  t = 15694 - ((f * t) >>> 16);
  t = 45421 - ((f * t) >>> 16);
  return ((65536 - ((f * t) >>> 16)) << 14) >>> (key >>> 16);
}

/** @param u 32 random bits. Sums stay below 2^53. */
function draw(keys: Uint32Array, topP: number, u: number): number {
  const weights = new Uint32Array(keys.length);
  for (let id = 0; id < keys.length; id++) weights[id] = weightOf(keys[id] ?? lastKey);
  const last = topP === 0 ? lastKey : nucleusEnd(keys, weights, topP);
  let total = 0;
  for (let id = 0; id < keys.length; id++) if ((keys[id] ?? 0) <= last) total += weights[id] ?? 0;
  const target = share(total, u);
  let sum = 0;
  for (let id = 0; id < keys.length; id++) {
    if ((keys[id] ?? 0) > last) continue;
    sum += weights[id] ?? 0;
    if (sum > target) return id;
  }
  throw new AppError('internal/invariant', 'The best token weighs 2^30, and the target is below the sum');
}

/** The key up to which weights, most likely first, must be summed to reach the share: found digit by digit. */
function nucleusEnd(keys: Uint32Array, weights: Uint32Array, topP: number): number {
  let end = 0;
  let before = 0;
  let target = -1;
  for (const shift of [14, 7, 0]) {
    const bins = new Float64Array(128);
    let all = 0;
    for (let id = 0; id < keys.length; id++) {
      const key = keys[id] ?? lastKey;
      if (key >>> (shift + 7) !== end) continue;
      const bin = (key >>> shift) & 127;
      bins[bin] = (bins[bin] ?? 0) + (weights[id] ?? 0);
      all += weights[id] ?? 0;
    }
    if (target < 0) target = share(all, topP);
    let bin = 0;
    while (bin < 127 && before + (bins[bin] ?? 0) < target) before += bins[bin++] ?? 0;
    end = end * 128 + bin;
  }
  return end;
}

/** floor(total * fraction / 2^32), exactly. */
function share(total: number, fraction: number): number {
  return Number((BigInt(total) * BigInt(fraction)) >> 32n);
}

/** -1 where none may be drawn. */
function highest(logits: Float32Array, allows: (id: number) => boolean): number {
  let best = -1;
  for (let id = 0; id < logits.length; id++)
    if (allows(id) && (best < 0 || (logits[id] ?? 0) > (logits[best] ?? 0))) best = id;
  return best;
}

function nothingAllowed(): AppError {
  return new AppError('run/bad-logits', 'The grammar leaves no token to choose.');
}

function badLogit(id: number, logit: number): AppError {
  return new AppError(
    'run/bad-logits',
    `The model computed ${logit} for token ${id}. Reload the model; if it happens again, the weights are ` +
      'damaged or this GPU driver computes wrongly: try another model or update the driver.',
    { details: { token: id, value: String(logit) }, retryable: true },
  );
}
