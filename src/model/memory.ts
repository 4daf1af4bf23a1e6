// What a model holds on the GPU besides its weights: the KV cache and the activations of one chunk, all made once.
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { KvCache } from './kv-cache';
import { ropeTable } from './rope-table';

export interface ModelMemory {
  readonly kv: KvCache;
  /** u32: [0] is the position of the chunk's first row, [1] how often was drawn. */
  readonly state: GPUBuffer;
  /** What sampling goes by, u32 [8], and the answer's ids as bits, u32 [vocab/32]. */
  readonly settings: GPUBuffer;
  readonly seen: GPUBuffer;
  readonly tokens: GPUBuffer; // u32 [chunk]
  readonly rope: GPUBuffer; // (cos, sin) [contextWindow, rotaryDim/2]
  readonly residual: GPUBuffer; // [chunk, hidden]
  readonly normed: GPUBuffer; // [chunk, hidden]
  readonly qkv: GPUBuffer; // [chunk, (heads + 2 kvHeads) * headDim]
  readonly q: GPUBuffer; // [chunk, heads * headDim]
  readonly attended: GPUBuffer; // [chunk, heads * headDim]
  /** Decode attention in shares of the positions, unnormalised, and their (top, total). */
  readonly shares: GPUBuffer; // [heads, splits, headDim]
  readonly shareStats: GPUBuffer; // [heads, splits, 2]
  readonly gateUp: GPUBuffer; // [chunk, 2 * intermediate]
  readonly activated: GPUBuffer; // [chunk, intermediate]
  readonly logits: GPUBuffer; // [vocab]
}

export interface MemorySizes {
  readonly contextWindow: number;
  /** Most rows of a prefill submit. */
  readonly chunk: number;
  /** Most shares of decode attention. */
  readonly splits: number;
  readonly kvPage?: number | undefined;
}

/** Call inside `gpu.buffers.guarded`. @throws AppError `gpu/limit-too-low`. */
export function allocate(
  gpu: Gpu,
  shape: ModelShape,
  { contextWindow, chunk, splits, kvPage }: MemorySizes,
): ModelMemory {
  const { hidden, intermediate, heads, kvHeads, headDim, vocab } = shape;
  const floats = (label: string, ...sizes: number[]): GPUBuffer =>
    gpu.buffers.create(
      label,
      sizes.reduce((a, b) => a * b, 4),
    );
  // First, since it is what a window that is too long fails at.
  const kv = new KvCache(gpu, shape, contextWindow, kvPage);
  const table = ropeTable(shape, contextWindow);
  const rope = floats('rope', table.length);
  gpu.device.queue.writeBuffer(rope, 0, table);
  return {
    kv,
    state: floats('state', 4),
    settings: floats('settings', 8),
    seen: floats('seen', Math.ceil(vocab / 32)),
    tokens: floats('tokens', chunk),
    rope,
    residual: floats('residual', chunk, hidden),
    normed: floats('normed', chunk, hidden),
    qkv: floats('qkv', chunk, (heads + 2 * kvHeads) * headDim),
    q: floats('q', chunk, heads * headDim),
    attended: floats('attended', chunk, heads * headDim),
    shares: floats('shares', heads, splits, headDim),
    shareStats: floats('share_stats', heads, splits, 2),
    gateUp: floats('gate_up', chunk, 2 * intermediate),
    activated: floats('activated', chunk, intermediate),
    logits: floats('logits', vocab),
  };
}
