// The check of a loaded model's own formats on a real adapter: it passes where the kernels are right, compiles nothing that
// the model has not compiled, and a kernel that reads a block wrongly fails it, and the load.
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mixedBlocks, shapes } from '../../../bench/decode';
import type { ModelShape } from '../../formats/model-config';
import { smallGguf } from '../../formats/gguf/testing/small-model';
import type { Gpu } from '../../gpu/gpu';
import type { KernelKey, KernelSpec } from '../../gpu/kernel';
import { PipelineCache } from '../../gpu/pipelines';
import { leftToLavapipe, sharedNodeGpu, skipReason, withGpuKernels } from '../../gpu/testing/node-gpu';
import { withBug } from '../../kernels/testing/run-kernel';
import { DecoderModel } from '../../model/decoder-model';
import { wholeModel } from '../../model/testing/whole-models';
import { defaultTuning } from '../../model/tuning/tuning';
import { checkKernels, throwIfWrong, type KernelReport } from './kernel-check';
import { ggufBase, ggufStore } from './testing/gguf-store';
import { createWgslEngine } from './wgsl-engine';

/** A driver that miscompiles whatever has that in its source. */
class Miscompiling extends PipelineCache {
  constructor(
    device: GPUDevice,
    private readonly right: string,
    private readonly wrong: string,
  ) {
    super(device);
  }
  override get<Args, Key extends KernelKey>(
    spec: KernelSpec<Args, Key>,
    key: Key,
  ): Promise<GPUComputePipeline> {
    const isMeant = spec.source(key).code.includes(this.right);
    return super.get(isMeant ? withBug(spec, this.right, this.wrong) : spec, key);
  }
}

const q4km = 'phi3.gguf in Q4_K_M, partly rotated, with factors short and long';
const sizes = { contextWindow: 64, chunk: 16 };

/** Without the model: as its load would, where nothing was tuned. */
async function checkShape(gpu: Gpu, shape: ModelShape, part: 'all' | 'first'): Promise<KernelReport> {
  const kvLayout = { format: 'f16', rowBytes: 0, layers: 0 } as const;
  const model = { tuning: defaultTuning(gpu.info, shape), kvLayout };
  const report = await checkKernels({ gpu, shape, model, ...sizes, chunk: 512 }, part);
  if (!report) throw new Error('Nothing was checked');
  return report;
}

function say(what: string, { kernels, elapsedMs, worst, nmse }: KernelReport, more: number): void {
  const time = `${kernels} kernels checked in ${elapsedMs.toFixed(0)} ms, ${more} pipelines more`;
  console.log(`${what}: ${time}; the worst is ${worst}, ${nmse.toExponential(1)}`);
}

