// Results back to the CPU through a ring of mapped buffers made once: a readback allocates nothing on the GPU
// and several may be under way.
import { AppError, invariant } from '../base/errors';
import type { Gpu } from './gpu';

export class ReadbackRing {
  #free: GPUBuffer[];
  #all: readonly GPUBuffer[];

  /** @param bytes the largest single readback; call inside `gpu.buffers.guarded`. */
  constructor(
    private readonly gpu: Gpu,
    label: string,
    readonly bytes: number,
    slots: number,
  ) {
    this.#all = Array.from({ length: slots }, (_, i) => gpu.buffers.create(`${label}/${i}`, bytes, 'read'));
    this.#free = [...this.#all];
  }

  /**
   * Copies `bytes` from a buffer at the end of `encoder`'s work. Call `read` after the submit.
   * @returns what `read` wants.
   */
  copy(encoder: GPUCommandEncoder, from: GPUBuffer, bytes: number, offsetBytes = 0): PendingRead {
    const buffer = this.#free.pop();
    invariant(buffer, 'More readbacks under way than the ring has buffers');
    encoder.copyBufferToBuffer(from, offsetBytes, buffer, 0, bytes);
    return { buffer, bytes };
  }

  /** The bytes, as a copy. @throws AppError `gpu/device-lost`, or what the device reported meanwhile. */
  async read({ buffer, bytes }: PendingRead): Promise<ArrayBuffer> {
    try {
      await buffer.mapAsync(1, 0, bytes); // GPUMapMode.READ
    } catch (cause) {
      throw (
        this.gpu.failure() ??
        new AppError('gpu/device-lost', 'The GPU went away while it was answering.', {
          cause,
          retryable: true,
        })
      );
    }
    const copy = buffer.getMappedRange(0, bytes).slice(0);
    buffer.unmap();
    this.#free.push(buffer);
    const failure = this.gpu.failure();
    if (failure) throw failure;
    return copy;
  }

  dispose(): void {
    for (const buffer of this.#all) this.gpu.buffers.destroy(buffer);
  }
}

export interface PendingRead {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}
