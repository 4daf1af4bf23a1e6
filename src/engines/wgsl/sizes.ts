// What the engine decides about sizes, in one place: load-model.ts makes buffers by it, fit.ts foretells them.
import type { KvFormat } from '../../base/kv-format';

/** Most rows of a prompt per submit: on a software adapter a chunk must stay short enough for Stop to feel prompt. */
export function prefillRows(isFallback: boolean): number {
  return isFallback ? 32 : 128;
}

/** How the KV cache keeps its numbers (docs/adr/0005-kv-cache-formats.md), and the bytes of one. */
export const kvFormat: KvFormat = 'f16';
export const kvElementBytes = 2;

/** Positions an engine makes room for unless asked for others. */
export const usualContextWindow = 4096;
