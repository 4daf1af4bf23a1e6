// The engine on whole GGUF files against transformers' own classes (scripts/golden/gguf_models.py): Llama, its scaling,
// Qwen2's biases, Phi-3's fused matrices and long rope, types mixed as files mix them.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { requiredTensors } from '../formats/decoder-tensors';
import { manifestOf, readHeads } from '../formats/gguf/model-file';
import { ggufShape } from '../formats/gguf/shape';
import { goldenModels } from '../formats/gguf/testing/golden-models';
import { parseManifest } from '../formats/mlc/parse-manifest';
import type { Gpu } from '../gpu/gpu';
import { sharedNodeGpu, skipReason, withGpuKernels } from '../gpu/testing/node-gpu';
import { DecoderModel } from './decoder-model';
import golden from './testing/gguf-golden.json';
import { differenceOf, type GoldenRow } from './testing/hf-golden';

type Name = keyof typeof goldenModels;
const cases = golden.cases as unknown as readonly {
  readonly name: Name;
  readonly sha256: string;
  readonly ids: readonly number[];
  readonly whole: readonly GoldenRow[];
  readonly short: readonly GoldenRow[];
}[];
/** What a GPU's kernels do for one mix they do for another. */
const some: readonly Name[] = ['phi3 in Q4_K_M, partly rotated, with factors short and long'];
const chunk = 16;

async function load(gpu: Gpu, name: Name, sha256: string): Promise<DecoderModel> {
  const file = goldenModels[name]();
  expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
  const read = (from: number, to: number) => Promise.resolve(file.slice(from, to));
  const { model: heads } = await readHeads('a.gguf', () =>
    Promise.resolve({ nbytes: file.byteLength, read }),
  );
  const shape = ggufShape(heads);
  const sizes = { contextWindow: 128, prefillChunk: chunk, kvFormat: 'f32', submitMs: Infinity } as const;
  const model = await DecoderModel.create(gpu, shape, sizes);
  const manifest = parseManifest(manifestOf(heads), 'a.gguf');
  for (const record of requiredTensors(manifest, shape).values())
    model.upload(record, file.slice(record.byteOffset, record.byteOffset + record.nbytes));
  await model.ready();
  return model;
}

function expectAlike(logits: ArrayLike<number>, rows: readonly GoldenRow[]): void {
  const { worst, others } = differenceOf(logits, rows);
  expect(worst).toBeLessThan(1e-4);
  // Of two ids that are as close as that, either may come first.
  expect(others.length).toBeLessThanOrEqual(1);
}

describe.skipIf(await skipReason()).each(['software', 'GPU'])(
  'GGUF models and transformers, %s kernels',
  (kind) => {
    let gpu: Gpu;
    beforeAll(async () => {
      const shared = await sharedNodeGpu();
      gpu = kind === 'GPU' ? withGpuKernels(shared) : shared;
    });

    const mine = cases.filter(({ name }) => kind === 'software' || some.includes(name));
    it.each(mine.map((one) => [one.name, one] as const))(
      '%s',
      async (name, { sha256, ids, whole, short }) => {
        const model = await load(gpu, name, sha256);
        expectAlike(await model.logitsOf(ids, 0), whole);
        expectAlike(await model.logitsOf(ids.slice(0, short.length), 0), short);
        // Read in part, then token by token.
        const before = ids.length - 3;
        await model.prefill(ids.slice(0, before), 0);
        expectAlike(await model.logits(), whole.slice(before - 1, before));
        model.dispose();
      },
    );

    it('a model of another seed is noticed', () => {
      const [one] = cases;
      const wrong = Float64Array.from({ length: (one?.whole.length ?? 0) * 260 }, (_, i) => Math.sin(i));
      expect(differenceOf(wrong, one?.whole ?? []).worst).toBeGreaterThan(0.1);
    });
  },
);
