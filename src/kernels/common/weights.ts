// The ways a matrix of few-bit weights may be held, and the parts of WGSL that read each. Kernels bind `q` and `scales`
// and know nothing else of it.
import blocks from './blocks.wgsl?raw';
import blocksEight from './blocks_eight.wgsl?raw';
import blocksGroup from './blocks_group.wgsl?raw';
import { scaleReader, type ScaleType } from './q4';
import codes from './q4_codes.wgsl?raw';
import q4Eight from './q4_eight.wgsl?raw';
import q4Rows from './q4_rows.wgsl?raw';

/** In the order of their numbers in blocks.wgsl. */
export const blockKinds = ['q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0', 'q4_k', 'q5_k', 'q6_k'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** One kind for all rows, or those of up to three tensors, whose rows follow one another. */
export type BlockFormat = BlockKind | `${BlockKind}+${BlockKind}+${BlockKind}`;

/** MLC's 4-bit layout, by the type of its scales, or blocks of a GGUF. */
export type WeightFormat = ScaleType | BlockFormat;

export const isMlc = (format: WeightFormat): format is ScaleType => format === 'f16' || format === 'bf16';

/** @param kinds of one to three tensors. */
export function blockFormat(kinds: readonly BlockKind[]): BlockFormat {
  const [first = 'q4_0', second = first, third = second] = kinds;
  return first === second && second === third ? first : `${first}+${second}+${third}`;
}

/** Overrides of blocks.wgsl; none of MLC's layout. */
export function weightConstants(format: WeightFormat): Record<string, number> {
  if (isMlc(format)) return {};
  const [first, second = first, third = second] = format
    .split('+')
    .map((name) => blockKinds.findIndex((kind) => kind === name));
  return { TYPE0: first ?? 0, TYPE1: second ?? 0, TYPE2: third ?? 0 };
}

/** For kernels that read eight weights at a time: `eight_at`, `weight_row`, `bias_at`. */
export const eightCode = (format: WeightFormat): string =>
  isMlc(format) ? q4Rows + q4Eight + codes + scaleReader[format] : blocks + blocksEight;

/** For kernels whose `lane_dots` reads whole groups. */
export const groupCode = (format: WeightFormat): string =>
  isMlc(format) ? q4Rows + scaleReader[format] : blocks + blocksGroup;
