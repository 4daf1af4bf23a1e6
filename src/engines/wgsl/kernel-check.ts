// Whether this GPU computes a loaded model's own formats rightly: every kernel that reads one of its kinds of matrices,
// over a few seeded rows of that kind, against float64. With the pipelines that the model has compiled anyway, so that it costs no
// compiling and finds what a driver made of just these. numerics.ts does the like before a model is chosen, for MLC's
// layout alone. What is held to what stands in kernel-check-subjects.ts.
import { AppError } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';
import { BufferLedger } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/gpu';
import { PlanBuilder } from '../../gpu/plan';
import { ReadbackRing } from '../../gpu/readback';
import type { DecoderModel } from '../../model/decoder-model';
import type { NumericsReport } from '../../protocol/models';
import { errorOf } from '../numerics';
import { modelMatrices } from './kernel-check-matrices';
import { addSubjects, type Subject } from './kernel-check-subjects';

export interface CheckedModel {
  readonly gpu: Gpu;
  readonly shape: ModelShape;
  readonly model: Pick<DecoderModel, 'tuning' | 'kvLayout'>;
  readonly contextWindow: number;
  /** Most rows of a prompt at once. */
  readonly chunk: number;
}

export interface KernelReport extends NumericsReport {
  /** Kernels that were run, each for each format that it reads here. */
  readonly kernels: number;
  /** The one that is furthest from what it should give, for what it may be. */
  readonly worst: string;
}

/**
 * @param part of the kernels: `first` are those that the first token of an answer needs, where no other is compiled yet.
 * @returns undefined where the model has no matrix of blocks.
 * @throws AppError as the GPU fails; numbers that are wrong are told of, not thrown.
 */
export async function checkKernels(
  { gpu, shape, ...rest }: CheckedModel,
  part: 'all' | 'first' = 'all',
): Promise<KernelReport | undefined> {
  const matrices = modelMatrices(shape);
  if (matrices.length === 0) return undefined;
  const startMs = performance.now();
  const own: Gpu = { ...gpu, buffers: new BufferLedger(gpu.device) };
  try {
    const plan = new PlanBuilder(own, 'kernel-check');
    const subjects = await own.buffers.guarded('the check of the kernels', () =>
      addSubjects(plan, own, { shape, matrices, ...rest }, part),
    );
    const outputs = await run(own, await plan.build(), subjects);
    let worst = { name: '', nmse: 0, bound: 1 };
    subjects.forEach(({ name, expected, bound, read }, i) => {
      const nmse = errorOf(read(outputs[i] ?? new Uint32Array()), expected);
      if (nmse / bound >= worst.nmse / worst.bound) worst = { name, nmse, bound };
    });
    return {
      // Written so that NaN fails.
      ok: worst.nmse <= worst.bound,
      nmse: worst.nmse,
      tolerance: worst.bound,
      elapsedMs: performance.now() - startMs,
      kernels: subjects.length,
      worst: worst.name,
    };
  } finally {
    own.buffers.destroyAll();
  }
}

/** @throws AppError `gpu/wrong-numbers` naming the kernel, the format and how far off it is. */
export function throwIfWrong(report: KernelReport): void {
  if (report.ok) return;
  throw new AppError(
    'gpu/wrong-numbers',
    `This GPU computes ${report.worst} wrongly: its error is ${report.nmse.toExponential(1)}, and at most ${report.tolerance.toExponential(1)} would do. ` +
      'Update the graphics driver and the browser, or choose another model.',
    { details: { kernel: report.worst, nmse: report.nmse } },
  );
}

/** What each subject's call left in its output. */
async function run(
  gpu: Gpu,
  plan: Awaited<ReturnType<PlanBuilder['build']>>,
  subjects: readonly Subject[],
): Promise<readonly Uint32Array[]> {
  const words = subjects.reduce((sum, subject) => sum + subject.words, 0);
  const [all, ring] = await gpu.buffers.guarded('the check of the kernels', () => [
    gpu.buffers.create('kernel-check/all', words * 4),
    new ReadbackRing(gpu, 'kernel-check', words * 4, 1),
  ]);
  const encoder = gpu.device.createCommandEncoder({ label: plan.label });
  const pass = encoder.beginComputePass({ label: plan.label });
  plan.encode(pass);
  pass.end();
  let at = 0;
  for (const { output, words: count } of subjects) {
    encoder.copyBufferToBuffer(output, 0, all, at * 4, count * 4);
    at += count;
  }
  const pending = ring.copy(encoder, all, words * 4);
  gpu.device.queue.submit([encoder.finish()]);
  const read = new Uint32Array(await ring.read(pending));
  at = 0;
  return subjects.map(({ words: count }) => read.subarray(at, (at += count)));
}
