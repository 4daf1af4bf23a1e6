// What a model holds on the GPU besides its weights: the KV cache and the activations of one chunk, all made once.
import { settingsWords } from '../kernels/sample/sample';
import type { KvFormat } from '../base/kv-format';
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { fewRows } from '../kernels/matmul_q4/matmul_q4';
import { KvCache } from './cache/kv-cache';
import type { KvExtent } from './cache/kv-extent';
import { ropeTable } from './weights/rope-table';

export interface ModelMemory {
  readonly kv: KvCache;
  /** Keys and values of the newest position in f32, which an int8 cache takes its codes from. */
  readonly kvRow: GPUBuffer; // [2, kvHeads * headDim]
  /** u32: [0] is the position of the chunk's first row, [1] how often was drawn. */
  readonly state: GPUBuffer;
  /** What sampling goes by, u32 [8], and the answer's ids as bits, u32 [vocab/32]. */
  readonly settings: GPUBuffer;
  readonly seen: GPUBuffer;
  readonly tokens: GPUBuffer; // u32 [chunk]
  /** How sure of each of the answer's first ids, where somebody asks: (ln p, entropy) f32 [suretyDraws, 2]. */
  readonly surety: GPUBuffer;
  readonly rope: GPUBuffer; // (cos, sin) [contextWindow, rotaryDim/2], of short factors or of long ones
  readonly residual: GPUBuffer; // [chunk, hidden]
  // Two names, one buffer: by the time the second is written, the first has been used.
  readonly normed: GPUBuffer; // [chunk, hidden]
  readonly attended: GPUBuffer; // [chunk, heads * headDim], in the place of normed
  /** Decode attention in shares of the positions, unnormalised, and their (top, total). */
  readonly shares: GPUBuffer; // [shareRows, heads, splits, headDim]
  readonly shareStats: GPUBuffer; // [shareRows, heads, splits, 2]
  /** Most rows that attend in shares: those of a pass that checks a guess. */
  readonly shareRows: number;
  readonly qkv: GPUBuffer; // [chunk, (heads + 2 kvHeads) * headDim]
  readonly gateUp: GPUBuffer; // [chunk, 2 * intermediate], in the place of qkv
  readonly q: GPUBuffer; // [chunk, heads * headDim]
  readonly activated: GPUBuffer; // [chunk, intermediate], in the place of q
  readonly logits: GPUBuffer; // [logitsRows, vocab]
}

/** Most rows of a pass that checks a guess: the last id and what should follow it. */
export const passRows = fewRows;

/** Draws of an answer of which is kept how sure they were. */
export const suretyDraws = 1024;

export interface MemorySizes {
  readonly contextWindow: number;
  /** Most rows of a prefill submit. */
  readonly chunk: number;
  /** Most shares of decode attention. */
  readonly splits: number;
  readonly kvPage?: number | undefined;
  /** Rows whose logits are wanted at once: of a pass that checks a guess. */
  readonly logitsRows: number;
}

/** Sizes of a model that its work buffers follow from. */
export type WorkShape = Pick<
  ModelShape,
  'hidden' | 'intermediate' | 'heads' | 'kvHeads' | 'headDim' | 'rotaryDim' | 'vocab'
>;

/** Words of four bytes in each buffer, the KV cache aside. */
function workWords(
  { hidden, intermediate, heads, kvHeads, headDim, rotaryDim, vocab }: WorkShape,
  { contextWindow, chunk, splits, logitsRows }: MemorySizes,
) {
  return {
    kvRow: 2 * kvHeads * headDim,
    state: 4,
    settings: settingsWords(vocab),
    seen: Math.ceil(vocab / 32),
    tokens: chunk,
    surety: 2 * suretyDraws,
    rope: contextWindow * rotaryDim,
    residual: chunk * hidden,
    normed: chunk * Math.max(hidden, heads * headDim),
    shares: logitsRows * heads * splits * headDim,
    shareStats: logitsRows * heads * splits * 2,
    gateUp: chunk * Math.max(2 * intermediate, (heads + 2 * kvHeads) * headDim),
    activated: chunk * Math.max(intermediate, heads * headDim),
    logits: logitsRows * vocab,
  };
}

/** What a model holds besides its weights and its KV cache: known before anything is made. */
export function workBytes(shape: WorkShape, sizes: MemorySizes): number {
  const words = Object.values(workWords(shape, sizes)).reduce((a, b) => a + b, 0);
  // Logits on their way back to the processor, twice.
  return 4 * (words + 2 * shape.vocab);
}

/** Call inside `gpu.buffers.guarded`. @throws AppError `gpu/limit-too-low`. */
export function allocate(
  gpu: Gpu,
  shape: ModelShape,
  sizes: MemorySizes & { readonly kvFormat: KvFormat; readonly kvExtent: KvExtent },
): ModelMemory {
  const { contextWindow, kvFormat, kvExtent, kvPage } = sizes;
  // First, since it is what a window that is too long fails at.
  const kv = new KvCache(gpu, shape, kvExtent, kvFormat, kvPage);
  const words = workWords(shape, sizes);
  const buffer = (name: keyof typeof words): GPUBuffer => gpu.buffers.create(name, 4 * words[name]);
  const rope = buffer('rope');
  gpu.device.queue.writeBuffer(rope, 0, ropeTable(shape, contextWindow, false));
  const [normed, gateUp, activated] = [buffer('normed'), buffer('gateUp'), buffer('activated')];
  return {
    kv,
    rope,
    kvRow: buffer('kvRow'),
    state: buffer('state'),
    settings: buffer('settings'),
    seen: buffer('seen'),
    tokens: buffer('tokens'),
    surety: buffer('surety'),
    residual: buffer('residual'),
    normed,
    attended: normed,
    qkv: gateUp,
    gateUp,
    q: activated,
    activated,
    shares: buffer('shares'),
    shareStats: buffer('shareStats'),
    shareRows: sizes.logitsRows,
    logits: buffer('logits'),
  };
}
