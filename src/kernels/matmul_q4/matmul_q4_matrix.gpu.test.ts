// The matrix variant at the sizes of matrices that GPUs have and software adapters do not (NVIDIA, AMD, Intel). The kernel is its own but for the five operations on matrices, which plain WGSL stands in for; that an adapter's
// own do the same, matmul_q4.gpu.test.ts sees to where there is one.
import { describe, expect, it } from 'vitest';
import type { MatrixSize } from '../../gpu/gpu';
import type { KernelSpec } from '../../gpu/kernel';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { expectMatch } from '../testing/expect-match';
import { numbers, packed, q4Matrix } from '../testing/numbers';
import { runKernel } from '../testing/run-kernel';
import standIn from '../testing/subgroup_matrices.wgsl?raw';
import { matmulNmse, matmulQ4, matrixCuts } from './matmul_q4';

const sizes: readonly MatrixSize[] = [
  { M: 16, N: 16, K: 16 },
  { M: 8, N: 16, K: 16 },
  { M: 16, N: 8, K: 16 },
];

/** The kernel without the feature. */
function plain<Args, Key extends Record<string, string | number>>(
  spec: KernelSpec<Args, Key>,
): KernelSpec<Args, Key> {
  const instead: readonly (readonly [RegExp, string])[] = [
    [/, chromium_experimental_subgroup_matrix;\ndiagnostic.*;/, ';'],
    [/alias Left.*\nalias Right.*\nalias Sums.*\n/, standIn],
    [/subgroupMatrixLoad<Left, row_major>\(&xs, (.*), TK\)/g, '$1'],
    [/subgroupMatrixLoad<Right, col_major>\(&ws, (.*), TK\)/g, '$1'],
    [/(s\d\d) = subgroupMatrixMultiplyAccumulate\((.*), s\d\d\)/g, 'multiply($2, &$1)'],
    [/(?=let tiles_m)/, 'lane = thread % LANES;\n'],
    [/subgroupMatrixStore<row_major>\(&results, (.*), sums, TN\)/, 'store($1, sums)'],
  ];
  return {
    ...spec,
    op: `${spec.op}/plain`,
    source(key) {
      const { code, bindings } = spec.source(key);
      const changed = instead.reduce((text, [what, by]) => text.replace(what, by), code);
      if (/subgroup_?matrix/i.test(changed))
        throw new Error('The kernel does something with matrices that has no stand-in');
      return { code: changed, bindings };
    },
  };
}

const skip = (await skipReason()) ?? ((await sharedNodeGpu()).info.f16 ? undefined : 'no shader-f16');
if (skip) console.log(`Skipped, matmul_q4 matrix by stand-ins: this adapter has ${skip}`);

describe.skipIf(skip)('matmul_q4 matrix, matrices in plain WGSL', () => {
  it.each(sizes)('$M x $N x $K', async (size) => {
    const gpu = await sharedNodeGpu();
    const [cut] = matrixCuts({ ...gpu.info, matrices: [size] });
    if (!cut) throw new Error('The kernel has no room for this');
    // More than a tile of 64 by 128, and edges.
    const [M, N, K, stride, first] = [67, 150, 96, 160, 5];
    const weights = q4Matrix(N, K, 'f16', 1);
    const x = numbers(M * K, 2);
    const before = numbers(M * stride, 3);
    const shape = { scale: 'f16', M, N, K, stride, first, accumulate: true } as const;
    const args = { variant: 'matrix', matrix: cut, ...shape } as const;
    const [y] = await runKernel(gpu, plain(matmulQ4), args, [x, ...packed(weights), { init: before }]);
    const sums = matmulQ4Twin(x, M, weights);
    const expected = Float64Array.from(before, (old, i) => {
      const column = (i % stride) - first;
      return old + (column >= 0 && column < N ? (sums[Math.floor(i / stride) * N + column] ?? 0) : 0);
    });
    expectMatch('stand-in', y, expected, { nmse: matmulNmse.matrix, why: 'x and W in f16' });
  });

  it('leaves out what the kernel has no room for', () => {
    const names = (matrices: readonly MatrixSize[], subgroupMax = 32): readonly string[] =>
      matrixCuts({ f16: true, subgroupMax, matrices }).map(
        ({ M, N, K, threads }) => `${M} ${N} ${K} ${threads}`,
      );
    expect(
      names([
        { M: 16, N: 16, K: 16 },
        { M: 32, N: 32, K: 16 },
        { M: 8, N: 8, K: 4 },
      ]),
    ).toEqual(['16 16 16 128']);
    expect(names([{ M: 8, N: 8, K: 8 }], 64)).toEqual(['8 8 8 256']);
    expect(names([{ M: 8, N: 8, K: 8 }], 128)).toEqual([]);
    expect(names([{ M: 8, N: 8, K: 8 }], 0)).toEqual([]);
  });
});
