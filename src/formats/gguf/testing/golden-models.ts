// Tiny models as GGUF files, one for each way that an architecture, a scaling and a mix of types can go, whose logits
// transformers has written down (scripts/golden/gguf-models.mjs). Seeded: the files are written anew wherever they are
// wanted, and a digest says whether they are those that transformers had.
import type { BlockType } from '../types';
import type { WrittenTensor } from '../write-gguf';
import { smallGguf } from './small-model';

const factors = (name: string, values: readonly number[]): WrittenTensor => ({
  name,
  type: 'f32',
  shape: [values.length],
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const rising = (count: number, first: number, last: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));

/** Rows of 64 and 96 hold blocks of 32 alone; a matrix fused of three tensors has three types. */
const smallBlocks = (name: string): BlockType =>
  (
    ({
      token_embd: 'q8_0',
      attn_q: 'q4_0',
      attn_k: 'q5_0',
      attn_v: 'q8_0',
      ffn_gate: 'q5_1',
      ffn_up: 'q4_1',
      output: 'q5_1',
    }) as const
  )[name] ?? 'q4_0';

/** As Q4_K_M mixes them. */
const mixed = (name: string): BlockType =>
  (({ attn_qkv: 'q5_k', ffn_down: 'q6_k', output: 'q6_k', attn_v: 'q6_k' }) as const)[name] ?? 'q4_k';

const wide = { hidden: 256, intermediate: 256 } as const;

export const goldenModels = {
  llama: () => smallGguf({ seed: 21 }),
  'llama with factors of its rotation': () =>
    smallGguf({
      seed: 22,
      tied: false,
      type: smallBlocks,
      extra: [factors('rope_freqs.weight', rising(8, 1, 8))],
    }),
  'llama in Q4_K_M': () => smallGguf({ ...wide, seed: 23, heads: 8, type: mixed }),
  qwen2: () => smallGguf({ architecture: 'qwen2', seed: 24, type: smallBlocks }),
  'phi3 in Q4_K_M, partly rotated, with factors short and long': () =>
    smallGguf({
      ...wide,
      architecture: 'phi3',
      seed: 25,
      kvHeads: 4,
      tied: false,
      type: mixed,
      metadata: {
        'phi3.rope.dimension_count': 48,
        'phi3.rope.scaling.original_context_length': 32,
        'phi3.attention.sliding_window': 0,
      },
      extra: [
        factors('rope_factors_short.weight', rising(24, 1, 1.5)),
        factors('rope_factors_long.weight', rising(24, 1, 9)),
      ],
    }),
} as const;
