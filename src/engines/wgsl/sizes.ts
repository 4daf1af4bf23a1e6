// What the engine decides about sizes, in one place: load-model.ts makes buffers by it, fit.ts foretells them.
import type { KvFormat } from '../../base/kv-format';

/**
 * Most rows of a prompt that are run together. On a GPU so many that the smaller matrices still make more tiles than
 * the largest ones have cores: 8 x 48 of 64 x 64. On a software adapter so few that Stop feels prompt.
 */
export function prefillRows(isFallback: boolean): number {
  return isFallback ? 32 : 512;
}

/** How the KV cache keeps its numbers (docs/adr/0005-kv-cache-formats.md), and the bytes of one. */
export const kvFormat: KvFormat = 'f16';
export const kvElementBytes = 2;

/** Positions an engine makes room for unless asked for others. */
export const usualContextWindow = 4096;
