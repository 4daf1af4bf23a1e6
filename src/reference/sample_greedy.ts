// Twin of kernels/sample_greedy.

/** The lowest id of the highest logit; undefined when any is not finite. */
export function sampleGreedyTwin(logits: ArrayLike<number>): number | undefined {
  let best = 0;
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i])) return undefined;
    if ((logits[i] ?? NaN) > (logits[best] ?? NaN)) best = i;
  }
  return best;
}
