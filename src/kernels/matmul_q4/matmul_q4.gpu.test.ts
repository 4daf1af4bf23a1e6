import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers, packed, q4Matrix, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { fewRows, matmulQ4, type MatmulQ4Args, type MatmulVariant } from './matmul_q4';

const tolerance = { nmse: 1e-10, why: 'f32 dot products of up to 8192 terms' };

interface Case {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly flavour?: Flavour;
  readonly extra?: Partial<MatmulQ4Args>;
}

describe.skipIf(await skipReason()).each(['naive', 'tiled', 'few', 'direct'] as const)(
  'matmul_q4 %s',
  (variant: MatmulVariant) => {
    let gpu: Gpu;
    beforeAll(async () => {
      gpu = await openNodeGpu();
    });
    afterAll(() => gpu.dispose());

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
        ...extra,
      };
      const [y] = await runKernel(gpu, spec, args, [x, ...packed(weights), { size: M * N }]);
      return { y, twin: matmulQ4Twin(x, M, weights) };
    };

    const sizes = [
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
      const args: MatmulQ4Args = { variant, scale: 'f16', M, N, K, stride, first, accumulate: true };
      const [y] = await runKernel(gpu, matmulQ4, args, [x, ...packed(weights), { init: before }]);
      const product = matmulQ4Twin(x, M, weights);
      const expected = Float64Array.from(before, (old, i) => {
        const column = (i % stride) - first;
        return old + (column >= 0 && column < N ? (product[Math.floor(i / stride) * N + column] ?? 0) : 0);
      });
      expectMatch('accumulate', y, expected, tolerance);
    });
    it.each(
      variant === 'naive'
        ? [
            ['- 7.0', '- 8.0'],
            ['unpack2x16float', 'unpack2x16snorm'],
            ['(i & 1u)', '0'],
          ]
        : variant === 'few'
          ? [
              ['s4 += dots(r4', 's4 += dots(r3'],
              ['x[i + 1u] * codes.high', 'x[i] * codes.high'],
            ]
          : variant === 'direct'
            ? [
                ['s4 += dots(high.x', 's4 += dots(low.w'],
                ['x[i + 1u] * codes.high', 'x[i] * codes.high'],
                ['write_row(m + 3u', 'write_row(m + 2u'],
              ]
            : [
                ['^ (row & 7u)', '& (row & 7u)'],
                ['at(row * 4u + 3u, k)', 'at(row * 4u + 2u, k)'],
                ['column + 32u, k', 'column + 16u, k'],
              ],
    )('the tolerance notices %s -> %s', async (right = '', wrong = '') => {
      const scale = right === '(i & 1u)' ? 'bf16' : 'f16';
      const { y, twin } = await run(
        { M: 5, N: 40, K: 96, extra: { scale } },
        withBug(matmulQ4, right, wrong),
      );
      expectMismatch(wrong, y, twin, tolerance);
    });
    it('packs what the shader declares', () => {
      expect(matmulQ4.fields).toEqual(
        paramsStruct(matmulQ4.source({ variant, scale: 'f16', rows: 64 }).code),
      );
    });
  },
);
