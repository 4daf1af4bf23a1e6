// Lanes that share a position of the cache: how many, and how they add up what each has.
import type { GpuInfo } from '../../gpu/gpu';
import teamSubgroup from './team_subgroup.wgsl?raw';
import teamTree from './team_tree.wgsl?raw';

export interface TeamTuning {
  /** A power of two, at most 32. */
  readonly lanes: number;
  /** Least size of the subgroups that sum, at least `lanes`; 0: by workgroup memory, without subgroups. */
  readonly subgroup: number;
}

/** Eights of dims that a lane keeps in registers. */
const mostUnits = 4;

/** Eights of dims of each lane. */
export const teamUnits = (lanes: number, headDim: number): number => Math.ceil(headDim / 8 / lanes);

/** Why teams do not fit heads of so many dims, or an adapter where one is given; undefined when they do. */
export function teamObstacle(
  { lanes, subgroup }: TeamTuning,
  headDim: number,
  info?: Pick<GpuInfo, 'subgroups'>,
): string | undefined {
  if (headDim % 8 !== 0) return `heads of ${headDim} are no whole eights`;
  if (teamUnits(lanes, headDim) > mostUnits) return `teams of ${lanes} for heads of ${headDim}`;
  if (subgroup > 0 && lanes > subgroup) return `teams of ${lanes}, subgroups of ${subgroup}`;
  return subgroup > 0 && info && !info.subgroups ? 'no subgroups' : undefined;
}

/** A kernel's own source with `team_sum` and what goes with it. */
export function teamSum(subgroup: number, main: string): string {
  return subgroup > 0 ? `enable subgroups;\n${main}${teamSubgroup}` : main + teamTree;
}

export const teamName = ({ lanes, subgroup }: TeamTuning): string =>
  `teams of ${lanes}${subgroup > 0 ? ' subgroup' : ''}`;
