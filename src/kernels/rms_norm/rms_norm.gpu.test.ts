import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { rmsNormTwin } from '../../reference/rms_norm';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { rmsNorm } from './rms_norm';

const tolerance = { atol: 1e-6, rtol: 1e-5, why: 'a norm: sum of squares and inverse square root' };

describe.skipIf(await skipReason())('rms_norm', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (rows: number, dim: number, x: Float32Array<ArrayBuffer>, spec = rmsNorm) => {
    const weight = numbers(dim, 99);
    const [y] = await runKernel(gpu, spec, { rows, dim, eps: 1e-5 }, [x, weight, { size: rows * dim }]);
    return { y, twin: rmsNormTwin(x, weight, rows, dim, 1e-5) };
  };

  it.each([
    [1, 1],
    [1, 63],
    [1, 64],
    [1, 65],
    [3, 17],
    [5, 3072],
    [70, 96],
  ])('[%i, %i] in every flavour', async (rows, dim) => {
    for (const flavour of flavours) {
      const { y, twin } = await run(rows, dim, numbers(rows * dim, rows * 31 + dim, flavour));
      expectMatch(`rows=${rows} dim=${dim} ${flavour}`, y, twin, tolerance);
    }
  });
  it('a row of zeros stays zero, and tiny rows feel eps', async () => {
    const { y, twin } = await run(
      2,
      128,
      numbers(256, 5).map((v, i) => (i < 128 ? 0 : v * 1e-3)),
    );
    expectMatch('zeros and tiny', y, twin, tolerance);
  });
  it('begins at another row', async () => {
    const [x, weight] = [numbers(5 * 65, 8), numbers(65, 9)];
    const args = { rows: 2, dim: 65, eps: 1e-5, first: 3 };
    const [y] = await runKernel(gpu, rmsNorm, args, [x, weight, { size: 2 * 65 }]);
    expectMatch('rows 3 and 4', y, rmsNormTwin(x.slice(3 * 65), weight, 2, 65, 1e-5), tolerance);
  });
  it('more rows than one grid dimension', async () => {
    const { y, twin } = await run(66_000, 2, numbers(132_000, 6));
    expectMatch('rows=66000', y, twin, tolerance);
  });
  it.each([
    ['+ p.eps', '+ 0.0'],
    ['f32(p.dim)', 'f32(p.dim + 1u)'],
  ])('the tolerance notices %s -> %s', async (right, wrong) => {
    const bug = withBug(rmsNorm, right, wrong);
    const { y, twin } = await run(
      2,
      128,
      numbers(256, 7).map((v) => v * 1e-2),
      bug,
    );
    expectMismatch(wrong, y, twin, tolerance);
  });
  it('packs what the shader declares', () => {
    expect(rmsNorm.fields).toEqual(paramsStruct(rmsNorm.source({ x: 'f32', WG: 64 }).code));
  });
});
