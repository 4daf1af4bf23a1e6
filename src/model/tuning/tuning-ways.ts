// What tuning chooses among: of every way that a kernel can be run in, the few that are worth the time to try.
import type { ModelShape } from '../../formats/model-config';
import type { Gpu, GpuInfo } from '../../gpu/gpu';
import { flashObstacle, type FlashTuning } from '../../kernels/attention/attention';
import { splitName, splitObstacle, type SplitTuning } from '../../kernels/attention_split/attention_split';
import { gpuTuning, matvecObstacle, type MatvecInput, type MatvecTuning } from '../../kernels/common/matvec';
import type { TeamTuning } from '../../kernels/common/team';
import { tileName, tilesOf, type TileTuning } from '../../kernels/matmul_q4/matmul_q4';
import { mostSplits, type KernelTuning } from './tuning';

/** The ways to choose among, of each kind of kernel; the first is the default. */
export interface Ways {
  readonly matvec: readonly MatvecTuning[];
  readonly split: readonly SplitTuning[];
  readonly matmul: readonly TileTuning[];
  readonly flash: readonly FlashTuning[];
}

/** A handful: what each is good at differs with the number of rows and the width of the GPU. */
export function decodeWays(
  info: GpuInfo,
  usual: MatvecTuning = gpuTuning,
  int8 = false,
): readonly MatvecTuning[] {
  const subgroup = info.subgroupMin;
  const cut = (x: MatvecInput, lanes: number, slots: number): MatvecTuning => ({ x, lanes, slots, subgroup });
  const staged = (x: MatvecInput): MatvecTuning[] => [
    cut(x, 32, 8),
    cut(x, 16, 8),
    cut(x, 32, 4),
    cut(x, 64, 4),
  ];
  const ways = [
    usual,
    ...(subgroup > 0 ? [cut('direct', 32, 2), cut('direct', 32, 4)] : []),
    ...staged('f32'),
    ...staged('f16'),
    ...(int8 ? staged('i8') : []),
  ];
  return ways.filter((way) => matvecObstacle(way, info) === undefined);
}

/**
 * Few shares leave most of a wide GPU idle; many, or small workgroups, cost more in combining them. In the order in
 * which they are tried, should time run out.
 */
export function splitWays(info: GpuInfo, shape: ModelShape, usual: SplitTuning): readonly SplitTuning[] {
  const cut = (splits: number, span: number, threads: number, team?: TeamTuning): SplitTuning => ({
    splits: Math.min(splits, mostSplits(shape)),
    span,
    threads,
    ...(team ? { team } : {}),
  });
  // Teams of four have no lane idle in heads of 96 or 128, and fit into any subgroup.
  const lanes = shape.headDim > 128 ? 8 : 4;
  const shuffled: TeamTuning = { lanes, subgroup: info.subgroupMin };
  const shared: TeamTuning = { lanes, subgroup: 0 };
  const ways = [
    usual,
    ...(info.subgroupMin > 0
      ? [
          cut(16, 128, 64, shuffled),
          cut(32, 64, 64, shuffled),
          cut(16, 128, 128, shuffled),
          cut(32, 32, 32, shuffled),
        ]
      : [cut(32, 64, 64, shared), cut(16, 128, 128, shared)]),
    cut(16, 128, 64, shared),
    cut(32, 32, 64),
    cut(16, 128, 256),
  ].filter((way) => splitObstacle(way, shape.headDim, info) === undefined);
  return ways.filter((way, i) => ways.findIndex((other) => splitName(other) === splitName(way)) === i);
}

/** Of attention in prefill: rows of a workgroup, and how many lanes' registers a row takes. */
export function flashWays(info: GpuInfo, shape: ModelShape, usual: FlashTuning): readonly FlashTuning[] {
  const lanes = shape.headDim > 128 ? 8 : 4;
  const cut = (threads: number, wide: number, subgroup: number): FlashTuning => ({
    variant: 'team',
    threads,
    team: { lanes: wide * lanes, subgroup },
  });
  const ways = [
    usual,
    ...(info.subgroupMin > 0
      ? [cut(64, 1, info.subgroupMin), cut(128, 1, info.subgroupMin), cut(128, 2, info.subgroupMin)]
      : [cut(128, 2, 0)]),
    cut(64, 1, 0),
  ];
  return ways.filter((way) => flashObstacle(way, shape.headDim, info) === undefined);
}

/** Every way that this adapter can run. */
export function usualWays(
  { gpu: { info }, shape }: { readonly gpu: Gpu; readonly shape: ModelShape },
  { qkv, split, prefillGateUp: tile, flash }: KernelTuning,
  int8 = false,
): Ways {
  const others = tilesOf(info).filter((other) => tileName(other) !== tileName(tile));
  return {
    matvec: decodeWays(info, qkv, int8),
    split: splitWays(info, shape, split),
    matmul: [tile, ...others],
    flash: flashWays(info, shape, flash),
  };
}
