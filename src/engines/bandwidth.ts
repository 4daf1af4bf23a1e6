// How fast this adapter streams memory when it does nothing else: the roof that a decode speed is held against.
import { AppError, invariant } from '../base/errors';
import type { Gpu } from '../gpu/gpu';
import { PlanBuilder, type Plan } from '../gpu/plan';
import { streamSum, streamSums } from '../kernels/stream_sum/stream_sum';
import type { Bandwidth } from '../protocol/benchmark';

/** Past every cache where the adapter allows it; a software adapter needs less and is slow. */
const mostBytes = 2 ** 30;
const softwareBytes = 2 ** 26;
const leastBytes = 2 ** 24;
const rounds = 5;

/**
 * One kernel that reads the largest buffer the adapter binds and has room for, at most 1 GiB; best of several rounds.
 * @throws AppError `gpu/out-of-memory` when not even 16 MiB are to be had, `gpu/shader-invalid`, `gpu/device-lost`.
 */
export async function measureBandwidth(gpu: Gpu): Promise<Bandwidth> {
  const { buffers, info } = gpu;
  const most = Math.min(info.fallback ? softwareBytes : mostBytes, info.maxBindingBytes);
  const [data, sums] = await largest(gpu, Math.floor(most / 4096) * 4096);
  let plan: Plan | undefined;
  try {
    plan = await new PlanBuilder(gpu, 'bandwidth')
      .add(streamSum, { vectors: data.size / 16 }, [data, sums])
      .build();
    const seconds = await timePlan(gpu, plan);
    const failure = gpu.failure();
    if (failure) throw failure;
    return { bytesPerSecond: data.size / seconds, bufferBytes: data.size };
  } finally {
    plan?.dispose();
    buffers.destroy(data);
    buffers.destroy(sums);
  }
}

async function largest(gpu: Gpu, bytes: number): Promise<readonly [GPUBuffer, GPUBuffer]> {
  const made: GPUBuffer[] = [];
  try {
    const buffers = await gpu.buffers.guarded('the bandwidth test', () => {
      made.push(gpu.buffers.create('stream', bytes), gpu.buffers.create('stream sums', streamSums * 4));
      return made;
    });
    const [data, sums] = buffers;
    invariant(data && sums, 'No buffers to stream');
    return [data, sums];
  } catch (thrown) {
    for (const buffer of made) gpu.buffers.destroy(buffer);
    const half = Math.floor(bytes / 8192) * 4096;
    if (!(thrown instanceof AppError) || thrown.code !== 'gpu/out-of-memory' || half < leastBytes)
      throw thrown;
    return largest(gpu, half);
  }
}

/** Seconds of one reading. */
async function timePlan({ device }: Gpu, plan: Plan): Promise<number> {
  const run = async (times: number): Promise<number> => {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) plan.encode(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / 1000;
  };
  await run(1);
  // The difference of two lengths leaves out what a submit costs by itself.
  let [long, short] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    long = Math.min(long, await run(9));
    short = Math.min(short, await run(1));
  }
  // On a machine busy with other things the short run may look longer than the long one.
  return long > short ? (long - short) / 8 : long / 9;
}
