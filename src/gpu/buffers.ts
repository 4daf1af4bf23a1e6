// GPU memory with a ledger: every buffer is made here, counted here and freed here. Buffers are created
// inside error scopes so that a refusal becomes a typed error instead of a silent invalid buffer.
import { AppError } from '../base/errors';

const storageUsage = 0x80 | 0x04 | 0x08; // STORAGE | COPY_SRC | COPY_DST
const uniformUsage = 0x40 | 0x08; // UNIFORM | COPY_DST
const readUsage = 0x01 | 0x08; // MAP_READ | COPY_DST

export type BufferKind = 'storage' | 'uniform' | 'read';
const usages: Record<BufferKind, number> = { storage: storageUsage, uniform: uniformUsage, read: readUsage };

export class BufferLedger {
  #live = new Map<GPUBuffer, number>();
  #bytes = 0;

  constructor(private readonly device: GPUDevice) {}

  /** Bytes of all live buffers. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * That a buffer of that size may exist, which is not to say that there is memory for it.
   * @returns the size as it will be. @throws AppError `gpu/limit-too-low`.
   */
  checkSize(label: string, bytes: number, kind: BufferKind = 'storage'): number {
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const cap = kind === 'storage' ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (size <= cap) return size;
    throw new AppError(
      'gpu/limit-too-low',
      `${label} needs ${size} bytes in one buffer and this GPU allows ${cap}. Choose a smaller model or a shorter context.`,
      { details: { buffer: label, needed: size, limit: cap } },
    );
  }

  /**
   * Contents start as zeros. Call inside `guarded`, which is where a failure surfaces.
   * @throws AppError `gpu/limit-too-low` when the adapter cannot bind or hold a buffer of that size.
   */
  create(label: string, bytes: number, kind: BufferKind = 'storage'): GPUBuffer {
    const size = this.checkSize(label, bytes, kind);
    const buffer = this.device.createBuffer({ label, size, usage: usages[kind] });
    this.#live.set(buffer, size);
    this.#bytes += size;
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    const size = this.#live.get(buffer);
    if (size === undefined) return;
    this.#live.delete(buffer);
    this.#bytes -= size;
    buffer.destroy();
  }

  destroyAll(): void {
    for (const buffer of [...this.#live.keys()]) this.destroy(buffer);
  }

  /**
   * Runs synchronous GPU calls and reports what the device thought of them.
   * @throws AppError `gpu/out-of-memory`, or `internal/invariant` for a call that was invalid.
   */
  async guarded<T>(what: string, body: () => T): Promise<T> {
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    const outcome = attempt(body);
    // Popped before anything is awaited: scopes are a stack shared by everybody on this device.
    const memory = this.device.popErrorScope();
    const validation = this.device.popErrorScope();
    const [outOfMemory, invalid] = await Promise.all([memory, validation]);
    if (outOfMemory) {
      throw new AppError(
        'gpu/out-of-memory',
        `The GPU has no room for ${what}. Close other tabs, or choose a smaller model or a shorter context.`,
        { details: { what, held: this.#bytes }, cause: outOfMemory },
      );
    }
    if (invalid) {
      throw new AppError('internal/invariant', `${what}: ${invalid.message}`, { details: { what } });
    }
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value;
  }
}

function attempt<T>(body: () => T): { readonly value: T } | { readonly thrown: unknown } {
  try {
    return { value: body() };
  } catch (thrown) {
    return { thrown };
  }
}
