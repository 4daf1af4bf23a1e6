// How sure a model was of an id: the f64 twin of kernels/logprob.

/** @param logits [vocab] */
export function logprobOf(
  logits: Float32Array,
  id: number,
): { readonly logprob: number; readonly entropy: number } {
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
