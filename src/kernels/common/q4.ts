// What every kernel over q4 weights shares: the group size of the format and the reader of its scales.
import scaleBf16 from './scale_bf16.wgsl?raw';
import scaleF16 from './scale_f16.wgsl?raw';

/** How a weight's scales are stored: f16 in q4f16_1, bf16 in q4f32_1. */
export type ScaleType = 'f16' | 'bf16';

/** Weights that share a scale; K counts whole groups. */
export const groupSize = 32;

export const scaleReader: Readonly<Record<ScaleType, string>> = { f16: scaleF16, bf16: scaleBf16 };
