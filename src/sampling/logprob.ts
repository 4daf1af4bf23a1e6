// How sure a model was of an id: the f64 twin of kernels/logprob.

export interface Logprob {
  /** ln p of the id under the softmax of the logits as they are, nats; at most 0. */
  readonly logprob: number;
  /** Of the whole distribution, nats; 0: only one id could come. */
  readonly entropy: number;
}

/** @param logits [vocab] */
export function logprobOf(logits: Float32Array, id: number): Logprob {
  const top = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  let [total, weighted] = [0, 0];
  for (const logit of logits) {
    total += Math.exp(logit - top);
    weighted += Math.exp(logit - top) * (logit - top);
  }
  return {
    logprob: (logits[id] ?? NaN) - top - Math.log(total),
    entropy: Math.log(total) - weighted / total,
  };
}
