// The measured check before a download: makes the buffers a model would hold, has the GPU touch each, and frees
// them. A formula cannot know what else is using the card; a gigabyte fetched in vain can.
import { AppError } from '../base/errors';
import { findAdapter, needAdapter, openDevice as openGranted } from '../gpu/adapter';
import type { MemoryCheck } from '../protocol/models';

export interface MeasureOptions {
  readonly signal: AbortSignal;
  readonly gpu?: GPU;
}

/** Bytes cleared in one submit: a card that must page should not run into its driver's watchdog. */
const submitBytes = 256 * 1024 ** 2;

/**
 * @param sizes bytes of each buffer, multiples of 4.
 * @throws AppError `gpu/out-of-memory`, `gpu/limit-too-low` for a buffer larger than the adapter allows,
 *   `gpu/no-adapter`, `gpu/unavailable`, `run/aborted`
 */
export async function measureMemory(sizes: readonly number[], options: MeasureOptions): Promise<MemoryCheck> {
  const startMs = performance.now();
  const neededBytes = sizes.reduce((a, b) => a + b, 0);
  const device = await openDevice(options.gpu, Math.max(0, ...sizes));
  let lost = false;
  void device.lost.then(() => (lost = true));
  const buffers: GPUBuffer[] = [];
  let madeBytes = 0;
  try {
    for (let from = 0; from < sizes.length;) {
      if (options.signal.aborted) throw new AppError('run/aborted', 'The memory check was cancelled.');
      device.pushErrorScope('out-of-memory');
      device.pushErrorScope('validation');
      const encoder = device.createCommandEncoder();
      for (let bytes = 0; from < sizes.length && bytes < submitBytes; from++) {
        const size = sizes[from] ?? 0;
        const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
        buffers.push(buffer);
        // Untouched memory costs nothing on most drivers, and so proves nothing.
        encoder.clearBuffer(buffer);
        bytes += size;
      }
      device.queue.submit([encoder.finish()]);
      const [validation, outOfMemory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
      await device.queue.onSubmittedWorkDone();
      if (lost || validation || outOfMemory) throw tooMuch(neededBytes, madeBytes, validation ?? outOfMemory);
      madeBytes = buffers.reduce((sum, { size }) => sum + size, 0);
    }
    return { neededBytes, buffers: buffers.length, elapsedMs: performance.now() - startMs };
  } finally {
    for (const buffer of buffers) buffer.destroy();
    device.destroy();
  }
}

async function openDevice(
  gpu: GPU | undefined = (navigator as Partial<Navigator>).gpu,
  largestBytes: number,
): Promise<GPUDevice> {
  const adapter = await needAdapter(gpu);
  const { maxBufferSize } = adapter.limits;
  if (largestBytes > maxBufferSize) throw tooLarge(maxBufferSize, largestBytes);
  const wish = { features: [], experimental: [], raisedLimits: true };
  const { device } = await openGranted(adapter, wish, async () => (gpu ? findAdapter(gpu) : null));
  if (largestBytes <= device.limits.maxBufferSize) return device;
  device.destroy();
  throw tooLarge(device.limits.maxBufferSize, largestBytes);
}

function tooLarge(maxBufferSize: number, largestBytes: number): AppError {
  return new AppError(
    'gpu/limit-too-low',
    `This GPU allows buffers of ${maxBufferSize} bytes and one of ${largestBytes} is needed. Choose a smaller model.`,
    { details: { limit: 'maxBufferSize', has: maxBufferSize, needed: largestBytes } },
  );
}

function tooMuch(neededBytes: number, madeBytes: number, error: GPUError | null): AppError {
  return new AppError(
    'gpu/out-of-memory',
    `The GPU gave ${madeBytes} of the ${neededBytes} bytes this model needs. Close other tabs that use the GPU, take the 1k context, or choose a smaller model.`,
    { details: { neededBytes, madeBytes, reason: error?.message ?? 'the device was lost' }, retryable: true },
  );
}
