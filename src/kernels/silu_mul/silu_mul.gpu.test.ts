import { beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { siluMulTwin } from '../../reference/silu_mul';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { flavours, numbers } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { siluMul } from './silu_mul';

// Products near 1e8 occur in the large flavour, hence relative above all.
const tolerance = { atol: 1e-6, rtol: 1e-5, why: 'one exp and one division' };

describe.skipIf(await skipReason())('silu_mul', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (rows: number, width: number, x: Float32Array<ArrayBuffer>, spec = siluMul) => {
    const [y] = await runKernel(gpu, spec, { rows, width }, [x, { size: rows * width }]);
    return { y, twin: siluMulTwin(x, rows, width) };
  };

  it.each([
    [1, 1],
    [1, 63],
    [1, 64],
    [1, 65],
    [3, 17],
    [2, 8192],
  ])('[%i, 2 * %i] in every flavour', async (rows, width) => {
    for (const flavour of flavours) {
      const { y, twin } = await run(rows, width, numbers(rows * width * 2, width, flavour));
      expectMatch(`rows=${rows} width=${width} ${flavour}`, y, twin, tolerance);
    }
  });
  it.each([
    ['gate / (1.0', 'gate / (1.001'],
    ['at + p.width', 'at + p.width - 1u'],
  ])('the tolerance notices %s -> %s', async (right, wrong) => {
    const { y, twin } = await run(2, 40, numbers(160, 3), withBug(siluMul, right, wrong));
    expectMismatch(wrong, y, twin, tolerance);
  });
  it('packs what the shader declares', () => {
    expect(siluMul.fields).toEqual(paramsStruct(siluMul.source({ x: 'f32', WG: 64 }).code));
  });
});
