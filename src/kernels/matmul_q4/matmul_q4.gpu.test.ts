import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import {
  fewRows,
  matmulNmse,
  matmulObstacle,
  matmulQ4,
  tileName,
  tiles,
  type MatmulQ4Args,
} from './matmul_q4';

interface Case {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly flavour?: Flavour;
  readonly extra?: Partial<MatmulQ4Args>;
}

type Way = Pick<MatmulQ4Args, 'variant' | 'tileRows'> & { readonly name: string };

/** Those that this adapter can run; says which it cannot, and why. */
async function ways(): Promise<readonly Way[]> {
  const all: readonly Way[] = [
    { name: 'naive', variant: 'naive' },
    { name: 'few', variant: 'few' },
    { name: 'direct', variant: 'direct' },
    ...tiles.map((tile) => ({ name: tileName(tile), variant: tile.variant, tileRows: tile.rows })),
  ];
  if (await skipReason()) return all;
  const { info } = await sharedNodeGpu();
  return all.filter(({ name, variant }) => {
    const obstacle = matmulObstacle(variant, info);
    if (obstacle) console.log(`Skipped, matmul_q4 ${name}: this adapter has ${obstacle}`);
    return obstacle === undefined;
  });
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
    ['write_row(m + 3u', 'write_row(m + 2u'],
  ],
  tiled: [
    ['^ (row & 7u)', '& (row & 7u)'],
    ['at(row * 4u + 3u, k)', 'at(row * 4u + 2u, k)'],
    ['column + 32u, k', 'column + 16u, k'],
  ],
  tall: [
    ['^ ((row >> 1u) & 3u)', '& ((row >> 1u) & 3u)'],
    ['sum7 += dots(xs[at(row + STEP * 7u, k)]', 'sum7 += dots(xs[at(row + STEP * 6u, k)]'],
    ['halves / 2u) + h / 2u', 'halves / 2u)'],
  ],
  half: [
    ['^ ((row >> 1u) & 3u)', '& ((row >> 1u) & 3u)'],
    ['part7 += dots(at(row + STEP * 7u, w)', 'part7 += dots(at(row + STEP * 6u, w)'],
    ['steps[column + 48u]', 'steps[column + 32u]'],
    [') * sizes[word]', ')'],
    ['word >> 8u', 'word >> 12u'],
  ],
};

describe.skipIf(await skipReason()).each(await ways())('matmul_q4 $name', ({ variant, tileRows }) => {
  const few = variant === 'half';
  const tolerance = {
    nmse: matmulNmse[variant],
    why: few ? 'products in f16' : 'f32 dot products of up to 8192 terms',
  };
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async ({ M, N, K, flavour = 'plain', extra = {} }: Case, spec = matmulQ4) => {
    const scale = extra.scale ?? 'f16';
    const weights = q4Matrix(N, K, scale, N + K);
    const x = numbers(M * K, M + K, flavour);
    const args: MatmulQ4Args = {
      variant,
      scale,
      M,
      N,
      K,
      stride: N,
      first: 0,
      accumulate: false,
      ...(tileRows && { tileRows }),
      ...extra,
    };
    const [y] = await runKernel(gpu, spec, args, [x, ...packed(weights), { size: M * N }]);
    return { y, twin: matmulQ4Twin(x, M, weights) };
  };

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
  const sizes = variant === 'tall' || variant === 'half' ? large : anySize;
  it.each(sizes.filter(({ M }) => variant !== 'few' || M <= fewRows))(
    '[$M, $K] by [$N, $K]',
    async (sizes) => {
      // Reading scales has nothing to do with rows, and every size of tile is a pipeline to compile.
      for (const scale of sizes.M > 16 ? (['f16'] as const) : (['f16', 'bf16'] as const)) {
        const { y, twin } = await run({ ...sizes, extra: { scale } });
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
    const args: MatmulQ4Args = { variant, scale: 'f16', ...shape, ...(tileRows && { tileRows }) };
    const [y] = await runKernel(gpu, matmulQ4, args, [x, ...packed(weights), { init: before }]);
    const product = matmulQ4Twin(x, M, weights);
    const expected = Float64Array.from(before, (old, i) => {
      const column = (i % stride) - first;
      return old + (column >= 0 && column < N ? (product[Math.floor(i / stride) * N + column] ?? 0) : 0);
    });
    expectMatch('accumulate', y, expected, tolerance);
  });
  // Once for each source.
  it.each(tileRows === 128 ? [] : toPlant(mistakes[variant]))(
    'the tolerance notices %s -> %s',
    async (right = '', wrong = '') => {
      const scale = right === '(i & 1u)' ? 'bf16' : 'f16';
      const M = variant === 'tall' || variant === 'half' ? 64 : 5;
      const { y, twin } = await run({ M, N: 64, K: 96, extra: { scale } }, withBug(matmulQ4, right, wrong));
      expectMismatch(wrong, y, twin, tolerance);
    },
  );
  it('packs what the shader declares', () => {
    expect(matmulQ4.fields).toEqual(paramsStruct(matmulQ4.source({ variant, scale: 'f16', rows: 64 }).code));
  });
});
