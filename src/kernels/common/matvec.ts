// What the decode kernels share on the TypeScript side: the ways of cutting and computing them, their source, their
// grid. Which way is best differs from GPU to GPU: model/tune.ts finds out.
import type { GpuInfo } from '../../gpu/gpu';
import { grid, type Grid } from '../../gpu/kernel';
import blocksDirect from './blocks_dots_direct.wgsl?raw';
import blocksStaged from './blocks_dots_staged.wgsl?raw';
import blocksF16 from './blocks_staged_f16.wgsl?raw';
import blocksF32 from './blocks_staged_f32.wgsl?raw';
import blocksI8 from './blocks_staged_i8.wgsl?raw';
import direct from './dots_direct.wgsl?raw';
import staged from './dots_staged.wgsl?raw';
import stagedF16 from './dots_staged_f16.wgsl?raw';
import stagedF32 from './dots_staged_f32.wgsl?raw';
import stagedI8 from './dots_staged_i8.wgsl?raw';
import core from './matvec_core.wgsl?raw';
import normedX from './normed_x.wgsl?raw';
import { groupSize } from './q4';
import codesF16 from './q4_codes_f16.wgsl?raw';
import rowScales from './q4_row_scales.wgsl?raw';
import sumSubgroup from './sum_subgroup.wgsl?raw';
import sumTree from './sum_tree.wgsl?raw';
import { groupCode, isMlc, weightConstants, type WeightFormat } from './weights';

/**
 * Where the input row comes from. `direct`: memory, again for every set of rows. The others: workgroup memory, filled
 * once per workgroup; as f32, as f16 (needs shader-f16), or as 8-bit whole numbers, which costs accuracy.
 */
export type MatvecInput = 'direct' | 'f32' | 'f16' | 'i8';

/** One way of running a decode kernel. */
export interface MatvecTuning {
  readonly x: MatvecInput;
  /** Threads that share four rows, and sets of four rows per workgroup: powers of two, product at most 256. */
  readonly lanes: number;
  readonly slots: number;
  /** Least size of the subgroups that lanes are summed by; 0: by workgroup memory, without subgroups. */
  readonly subgroup: number;
}

/** One row set per thread is five times faster than shared rows on a software adapter, and the reverse on a GPU. */
export const softwareTuning: MatvecTuning = { x: 'direct', lanes: 1, slots: 16, subgroup: 0 };
/** What a GPU starts with, and all that it runs where nothing was measured. */
export const gpuTuning: MatvecTuning = { x: 'direct', lanes: 32, slots: 2, subgroup: 0 };

/** Sum of squared errors over sum of squares that a way may have against the exact result. */
export const matvecNmse: Readonly<Record<MatvecInput, number>> = {
  direct: 1e-10,
  f32: 1e-10,
  f16: 1e-6,
  i8: 1e-4,
};

export type MatvecKey = {
  readonly scale: WeightFormat;
  readonly x: MatvecInput;
  readonly lanes: number;
  readonly slots: number;
  readonly subgroup: number;
  /** Groups of x in workgroup memory at a time. */
  readonly stage: number;
};

/** Groups that fit beside what else a kernel keeps in 16 KiB. */
const stageGroups: Readonly<Record<MatvecInput, number>> = { direct: 0, f32: 64, f16: 96, i8: 128 };

/** @param K length of x. */
export function matvecKey(
  scale: WeightFormat,
  { x, lanes, slots, subgroup }: MatvecTuning,
  K: number,
): MatvecKey {
  const most = Math.max(1, Math.floor(stageGroups[x] / lanes)) * lanes;
  const stage = x === 'direct' ? 0 : Math.min(most, Math.ceil(K / groupSize / lanes) * lanes);
  return { scale, x, lanes, slots, subgroup, stage };
}

export function matvecConstants({
  scale,
  x,
  lanes,
  slots,
  subgroup,
  stage,
}: MatvecKey): Record<string, number> {
  return {
    ...weightConstants(scale),
    LANES: lanes,
    SLOTS: slots,
    ...(x === 'direct' ? {} : { STAGE: stage }),
    ...(subgroup > 0 ? { SUBGROUP_MIN: subgroup } : {}),
  };
}

/** @param quads sets of four rows. */
export const matvecGrid = (quads: number, { slots }: MatvecTuning): Grid => grid(Math.ceil(quads / slots));

const dots: Readonly<Record<MatvecInput, string>> = {
  direct,
  f32: staged + stagedF32,
  f16: staged + stagedF16 + codesF16,
  i8: staged + stagedI8,
};
const blockDots: Readonly<Record<MatvecInput, string>> = {
  direct: blocksDirect,
  f32: blocksStaged + blocksF32,
  f16: blocksStaged + blocksF16,
  i8: blocksStaged + blocksI8,
};

/** The kernel's own source with the parts that its key names. */
export function matvecCode(main: string, { scale, x, subgroup }: MatvecKey): string {
  const enable = (x === 'f16' ? 'enable f16;\n' : '') + (subgroup > 0 ? 'enable subgroups;\n' : '');
  const sum = subgroup > 0 ? sumSubgroup : sumTree;
  return enable + main + core + (isMlc(scale) ? rowScales + dots[x] : blockDots[x]) + sum + groupCode(scale);
}
export const normedMatvecCode = (main: string, key: MatvecKey): string => matvecCode(main, key) + normedX;

/** Why an adapter cannot run a way; undefined when it can. */
export function matvecObstacle(
  { x, lanes, subgroup }: MatvecTuning,
  { f16, subgroups }: Pick<GpuInfo, 'f16' | 'subgroups'>,
): string | undefined {
  if (x === 'f16' && !f16) return 'no shader-f16';
  if (subgroup > 0 && !subgroups) return 'no subgroups';
  if (subgroup > 0 && lanes > 128) return 'more lanes than a subgroup may have threads';
  return undefined;
}

/** For logs and reports: `f16 32x8 subgroup`. */
export function matvecName({ x, lanes, slots, subgroup }: MatvecTuning): string {
  return `${x} ${lanes}x${slots}${subgroup > 0 ? ' subgroup' : ''}`;
}
