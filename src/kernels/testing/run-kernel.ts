// Runs one kernel call in a test: fills buffers, dispatches, reads back, and watches the words around every tensor.
import type { Gpu } from '../../gpu/gpu';
import type { KernelKey, KernelSpec } from '../../gpu/kernel';
import { PlanBuilder } from '../../gpu/plan';
import { ReadbackRing } from '../../gpu/readback';
import { adapterName, manifestOf } from '../../gpu/testing/node-gpu';

export type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
/** A tensor to read, or one to write: its initial contents, or its size when the kernel must write all of it. */
export type Tensor = Numbers | { readonly init: Numbers } | { readonly size: number };

const canaryWords = 16;
/** A quiet NaN with a face: reading past an input poisons the result, an unwritten output is seen. */
const canary = 0x7fc0dead;

/** @returns what each written tensor holds afterwards, in order. @throws when a canary was overwritten. */
export async function runKernel<Args, Key extends KernelKey>(
  gpu: Gpu,
  spec: KernelSpec<Args, Key>,
  args: Args,
  tensors: readonly Tensor[],
): Promise<Float32Array[]> {
  const { bindings } = spec.source(spec.key(args));
  const buffers = await gpu.buffers.guarded('test tensors', () =>
    tensors.map((tensor, i) => {
      const words = tensorWords(tensor);
      const buffer = gpu.buffers.create(`${spec.op}/${i}`, words.byteLength);
      gpu.device.queue.writeBuffer(buffer, 0, words);
      return buffer;
    }),
  );
  const plan = await new PlanBuilder(gpu, 'test').add(spec, args, buffers).build();
  const written = buffers.flatMap((buffer, i) => (bindings[i] === 'w' ? [buffer] : []));
  const largest = Math.max(...written.map((buffer) => buffer.size));
  const ring = new ReadbackRing(gpu, 'test', largest, written.length);
  const pending = await gpu.buffers.guarded(`${spec.op} in a test`, () => {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    plan.encode(pass);
    pass.end();
    const reads = written.map((buffer) => ring.copy(encoder, buffer, buffer.size));
    gpu.device.queue.submit([encoder.finish()]);
    return reads;
  });
  const results: Float32Array[] = [];
  for (const read of pending) {
    const words = new Uint32Array(await ring.read(read));
    const end = words.length - canaryWords;
    const harmed = words.subarray(end).findIndex((word) => word !== canary);
    if (harmed >= 0) throw new Error(`${spec.op} wrote ${harmed} words past the end of an output of ${end}`);
    results.push(new Float32Array(words.buffer, 0, end));
  }
  ring.dispose();
  plan.dispose();
  for (const buffer of buffers) gpu.buffers.destroy(buffer);
  return results;
}

function tensorWords(tensor: Tensor): Uint32Array<ArrayBuffer> {
  const start = 'size' in tensor ? undefined : 'init' in tensor ? tensor.init : tensor;
  const length = 'size' in tensor ? tensor.size : (start?.length ?? 0);
  const words = new Uint32Array(length + canaryWords).fill(canary);
  if (start) words.set(new Uint32Array(start.buffer, start.byteOffset, start.length));
  return words;
}

/**
 * Mistakes to plant with `withBug`. That a tolerance notices them has nothing to do with the adapter, and each is a
 * pipeline to compile, for which SwiftShader takes a second or two: where lavapipe is at hand, it does that alone.
 */
export function toPlant<T>(mistakes: readonly T[]): readonly T[] {
  return adapterName() === 'swiftshader' && manifestOf('lavapipe') ? [] : mistakes;
}

/** The same kernel with a mistake in it, which its tolerance must catch. */
export function withBug<Args, Key extends KernelKey>(
  spec: KernelSpec<Args, Key>,
  right: string,
  wrong: string,
): KernelSpec<Args, Key> {
  return {
    ...spec,
    op: `${spec.op}/bug/${wrong}`,
    source(key) {
      const { code, bindings } = spec.source(key);
      if (!code.includes(right)) throw new Error(`${spec.op} has no "${right}" to break`);
      return { code: code.replace(right, wrong), bindings };
    },
  };
}

/** [name, type] of each field of `struct Params` in a kernel's source. */
export function paramsStruct(code: string): string[][] {
  const body = /struct Params \{([^}]*)\}/.exec(code)?.[1];
  if (body === undefined) throw new Error('The kernel declares no struct Params');
  return body
    .split(',')
    .map((field) => field.trim().split(/\s*:\s*/))
    .filter((field) => field.length === 2);
}