describe.skipIf(await skipReason())('the check of a model’s own formats', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });
  afterEach(() => vi.unstubAllGlobals());

  const names = leftToLavapipe ? (['qwen2 folder'] as const) : ([q4km, 'qwen2 folder'] as const);
  it.each(names)('passes with room to spare, by pipelines that the model has: %s', async (name) => {
    const { shape, tensors } = await wholeModel(name);
    for (const kernels of leftToLavapipe ? [gpu] : [gpu, withGpuKernels(gpu)]) {
      const { chunk: prefillChunk, contextWindow } = sizes;
      const model = await DecoderModel.create(kernels, shape, { prefillChunk, contextWindow });
      for (const { record, bytes } of tensors) model.upload(record, bytes);
      await model.ready();
      const before = gpu.pipelines.compiled;
      const report = await checkKernels({ gpu: kernels, shape, model, ...sizes });
      model.dispose();
      if (!report) throw new Error('Nothing was checked');
      say(name, report, gpu.pipelines.compiled - before);
      expect(report.ok).toBe(true);
      expect(report.nmse).toBeLessThan(report.tolerance / 10);
      expect(gpu.pipelines.compiled).toBe(before);
      expect(() => throwIfWrong(report)).not.toThrow();
    }
  });

  it.skipIf(leftToLavapipe)('takes a moment at Phi-3-mini’s size in the mix of Q4_K_M', async () => {
    const mini = shapes['phi-3-mini'];
    if (!mini) throw new Error('No such shape');
    const shape = mixedBlocks(mini, mini.layers);
    for (const kernels of [gpu, withGpuKernels(gpu)]) {
      await checkShape(kernels, shape, 'all');
      const before = gpu.pipelines.compiled;
      const report = await checkShape(kernels, shape, 'all');
      say('Phi-3-mini’s shape in Q4_K_M', report, gpu.pipelines.compiled - before);
      expect(report.ok).toBe(true);
    }
  });

  it('has nothing to say of MLC’s layout, which has a check of its own', async () => {
    const { shape, tensors } = await wholeModel('llama folder with Llama 3’s scaling');
    expect(tensors.length).toBeGreaterThan(0);
    const model = {
      tuning: defaultTuning(gpu.info, shape),
      kvLayout: { format: 'f16', rowBytes: 0, layers: 0 },
    };
    expect(await checkKernels({ gpu, shape, model, ...sizes } as never)).toBeUndefined();
  });

  const mistakes = [
    ['q4_0', '8.0, r.kind', '7.0, r.kind'],
    ['q4_k', 'packed >> 8u', 'packed & 255u'],
    ['q5_k', '(2u * w + half)', '(2u * w)'],
    ['q6_k', '-32.0 * a.y', '-31.0 * a.y'],
    ['q8_0', '2u * g + half', '2u * g'],
    ['q5_1', '(1u, 3u, 5u, 7u)', '(0u, 2u, 4u, 6u)'],
  ] as const;
  const oneKind = async (kind: (typeof mistakes)[number][0]): Promise<ModelShape> => {
    const { shape } = await wholeModel(q4km);
    return {
      ...shape,
      types: Object.fromEntries(Object.keys(shape.types ?? {}).map((name) => [name, kind])),
    };
  };
  it.each(leftToLavapipe ? mistakes.slice(1, 2) : mistakes)(
    'notices a GPU that reads %s wrongly: %s -> %s',
    async (kind, right, wrong) => {
      const types = await oneKind(kind);
      const broken: Gpu = { ...gpu, pipelines: new Miscompiling(gpu.device, right, wrong) };
      const report = await checkShape(broken, types, kind === 'q5_1' ? 'all' : 'first');
      expect(report.ok).toBe(false);
      expect(() => throwIfWrong(report)).toThrow(expect.objectContaining({ code: 'gpu/wrong-numbers' }));
    },
  );

  it.skipIf(leftToLavapipe)(
    'notices one kernel of one format among many, and the load ends with it',
    async () => {
      vi.stubGlobal('navigator', { userAgent: 'Browser 1' });
      const file = smallGguf({ type: (name) => (name === 'ffn_down' ? 'q5_0' : 'q4_1') });
      const read = (from: number, to: number) => Promise.resolve(file.slice(from, to));
      const store = await ggufStore({ nbytes: file.byteLength, read });
      const load = async (opened: Gpu) => {
        const engine = createWgslEngine({
          store,
          resolve: () => ggufBase,
          openGpu: () => Promise.resolve({ ...opened, dispose: () => undefined }),
        });
        const signal = new AbortController().signal;
        try {
          return await engine.load('m', { signal, onProgress: () => undefined });
        } finally {
          await engine.dispose();
        }
      };
      expect((await load(gpu)).numerics).toMatchObject({ ok: true });
      const right = '(2u * w + half)';
      const broken: Gpu = { ...gpu, pipelines: new Miscompiling(gpu.device, right, '(2u * w)') };
      await expect(load(broken)).rejects.toMatchObject({
        code: 'gpu/wrong-numbers',
        details: { kernel: 'matmul_q4 of Q5_0' },
      });
    },
  );
});
