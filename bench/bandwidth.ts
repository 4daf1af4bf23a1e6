// How fast this adapter streams memory when it does nothing else: the roof that a decode speed is held against.
import type { Gpu } from '../src/gpu/gpu';
import { PlanBuilder } from '../src/gpu/plan';
import { grid, type KernelSpec } from '../src/gpu/kernel';
import code from './bandwidth.wgsl?raw';

const workgroup = 256;
const groups = 4096;

const streamSum: KernelSpec<{ readonly vectors: number }> = {
  op: 'stream_sum',
  fields: [
    ['vectors', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check: () => undefined,
  key: () => ({ WG: workgroup }),
  source: () => ({ code, bindings: 'rw' }),
  constants: () => ({ WG: workgroup }),
  params: ({ vectors }) => ({ vectors }),
  dispatch: () => grid(groups),
};

/** Bytes per second of one kernel reading the largest buffer it may bind, at most 1 GiB; best of several. */
export async function measureBandwidth(gpu: Gpu): Promise<number> {
  const bytes = Math.min(2 ** 30, Math.floor(gpu.info.maxBindingBytes / 4096) * 4096);
  const [data, sums] = await gpu.buffers.guarded('the bandwidth test', () => [
    gpu.buffers.create('stream', bytes),
    gpu.buffers.create('stream sums', groups * workgroup * 4),
  ]);
  if (!data || !sums) throw new Error('No buffers');
  const plan = await new PlanBuilder(gpu, 'bandwidth')
    .add(streamSum, { vectors: bytes / 16 }, [data, sums])
    .build();
  const run = async (times: number): Promise<number> => {
    const start = performance.now();
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) plan.encode(pass);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / 1000;
  };
  await run(1);
  // The difference of two lengths leaves out what a submit costs by itself.
  let [long, short] = [Infinity, Infinity];
  for (let round = 0; round < 5; round++) {
    long = Math.min(long, await run(9));
    short = Math.min(short, await run(1));
  }
  plan.dispose();
  gpu.buffers.destroy(data);
  gpu.buffers.destroy(sums);
  // On a machine busy with other things the short run may look longer than the long one.
  return bytes / (long > short ? (long - short) / 8 : long / 9);
}
