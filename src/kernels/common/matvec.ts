// What the decode kernels share on the TypeScript side: the core's source, its tuning numbers and its grid.
import { grid, type Grid } from '../../gpu/kernel';
import core from './matvec_core.wgsl?raw';
import normedX from './normed_x.wgsl?raw';
import { scaleReader, type ScaleType } from './q4';

/** lanes * slots threads per workgroup, at most 256; powers of two. */
export interface MatvecTuning {
  readonly lanes: number;
  readonly slots: number;
}

/** One row set per thread is five times faster than shared rows on a software adapter, and the reverse on a GPU. */
export const softwareTuning: MatvecTuning = { lanes: 1, slots: 16 };
export const gpuTuning: MatvecTuning = { lanes: 32, slots: 2 };

export type MatvecKey = { readonly scale: ScaleType; readonly lanes: number; readonly slots: number };

export const matvecConstants = ({ lanes, slots }: MatvecKey): Record<string, number> => ({
  LANES: lanes,
  SLOTS: slots,
});
export const matvecKey = (scale: ScaleType, { lanes, slots }: MatvecTuning): MatvecKey => ({
  scale,
  lanes,
  slots,
});
/** @param quads sets of four rows. */
export const matvecGrid = (quads: number, { slots }: MatvecTuning): Grid => grid(Math.ceil(quads / slots));

export const matvecCode = (main: string, scale: ScaleType): string => main + core + scaleReader[scale];
export const normedMatvecCode = (main: string, scale: ScaleType): string => matvecCode(main, scale) + normedX;
