// Counts what a piece of work asks of WebGPU, by hooks on the prototypes: the same for any engine, and never in a
// timed run.

export interface Counts {
  readonly dispatches: number;
  /** Calls that set a pipeline or a bind group: what else a processor records a dispatch with. */
  readonly sets: number;
  readonly passes: number;
  readonly submits: number;
  readonly writeBuffers: number;
  readonly bindGroups: number;
  readonly buffers: number;
  /** Submits that had to wait for every readback before them: the GPU stood idle meanwhile. */
  readonly blockingMaps: number;
}

type Method = (...args: unknown[]) => unknown;

export async function countCalls(work: () => Promise<void>): Promise<Counts> {
  const counts = {
    dispatches: 0,
    sets: 0,
    passes: 0,
    submits: 0,
    writeBuffers: 0,
    bindGroups: 0,
    buffers: 0,
    blockingMaps: 0,
  };
  let mapsAsked = 0;
  let mapsOpen = 0;
  const undo = [
    hook(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++),
    hook(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => counts.dispatches++),
    hook(GPUComputePassEncoder.prototype, 'setPipeline', () => counts.sets++),
    hook(GPUComputePassEncoder.prototype, 'setBindGroup', () => counts.sets++),
    hook(GPUCommandEncoder.prototype, 'beginComputePass', () => counts.passes++),
    hook(GPUQueue.prototype, 'writeBuffer', () => counts.writeBuffers++),
    hook(GPUDevice.prototype, 'createBindGroup', () => counts.bindGroups++),
    hook(GPUDevice.prototype, 'createBuffer', () => counts.buffers++),
    hook(GPUQueue.prototype, 'submit', () => {
      counts.submits++;
      if (mapsAsked > 0 && mapsOpen === 0) counts.blockingMaps++;
    }),
    hook(GPUBuffer.prototype, 'mapAsync', (mapped) => {
      mapsAsked++;
      mapsOpen++;
      const settled = (): void => void mapsOpen--;
      (mapped as Promise<void>).then(settled, settled);
    }),
  ];
  try {
    await work();
  } finally {
    for (const restore of undo) restore();
  }
  return counts;
}

/** What one step costs, from two runs that differ in nothing but their steps. */
export function perStep(short: Counts, long: Counts, steps: number): Counts {
  const share = (name: keyof Counts): number => (long[name] - short[name]) / steps;
  return {
    dispatches: share('dispatches'),
    sets: share('sets'),
    passes: share('passes'),
    submits: share('submits'),
    writeBuffers: share('writeBuffers'),
    bindGroups: share('bindGroups'),
    buffers: share('buffers'),
    blockingMaps: share('blockingMaps'),
  };
}

function hook(prototype: object, name: string, called: (result: unknown) => void): () => void {
  const methods = prototype as Record<string, Method>;
  const original = methods[name];
  if (!original) throw new Error(`This WebGPU has no ${name} to count`);
  methods[name] = function (this: unknown, ...args) {
    const result = original.apply(this, args);
    called(result);
    return result;
  };
  return () => {
    methods[name] = original;
  };
}
