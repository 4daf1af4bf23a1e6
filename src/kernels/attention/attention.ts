// Causal attention of some rows over the KV cache, grouped-query or multi-head.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import type { GpuInfo } from '../../gpu/gpu';
import { grid, type KernelSpec } from '../../gpu/kernel';
import firstSeen from '../common/first_seen.wgsl?raw';
import {
  kvPairReader,
  kvReader,
  kvRow,
  ringConstant,
  ringKey,
  windowParam,
  type KvReach,
} from '../common/kv';
import { teamName, teamObstacle, teamSum, teamUnits, type TeamTuning } from '../common/team';
import direct from './attention_direct.wgsl?raw';
import flash from './attention_flash.wgsl?raw';
import naive from './attention_naive.wgsl?raw';
import team from './attention_team.wgsl?raw';
import whole from './attention_whole.wgsl?raw';
import tileF16 from './tile_f16.wgsl?raw';
import tileF32 from './tile_f32.wgsl?raw';

/**
 * Naive: a workgroup per row and head, the oracle. Flash: eight rows share what they read of the cache. Direct: no
 * thread waits for another, which is what a software adapter compiles and runs fastest. Team: 32 rows or so share what
 * they read, two of them in the registers of a team of lanes.
 */
export type AttentionVariant = 'naive' | 'flash' | 'direct' | 'team';

/** How a chunk of a prompt attends. */
export type FlashTuning =
  | { readonly variant: 'flash' | 'direct' }
  | { readonly variant: 'team'; readonly threads: number; readonly team: TeamTuning };

export const usualFlash: FlashTuning = { variant: 'flash' };
export const softwareFlash: FlashTuning = { variant: 'direct' };

export const flashName = (way: FlashTuning): string =>
  way.variant === 'team' ? `${way.threads} threads, ${teamName(way.team)}` : way.variant;

export type AttentionArgs = (FlashTuning | { readonly variant: 'naive' }) &
  KvReach & {
    readonly format: KvFormat;
    readonly rows: number;
    readonly heads: number;
    readonly kvHeads: number;
    /** At most 256. */
    readonly headDim: number;
  };
type Key = {
  readonly cache: KvFormat;
  readonly variant: AttentionVariant;
  /** Of `team` alone, as are the rest. */
  readonly WG: number;
  readonly lanes: number;
  readonly units: number;
  readonly eights: number;
  /** Positions in workgroup memory. */
  readonly tile: number;
  readonly subgroup: number;
  /** Rows of the cache, where it is a ring; 0 where it is none. */
  readonly ring: number;
};

/** Sum of squared errors over sum of squares that any way may have against the exact result. */
export const attentionNmse = 1e-10;

/** Rows that share what is read: a chunk of no more gains nothing from a way with larger blocks. */
export const flashRows = 8;
const directGroup = 16;
/** Dims of a head that a thread of `direct` sums. */
const directDims = 32;
/** Two barriers are for so many positions; more would leave fewer workgroups room beside each other. */
const mostTile = 16;

/** Positions of a head that fit into workgroup memory, in fours. */
function tileOf(format: KvFormat, threads: number, { subgroup }: TeamTuning, headDim: number): number {
  const position = 2 * headDim * (format === 'f16' ? 2 : 4);
  const sums = subgroup > 0 ? 0 : threads * 64;
  return Math.min(mostTile, Math.floor((16384 - sums) / position / 4) * 4);
}

/** Why a way does not fit heads of so many dims, or an adapter where one is given; undefined when it does. */
export function flashObstacle(
  way: FlashTuning,
  headDim: number,
  info?: Pick<GpuInfo, 'subgroups'>,
): string | undefined {
  if (way.variant !== 'team') return undefined;
  const { threads, team: teams } = way;
  if (teams.lanes > threads || threads > 256) return `teams of ${teams.lanes} in ${threads} threads`;
  // In the format that needs most room.
  if (tileOf('f32', threads, teams, headDim) < 4) return 'too little workgroup memory';
  return teamObstacle(teams, headDim, info);
}

export function attentionKey({ format, headDim, ...way }: AttentionArgs): Key {
  const { variant } = way;
  const ring = ringKey(way);
  const key = { cache: format, variant, WG: 0, lanes: 0, units: 0, eights: 0, tile: 0, subgroup: 0, ring };
  if (variant !== 'team') return key;
  const { threads: WG, team: teams } = way;
  const { lanes, subgroup } = teams;
  const units = teamUnits(lanes, headDim);
  const tile = tileOf(format, WG, teams, headDim);
  return { ...key, WG, lanes, units, eights: headDim / 8, tile, subgroup };
}

function codeOf({ variant, cache, subgroup }: Key): string {
  const shared = firstSeen + kvRow;
  if (variant === 'team') {
    return teamSum(subgroup, team) + (cache === 'f16' ? tileF16 : tileF32) + kvPairReader[cache] + shared;
  }
  return { naive, flash: flash + whole, direct }[variant] + kvReader[cache] + shared;
}

function groupsOf({ rows, heads, headDim, ...way }: AttentionArgs): number {
  if (way.variant === 'naive') return heads * rows;
  if (way.variant === 'flash') return heads * Math.ceil(rows / flashRows);
  if (way.variant === 'team') return heads * Math.ceil(rows / ((2 * way.threads) / way.team.lanes));
  return Math.ceil((rows * heads * Math.ceil(headDim / directDims)) / directGroup);
}

/** Of every way: `splits` is 1 but for attention_shares. */
export const flashFields = [
  ['rows', 'u32'],
  ['heads', 'u32'],
  ['kv_heads', 'u32'],
  ['head_dim', 'u32'],
  ['scale', 'f32'],
  ['splits', 'u32'],
  ['span', 'u32'],
  ['window', 'u32'],
] as const;

/** Tensors: q, kv, state, out. */
export const attention: KernelSpec<AttentionArgs, Key> = {
  op: 'attention',
  fields: flashFields,
  check({ rows, heads, kvHeads, headDim, ...way }) {
    const obstacle = way.variant === 'naive' ? undefined : flashObstacle(way, headDim);
    invariant(
      rows > 0 && heads % kvHeads === 0 && headDim > 0 && headDim % 4 === 0 && headDim <= 256 && !obstacle,
      `attention of [${rows}, ${heads}, ${headDim}] over ${kvHeads} KV heads: ${obstacle ?? ''}`,
    );
  },
  key: attentionKey,
  source: (key) => ({ code: codeOf(key), bindings: 'rrrw' }),
  constants({ variant, WG, lanes, units, eights, tile, ring }): Record<string, number> {
    const rows = ringConstant(ring);
    if (variant === 'team') return { WG, LANES: lanes, UNITS: units, EIGHTS: eights, TILE: tile, ...rows };
    return variant === 'direct' ? { WG: directGroup, ...rows } : rows;
  },
  params: ({ rows, heads, kvHeads, headDim, ...reach }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
    splits: 1,
    span: 0,
    window: windowParam(reach),
  }),
  dispatch: (args) => grid(groupsOf(args)),
};
