// Decode attention in shares of the positions, for attention_out to combine.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import type { GpuInfo } from '../../gpu/gpu';
import { grid, type KernelSpec } from '../../gpu/kernel';
import firstSeen from '../common/first_seen.wgsl?raw';
import {
  kvAppender,
  kvPairReader,
  kvReader,
  kvRow,
  ringConstant,
  ringKey,
  windowParam,
  type KvReach,
} from '../common/kv';
import splits from '../common/splits.wgsl?raw';
import { teamName, teamObstacle, teamSum, teamUnits, type TeamTuning } from '../common/team';
import main from './attention_split.wgsl?raw';
import direct from './attention_split_direct.wgsl?raw';
import staged from './attention_split_staged.wgsl?raw';
import team from './attention_split_team.wgsl?raw';

export interface SplitTuning {
  /** Most shares. */
  readonly splits: number;
  /** Positions of a share before another is opened. */
  readonly span: number;
  /** Per workgroup: a power of two, at least headDim / 4 and at most 256. */
  readonly threads: number;
  /** Lanes that go through positions together. Without it each takes a position by itself, tile by tile of them. */
  readonly team?: TeamTuning;
  /**
   * Not by this kernel but by the one that a prompt attends by, which leaves nothing to combine: compiled already, where
   * compiling is dear. A cache in int8, whose newest row this kernel makes, is split all the same.
   */
  readonly whole?: boolean;
}

export const usualSplit: SplitTuning = { splits: 16, span: 128, threads: 64 };

/** A software adapter pays for every thread of every workgroup, idle ones too: one share, as few threads as will do. */
export const softwareSplit = (headDim: number): SplitTuning => ({
  splits: 1,
  span: usualSplit.span,
  threads: Math.max(16, 2 ** Math.ceil(Math.log2(headDim / 4))),
  whole: true,
});

export const splitName = ({ splits, span, threads, team: teams, whole = false }: SplitTuning): string =>
  `${whole ? 'whole, else ' : ''}${splits} splits of ${span}, ${threads} threads${teams ? `, ${teamName(teams)}` : ''}`;

/** Teams whose sums lie in workgroup memory at once: where shuffles add up a subgroup's, one for all of these. */
const slotsOf = (threads: number, { lanes, subgroup }: TeamTuning): number =>
  Math.ceil(threads / Math.max(lanes, subgroup));

/** Why a way does not fit heads of so many dims, or an adapter where one is given; undefined when it does. */
export function splitObstacle(
  { threads, team: teams }: SplitTuning,
  headDim: number,
  info?: Pick<GpuInfo, 'subgroups'>,
): string | undefined {
  if (threads < headDim / 4) return `fewer threads than quads in a head of ${headDim}`;
  if (!teams) return undefined;
  const { lanes } = teams;
  if (lanes > threads) return `teams of ${lanes} in ${threads} threads`;
  const sums = slotsOf(threads, teams) * lanes * teamUnits(lanes, headDim) * 32;
  // And each team's top and total; of an int8 cache the newest head and its peaks.
  const bytes = sums + (threads / lanes) * 8 + 2048 + threads * 8 + 4;
  if (bytes > 16384) return `${bytes} bytes of workgroup memory`;
  return teamObstacle(teams, headDim, info);
}

export interface AttentionSplitArgs extends SplitTuning, KvReach {
  readonly format: KvFormat;
  readonly heads: number;
  readonly kvHeads: number;
  /** At most 256. */
  readonly headDim: number;
}
type Key = {
  readonly cache: KvFormat;
  readonly WG: number;
  /** Of a team; 0: without. */
  readonly lanes: number;
  readonly units: number;
  readonly slots: number;
  readonly subgroup: number;
  readonly ring: number;
};

export function splitKey({ format, threads, headDim, team: teams, ...reach }: AttentionSplitArgs): Key {
  const key = { cache: format, WG: threads, ring: ringKey(reach) };
  if (!teams) return { ...key, lanes: 0, units: 0, slots: 0, subgroup: 0 };
  const { lanes, subgroup } = teams;
  return { ...key, lanes, units: teamUnits(lanes, headDim), slots: slotsOf(threads, teams), subgroup };
}

function codeOf({ cache, lanes, subgroup }: Key): string {
  const format = cache === 'int8' ? staged + kvAppender.int8 : direct;
  const shared = splits + firstSeen + kvRow;
  if (lanes === 0) return main + format + kvReader[cache] + shared;
  return teamSum(subgroup, team) + format + kvPairReader[cache] + shared;
}

/** Tensors: q, kv, state, o, stats; of an int8 cache also the row that qkv_rope staged, which becomes its newest. */
export const attentionSplit: KernelSpec<AttentionSplitArgs, Key> = {
  op: 'attention_split',
  fields: [
    ['heads', 'u32'],
    ['kv_heads', 'u32'],
    ['head_dim', 'u32'],
    ['splits', 'u32'],
    ['span', 'u32'],
    ['scale', 'f32'],
    ['window', 'u32'],
    ['pad0', 'u32'],
  ],
  check({ heads, kvHeads, headDim, ...way }) {
    const { splits: most, span, threads } = way;
    invariant(
      heads % kvHeads === 0 &&
        headDim % 4 === 0 &&
        headDim <= 256 &&
        most > 0 &&
        span > 0 &&
        threads <= 256 &&
        Number.isInteger(Math.log2(threads)) &&
        splitObstacle(way, headDim) === undefined,
      `attention_split of [${heads}, ${headDim}] over ${kvHeads} KV heads in ${splitName(way)}`,
    );
  },
  key: splitKey,
  source: (key) => ({ code: codeOf(key), bindings: key.cache === 'int8' ? 'rwrwwr' : 'rrrww' }),
  constants: ({ WG, lanes, units, slots, ring }): Record<string, number> => ({
    WG,
    ...(lanes > 0 && { LANES: lanes, UNITS: units, SLOTS: slots }),
    ...ringConstant(ring),
  }),
  params: ({ heads, kvHeads, headDim, splits: most, span, ...reach }) => ({
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    splits: most,
    span,
    scale: headDim ** -0.5,
    window: windowParam(reach),
  }),
  dispatch: ({ heads, splits: most }) => grid(heads * most),
};
