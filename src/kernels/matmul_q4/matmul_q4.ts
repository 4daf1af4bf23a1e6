// y = x W^T for 4-bit weights, one spec for every way of doing it; `variant` names the file.
import { invariant } from '../../base/errors';
import type { GpuInfo, MatrixSize } from '../../gpu/gpu';
import { grid, type KernelSpec } from '../../gpu/kernel';
import stagedF16 from '../common/dots_staged_f16.wgsl?raw';
import codesF16 from '../common/q4_codes_f16.wgsl?raw';
import { groupSize } from '../common/q4';
import { eightCode, groupCode, isMlc, weightConstants, type WeightFormat } from '../common/weights';
import direct from './matmul_q4_direct.wgsl?raw';
import few from './matmul_q4_few.wgsl?raw';
import half from './matmul_q4_half.wgsl?raw';
import shared from './matmul_q4_head.wgsl?raw';
import matrix from './matmul_q4_matrix.wgsl?raw';
import naive from './matmul_q4_naive.wgsl?raw';
import tall from './matmul_q4_tall.wgsl?raw';
import tiled from './matmul_q4_tiled.wgsl?raw';
import write from './matmul_q4_write.wgsl?raw';

/**
 * Naive: one thread per output, the oracle. Few: for up to `fewRows`. Tiled: for more, 4 x 4 outputs a thread. Tall:
 * 8 x 4. Half: 8 x 4, products in f16, which needs shader-f16 and costs accuracy. Matrix: by the matrix units of a GPU,
 * x and W in f16 or f32, which needs an experimental feature. Direct: no thread waits for another, which is what a software
 * adapter compiles and runs fastest, by four times.
 */
export type MatmulVariant = 'naive' | 'few' | TileVariant;
export type TileVariant = 'tiled' | 'tall' | 'half' | 'matrix' | 'direct';

export const fewRows = 8;
/** Up to so many rows a smaller tile of 4 x 4 outputs a thread wastes least; past it, tuning chooses. */
export const smallTileRows = 32;

/** How a product is computed. */
export interface MatmulWay {
  readonly variant: MatmulVariant;
  /** Of x per tile, for tall and half, where there are as many; fewer are cut in 64, and so is all without it. */
  readonly rows?: 64 | 128;
  /** Of the matrix variant, and of no other. */
  readonly matrix?: MatrixCut;
}

/** How a product of more than `smallTileRows` rows is computed. */
export interface TileTuning extends MatmulWay {
  readonly variant: TileVariant;
  readonly rows: 64 | 128;
}

/** A subgroup matrix, and threads of a workgroup: as many as make `matrixSubgroups` of the largest an adapter has. */
export interface MatrixCut extends MatrixSize {
  readonly threads: number;
}

export const usualTile: TileTuning = { variant: 'tiled', rows: 64 };
export const softwareTile: TileTuning = { variant: 'direct', rows: 64 };

/** What this adapter can run, of what is worth timing on a GPU. */
export function tilesOf(info: MatmulAdapter): readonly TileTuning[] {
  const tiles: readonly TileTuning[] = [
    usualTile,
    { variant: 'tall', rows: 64 },
    { variant: 'tall', rows: 128 },
    { variant: 'half', rows: 64 },
    { variant: 'half', rows: 128 },
    ...matrixCuts(info)
      .slice(0, worthTiming)
      .map((matrix) => ({ variant: 'matrix', rows: 64, matrix }) as const),
  ];
  return tiles.filter((tile) => matmulObstacle(tile, info) === undefined);
}

export type MatmulAdapter = Pick<GpuInfo, 'f16' | 'subgroupMax' | 'matrices'>;

const matrixSubgroups = 4;
/** Some adapters list a dozen sizes, the best first. */
const worthTiming = 2;

/** Those of an adapter's matrices that fit the kernel, in f16 first: half the memory, and faster where both exist. */
export function matrixCuts({ matrices, subgroupMax }: MatmulAdapter): readonly MatrixCut[] {
  const threads = matrixSubgroups * subgroupMax;
  if (threads === 0 || threads > 256) return [];
  // Its tiles of 4 M and 8 N by 32, and some sums, in workgroup memory.
  const bytes = ({ of, M, N }: MatrixSize): number =>
    (4 * M + 8 * N) * 32 * (of === 'f16' ? 2 : 4) + 4 * Math.min(matrixSubgroups * M * N, 512) + 12;
  const fits = (size: MatrixSize): boolean =>
    [size.M, size.N].every((n) => n === 8 || n === 16) &&
    [8, 16, 32].includes(size.K) &&
    bytes(size) <= 16384;
  const found = matrices.filter(fits).map(({ of, M, N, K }) => ({ of, M, N, K, threads }));
  return [...found.filter(({ of }) => of === 'f16'), ...found.filter(({ of }) => of === 'f32')];
}

/** Sum of squared errors over sum of squares against the exact result. */
export const matmulNmse: Readonly<Record<MatmulVariant, number>> = {
  naive: 1e-10,
  few: 1e-10,
  direct: 1e-10,
  tiled: 1e-10,
  tall: 1e-10,
  half: 1e-6,
  matrix: 1e-6,
};

/** Why an adapter cannot run a variant; undefined when it can. */
export function matmulObstacle({ variant, matrix }: MatmulWay, info: MatmulAdapter): string | undefined {
  if (variant === 'half' && !info.f16) return 'no shader-f16';
  if (variant !== 'matrix') return undefined;
  const cuts = matrixCuts(info);
  if (cuts.length === 0) return 'no subgroup matrices that fit';
  const has = matrix && cuts.some((cut) => matrixName(cut) === matrixName(matrix));
  return has ? undefined : `no subgroup matrices of ${matrix ? matrixName(matrix) : 'no size'}`;
}

