// Logits -> one token id. Behaviour follows WebLLM 0.2.86 (src/llm_chat.ts, sampleFromRawLogits): repetition
// penalty, then temperature, then top-p. The draw itself cannot match WebLLM's, whose generator is not seeded by
// request; ours gives the same ids for the same seed on every machine that computes the same logits.
import { AppError } from '../base/errors';
import { prng } from '../base/prng';

export interface SamplerSettings {
  /** 0 is greedy: the highest logit, the lowest id among equals. */
  readonly temperature: number;
  /** (0, 1]. Draws among the fewest most likely tokens whose probabilities reach this sum. */
  readonly topP: number;
  /**
   * 1 is off. Divides positive and multiplies negative logits of tokens the answer already holds, each once however
   * often it came. As in WebLLM the prompt does not count, and every answer starts afresh.
   */
  readonly repetitionPenalty: number;
  /** Any whole number; left out, a random one. */
  readonly seed?: number | undefined;
}

export class Sampler {
  private readonly random: () => number;
  private readonly seen = new Set<number>();

  constructor(private readonly settings: SamplerSettings) {
    const seed = settings.seed ?? Math.floor(Math.random() * 2 ** 32);
    // The high bits count too: seeds are whole numbers up to 2^53.
    this.random = prng((seed ^ Math.floor(seed / 2 ** 32)) | 0);
  }

  /**
   * Picks a token and counts it as part of the answer.
   * @param logits [vocab]; overwritten by the penalty.
   * @throws AppError `run/bad-logits` when any is not finite.
   */
  sample(logits: Float32Array): number {
    const top = highest(logits);
    const { temperature, topP, repetitionPenalty } = this.settings;
    if (repetitionPenalty !== 1) this.penalise(logits, repetitionPenalty);
    const best = repetitionPenalty !== 1 ? highest(logits) : top;
    const id = temperature === 0 ? best : this.draw(logits, best, temperature, topP);
    this.seen.add(id);
    return id;
  }

  private penalise(logits: Float32Array, penalty: number): void {
    for (const id of this.seen) {
      const logit = logits[id];
      if (logit !== undefined) logits[id] = logit > 0 ? logit / penalty : logit * penalty;
    }
  }

  private draw(logits: Float32Array, best: number, temperature: number, topP: number): number {
    const max = logits[best] ?? 0;
    const weights = new Float64Array(logits.length);
    let total = 0;
    for (let id = 0; id < weights.length; id++) {
      const weight = Math.exp(((logits[id] ?? 0) - max) / temperature);
      weights[id] = weight;
      total += weight;
    }
    return topP === 1
      ? pick(weights.keys(), weights, this.random() * total, best)
      : this.drawFromNucleus(weights, total, topP, best);
  }

  /** Sorts only what can be in the nucleus: tokens below (1 - topP) / vocab of the total add up to less than the rest. */
  private drawFromNucleus(weights: Float64Array, total: number, topP: number, best: number): number {
    const floor = ((1 - topP) / weights.length) * total;
    const candidates: number[] = [];
    for (let id = 0; id < weights.length; id++) if ((weights[id] ?? 0) >= floor) candidates.push(id);
    candidates.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
    let sum = 0;
    let size = 0;
    while (size < candidates.length && sum < topP * total) sum += weights[candidates[size++] ?? 0] ?? 0;
    return pick(candidates.slice(0, size), weights, this.random() * sum, best);
  }
}

function pick(ids: Iterable<number>, weights: Float64Array, target: number, best: number): number {
  let sum = 0;
  for (const id of ids) {
    sum += weights[id] ?? 0;
    if (target < sum) return id;
  }
  // Rounding left the target at the very end.
  return best;
}

function highest(logits: Float32Array): number {
  let best = 0;
  let bestLogit = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? NaN;
    if (!Number.isFinite(logit)) {
      throw new AppError(
        'run/bad-logits',
        `The model computed ${logit} for token ${id}. Reload the model; if it happens again, the weights are ` +
          'damaged or this GPU driver computes wrongly: try another model or update the driver.',
        { details: { token: id, value: String(logit) }, retryable: true },
      );
    }
    if (logit > bestLogit) {
      best = id;
      bestLogit = logit;
    }
  }
  return best;
}
