// The matrix variant at what GPUs have and software adapters do not: matrices of NVIDIA, AMD and Intel, and Apple's of f32.
// The kernel is its own but for the five operations on matrices, which plain WGSL stands in for; that an adapter's own do
// the same, matmul_q4.gpu.test.ts sees to where there is one.
import { describe, expect, it } from 'vitest';
import type { MatrixSize } from '../../gpu/gpu';
import type { KernelSpec } from '../../gpu/kernel';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { expectMatch } from '../testing/expect-match';
import { numbers, packed, q4Matrix } from '../testing/numbers';
import { runKernel } from '../testing/run-kernel';
import standIn from '../testing/subgroup_matrices.wgsl?raw';
import { matmulNmse, matmulQ4, matrixCuts, type MatrixCut } from './matmul_q4';

const sizes: readonly MatrixSize[] = [
  { of: 'f16', M: 16, N: 16, K: 16 },
  { of: 'f16', M: 8, N: 16, K: 16 },
  { of: 'f16', M: 16, N: 8, K: 16 },
  { of: 'f32', M: 8, N: 8, K: 8 },
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

const args = (matrix: MatrixCut) =>
  ({
    variant: 'matrix',
    scale: 'f16',
    matrix,
    M: 67,
    N: 150,
    K: 96,
    stride: 160,
    first: 5,
    accumulate: true,
  }) as const;

const skip = (await skipReason()) ?? ((await sharedNodeGpu()).info.f16 ? undefined : 'no shader-f16');
const { matrices } = skip ? { matrices: [] } : (await sharedNodeGpu()).info;
if (skip) console.log(`Skipped, matmul_q4 matrix by stand-ins: this adapter has ${skip}`);

describe.skipIf(skip)('matmul_q4 matrix, matrices in plain WGSL', () => {
  it.each(sizes)('$M x $N x $K of $of', async (size) => {
    const gpu = await sharedNodeGpu();
    const [cut] = matrixCuts({ ...gpu.info, matrices: [size] });
    if (!cut) throw new Error('The kernel has no room for this');
    // More than a tile of 64 by 128, and edges.
    const call = args(cut);
    const { M, N, K, stride, first } = call;
    const weights = q4Matrix(N, K, 'f16', 1);
    const x = numbers(M * K, 2);
    const before = numbers(M * stride, 3);
    const [y] = await runKernel(gpu, plain(matmulQ4), call, [x, ...packed(weights), { init: before }]);
    const sums = matmulQ4Twin(x, M, weights);
    const expected = Float64Array.from(before, (old, i) => {
      const column = (i % stride) - first;
      return old + (column >= 0 && column < N ? (sums[Math.floor(i / stride) * N + column] ?? 0) : 0);
    });
    const nmse = size.of === 'f16' ? matmulNmse.matrix : matmulNmse.tall;
    expectMatch('stand-in', y, expected, { nmse, why: `x and W in ${size.of}` });
  });

  // Whether the adapter has such matrices is asked only when a pipeline is made.
  it.runIf(matrices.length > 0).each(sizes)('$M x $N x $K of $of is right WGSL', async (size) => {
    const { device } = await sharedNodeGpu();
    const { code } = matmulQ4.source(matmulQ4.key(args({ ...size, threads: 128 })));
    const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
    expect(messages.map(({ lineNum, message }) => `${lineNum}: ${message}`)).toEqual([]);
  });

  it('leaves out what the kernel has no room for', () => {
    const names = (matrices: readonly MatrixSize[], subgroupMax = 32): readonly string[] =>
      matrixCuts({ f16: true, subgroupMax, matrices }).map(
        ({ of, M, N, K, threads }) => `${of} ${M} ${N} ${K} ${threads}`,
      );
    expect(
      names([
        { of: 'f32', M: 8, N: 8, K: 8 },
        { of: 'f32', M: 16, N: 16, K: 16 },
        { of: 'f16', M: 16, N: 16, K: 16 },
        { of: 'f16', M: 32, N: 32, K: 16 },
        { of: 'f16', M: 8, N: 8, K: 4 },
      ]),
    ).toEqual(['f16 16 16 16 128', 'f32 8 8 8 128']);
    const [small] = [{ of: 'f16', M: 8, N: 8, K: 8 }] as const;
    expect(names([small], 64)).toEqual(['f16 8 8 8 256']);
    expect(names([small], 128)).toEqual([]);
    expect(names([small], 0)).toEqual([]);
  });
});
