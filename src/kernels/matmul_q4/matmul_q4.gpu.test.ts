import { beforeAll, describe, expect, it } from 'vitest';
import { numberToBf16, numberToF16 } from '../../base/float16';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import type { Q4Matrix } from '../../reference/q4';
import type { ScaleType } from '../common/q4';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug, type Numbers } from '../testing/run-kernel';
import {
  fewRows,
  matmulNmse,
  matmulObstacle,
  matmulQ4,
  tileName,
  tilesOf,
  type MatmulQ4Args,
  type MatmulWay,
} from './matmul_q4';

interface Case {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly flavour?: Flavour;
  readonly scale?: ScaleType;
}

interface Named {
  readonly name: string;
  readonly way: MatmulWay;
}

/** Those that this adapter can run; says which it cannot, and why. */
async function ways(): Promise<readonly Named[]> {
  const always = (['naive', 'few', 'direct'] as const).map((name) => ({ name, way: { variant: name } }));
  if (await skipReason()) return always;
  const { info } = await sharedNodeGpu();
  const tiles = tilesOf(info);
  for (const variant of ['half', 'matrix'] as const)
    if (!tiles.some((tile) => tile.variant === variant))
      console.log(`Skipped, matmul_q4 ${variant}: this adapter has ${matmulObstacle({ variant }, info)}`);
  return [...always, ...tiles.map((tile) => ({ name: tileName(tile), way: tile }))];
}

/** Each is noticed by the tolerance. The large kernels have few, since they take seconds to compile here. */
const mistakes: Readonly<
  Record<MatmulQ4Args['variant'], readonly (readonly [right: string, wrong: string])[]>
> = {
  naive: [
    ['- 7.0', '- 8.0'],
    ['unpack2x16float', 'unpack2x16snorm'],
    ['(i & 1u)', '0'],
  ],
  few: [
    ['s4 += dots(r4', 's4 += dots(r3'],
    ['x[i + 1u] * codes.high', 'x[i] * codes.high'],
  ],
  direct: [
    ['s4 += dots(high.x', 's4 += dots(low.w'],
    ['x[i + 1u] * codes.high', 'x[i] * codes.high'],
    ['sums[j / 4u]', 'sums[j / 8u]'],
  ],
  tiled: [
    ['^ (row & 7u)', '& (row & 7u)'],
    ['at(row * 4u + 3u, k)', 'at(row * 4u + 2u, k)'],
    ['column + 32u, k', 'column + 16u, k'],
  ],
  tall: [
    ['^ ((row >> 1u) & 3u)', '& ((row >> 1u) & 3u)'],
    ['sum7 += dots(xs[at(row + STEP * 7u, k)]', 'sum7 += dots(xs[at(row + STEP * 6u, k)]'],
    ['h / 2u, (h % 2u) * 2u', 'h / 2u, (h / 2u) * 2u'],
  ],
  half: [
    ['^ ((row >> 1u) & 3u)', '& ((row >> 1u) & 3u)'],
    ['part7 += dots(at(row + STEP * 7u, w)', 'part7 += dots(at(row + STEP * 6u, w)'],
    ['steps[column + 48u]', 'steps[column + 32u]'],
    [') * sizes[word]', ')'],
    ['word >> 8u', 'word >> 12u'],
  ],
  matrix: [
    ['(x1, w2, s12)', '(x1, w1, s12)'],
    ['(columns + 3u)', '(columns + 2u)'],
    ['xs[to + 4u + j] = second[j]', 'xs[to + 4u + j] = first[j]'],
    ['word >> 8u', 'word >> 12u'],
    ['leave(s10, subgroup, thread, m0 + TM', 'leave(s10, subgroup, thread, m0 + TM + 1u'],
  ],
};
/** Of inputs whose numbers leave the range of f16 on the way. */
const rangeMistakes = [
  ['> 32768.0', '> 1e30'],
  ['keep = true', 'keep = false'],
] as const;

