// What the engine decides about sizes, in one place: load-model.ts makes buffers by it, fit.ts foretells them.

/** Most rows of a prompt per submit: on a software adapter a chunk must stay short enough for Stop to feel prompt. */
export function prefillRows(isFallback: boolean): number {
  return isFallback ? 32 : 128;
}

/** Of one number in the KV cache. */
export const kvElementBytes = 4;

/** Positions an engine makes room for unless asked for others. */
export const usualContextWindow = 4096;