const matrixName = ({ of, M, N, K, threads }: MatrixCut): string =>
  `${M}x${N}x${K} of ${of} in ${threads} threads`;

export function tileName({ variant, rows, matrix }: TileTuning): string {
  if (matrix) return `${variant} ${matrix.M}x${matrix.N}x${matrix.K} ${matrix.of}`;
  return variant === 'direct' ? variant : `${variant} ${rows}x64`;
}

export interface MatmulQ4Args extends MatmulWay {
  readonly scale: WeightFormat;
  /** Rows of x, rows of the bound weights, length of both. */
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** Outputs per row of y, and the column where the bound weights' first row goes. */
  readonly stride: number;
  readonly first: number;
  /** y += instead of y =. */
  readonly accumulate: boolean;
}
/** `rows` of x per workgroup, which size it. */
type Key = {
  readonly variant: MatmulVariant;
  readonly scale: WeightFormat;
  readonly rows: number;
  readonly real?: 'f16' | 'f32';
  readonly TM?: number;
  readonly TN?: number;
  readonly TK?: number;
  readonly WG?: number;
};

const naiveGroup = 64;
const tileColumns = 64;
const fewLanes = 32;
const fewSlots = 2;
const directGroup = 16;
/** The less of a tile is wasted, the better; more rows share a weight in the larger one. */
function rowsOf({ variant, M, rows = 64, matrix }: MatmulQ4Args): number {
  if (matrix) return 4 * matrix.M;
  if (variant === 'naive' || variant === 'few' || variant === 'direct') return 1;
  if (variant === 'tiled') return M <= 16 ? 16 : M <= 32 ? 32 : 64;
  return M <= 64 ? 64 : rows;
}
const code: Readonly<Record<MatmulVariant, string>> = {
  naive,
  few,
  direct,
  tiled: tiled + write,
  tall: tall + write,
  half: `enable f16;\n${half}${stagedF16}${codesF16}${write}`,
  matrix: matrix + codesF16,
};
/** Types of matrices are made of constants, so these cannot be overrides. */
function matrixHead({ real = 'f16', TM = 0, TN = 0, TK = 0, WG = 0 }: Key): string {
  const features = ['f16', 'subgroups', 'chromium_experimental_subgroup_matrix'];
  const constants = Object.entries({ TM, TN, TK, WG }).map(([name, value]) => `const ${name} = ${value}u;\n`);
  return [
    `enable ${features.join(', ')};\n`,
    // That all threads of a subgroup go one way is beyond what compilers prove.
    'diagnostic(off, chromium.subgroup_matrix_uniformity);\n',
    `alias Real = ${real};\n`,
    ...constants,
  ].join('');
}

function sizesOf(variant: MatmulVariant, rows: number): Record<string, number> {
  switch (variant) {
    case 'naive':
      return { WG: naiveGroup };
    case 'direct':
      return { WG: directGroup };
    case 'few':
      return { LANES: fewLanes, SLOTS: fewSlots };
    case 'matrix':
      return {};
    case 'half':
      return { STAGE: rows };
    default:
      return { BM: rows };
  }
}

/** Whether a variant reads the codes of MLC's layout itself, as halves. */
export const readsCodes = (variant: MatmulVariant): boolean => variant === 'half' || variant === 'matrix';

/** Tensors: x, q_weight, q_scale, y. */
export const matmulQ4: KernelSpec<MatmulQ4Args, Key> = {
  op: 'matmul_q4',
  fields: [
    ['M', 'u32'],
    ['N', 'u32'],
    ['K', 'u32'],
    ['first', 'u32'],
    ['stride', 'u32'],
    ['accumulate', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ variant, scale, M, N, K, stride, first, matrix }) {
    invariant(
      (variant === 'matrix') === (matrix !== undefined),
      `matmul_q4 ${variant} and a size of matrices`,
    );
    invariant(isMlc(scale) || !readsCodes(variant), `matmul_q4 ${variant} of ${scale}`);
    invariant(variant !== 'few' || M <= fewRows, `matmul_q4 of ${M} rows, where ${fewRows} are few`);
    invariant(
      M > 0 && N > 0 && K > 0 && K % groupSize === 0 && first + N <= stride,
      `matmul_q4 of [${M}, ${K}] by [${N}, ${K}] into columns ${first}.. of ${stride}`,
    );
  },
  key(args) {
    const { variant, scale, matrix } = args;
    const sizes = matrix && { real: matrix.of, TM: matrix.M, TN: matrix.N, TK: matrix.K, WG: matrix.threads };
    return { variant, scale, rows: rowsOf(args), ...sizes };
  },
  source(key) {
    const head = key.variant === 'matrix' ? matrixHead(key) : '';
    const weights = readsCodes(key.variant) ? groupCode(key.scale) : eightCode(key.scale);
    return { code: head + code[key.variant] + shared + weights, bindings: 'rrrw' };
  },
  constants({ variant, scale, rows }): Record<string, number> {
    return { ...sizesOf(variant, rows), ...weightConstants(scale) };
  },
  params: ({ M, N, K, first, stride, accumulate }) => ({
    M,
    N,
    K,
    first,
    stride,
    accumulate: accumulate ? 1 : 0,
  }),
  dispatch(args) {
    const { variant, M, N } = args;
    if (variant === 'few') return grid(Math.ceil(N / (4 * fewSlots)));
    if (variant === 'naive') return grid(Math.ceil((M * N) / naiveGroup));
    if (variant === 'direct') return grid(Math.ceil((Math.ceil(M / 8) * Math.ceil(N / 4)) / directGroup));
    const columns = args.matrix ? 8 * args.matrix.N : tileColumns;
    return grid(Math.ceil(M / rowsOf(args)) * Math.ceil(N / columns));
  },
};