describe.skipIf(await skipReason()).each(await ways())('matmul_q4 $name', ({ way }) => {
  const { variant } = way;
  const few = variant === 'half' || variant === 'matrix';
  const tolerance = {
    nmse: matmulNmse[variant],
    why: few ? 'products in f16' : 'f32 dot products of up to 8192 terms',
  };
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const product = async (x: Numbers, M: number, weights: Q4Matrix, spec = matmulQ4) => {
    const { scale, rows: N, cols: K } = weights;
    const args: MatmulQ4Args = { ...way, scale, M, N, K, stride: N, first: 0, accumulate: false };
    const [y] = await runKernel(gpu, spec, args, [x, ...packed(weights), { size: M * N }]);
    return { y, twin: matmulQ4Twin(x, M, weights) };
  };
  const run = ({ M, N, K, flavour = 'plain', scale = 'f16' }: Case, spec = matmulQ4) =>
    product(numbers(M * K, M + K, flavour), M, q4Matrix(N, K, scale, N + K), spec);

  const anySize = [
    { M: 1, N: 1, K: 32 },
    { M: 1, N: 63, K: 96 },
    { M: 1, N: 64, K: 64 },
    { M: 1, N: 65, K: 160 },
    { M: 3, N: 31, K: 96 },
    { M: 33, N: 37, K: 224 },
    { M: 32, N: 32, K: 32 },
    { M: 65, N: 66, K: 96 },
    { M: 1, N: 600, K: 3072 },
    { M: 1, N: 100, K: 8192 },
    { M: 5, N: 96, K: 3072 },
    { M: 8, N: 70, K: 1056 },
  ];
  // For many rows; of so few digits one output alone says little.
  const large = [
    { M: 1, N: 65, K: 160 },
    { M: 64, N: 64, K: 32 },
    { M: 65, N: 66, K: 96 },
    { M: 150, N: 70, K: 64 },
    { M: 37, N: 100, K: 1056 },
  ];
  const sizes = variant === 'tall' || few ? large : anySize;
  it.each(sizes.filter(({ M }) => variant !== 'few' || M <= fewRows))(
    '[$M, $K] by [$N, $K]',
    async (sizes) => {
      // Reading scales has nothing to do with rows, and every size of tile is a pipeline to compile.
      for (const scale of sizes.M > 16 ? (['f16'] as const) : (['f16', 'bf16'] as const)) {
        const { y, twin } = await run({ ...sizes, scale });
        expectMatch(`${JSON.stringify(sizes)} ${scale}`, y, twin, tolerance);
      }
    },
  );
  it.each(flavours)('%s', async (flavour) => {
    const { y, twin } = await run({ M: 2, N: 50, K: 320, flavour });
    expectMatch(flavour, y, twin, tolerance);
  });
  it('adds to what is there, into some columns', async () => {
    const [M, N, K, stride, first] = [3, 20, 96, 50, 25];
    const weights = q4Matrix(N, K, 'f16', 8);
    const x = numbers(M * K, 9);
    const before = numbers(M * stride, 10);
    const shape = { M, N, K, stride, first, accumulate: true };
    const args: MatmulQ4Args = { ...way, scale: 'f16', ...shape };
    const [y] = await runKernel(gpu, matmulQ4, args, [x, ...packed(weights), { init: before }]);
    const sums = matmulQ4Twin(x, M, weights);
    const expected = Float64Array.from(before, (old, i) => {
      const column = (i % stride) - first;
      return old + (column >= 0 && column < N ? (sums[Math.floor(i / stride) * N + column] ?? 0) : 0);
    });
    expectMatch('accumulate', y, expected, tolerance);
  });
  // Once for each source.
  it.each(way.rows === 128 ? [] : toPlant(mistakes[variant]))(
    'the tolerance notices %s -> %s',
    async (right = '', wrong = '') => {
      const scale = right === '(i & 1u)' ? 'bf16' : 'f16';
      const M = variant === 'tall' || few ? 64 : 5;
      const { y, twin } = await run({ M, N: 64, K: 96, scale }, withBug(matmulQ4, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    },
  );
  /** Each group of 32 far larger or smaller than the one before, in x, and the reverse in W. */
  const leaps = (scale: ScaleType, spec = matmulQ4) => {
    const [M, N, K] = [40, 70, 192];
    const x = numbers(M * K, 3).map((value, i) => (Math.floor((i % K) / 32) % 2 ? value * 1e5 : value));
    const weights = q4Matrix(N, K, scale, 4);
    const encode = scale === 'f16' ? numberToF16 : numberToBf16;
    const scales = weights.scales.map((_, i) => encode((0.5 + (i % 7) / 8) * (i % 2 ? 1e-5 : 1)));
    return product(x, M, { ...weights, scales }, spec);
  };
  it.each(few ? (['f16', 'bf16'] as const) : [])(
    'numbers past the range of f16, scales in %s',
    async (scale) => {
      const { y, twin } = await leaps(scale);
      expectMatch('leaps', y, twin, tolerance);
    },
  );
  it.each(variant === 'matrix' ? toPlant(rangeMistakes) : [])(
    'leaps notice %s -> %s',
    async (right = '', wrong = '') => {
      const { y, twin } = await leaps('f16', withBug(matmulQ4, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    },
  );
  it('packs what the shader declares', () => {
    const key = matmulQ4.key({
      ...way,
      scale: 'f16',
      M: 1,
      N: 1,
      K: 32,
      stride: 1,
      first: 0,
      accumulate: false,
    });
    expect(matmulQ4.fields).toEqual(paramsStruct(matmulQ4.source(key).code));
  });
});
