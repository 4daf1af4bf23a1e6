// The keys and values of the positions so far, one buffer a layer, grown as a conversation does: 4096 positions of
// Phi-3-mini are gigabytes, and most chats never get there.
import { invariant } from '../../base/errors';
import { kvRowWords, type KvFormat } from '../../base/kv-format';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';

/** Positions added at a time, or a quarter of what is there. */
const defaultPage = 512;

export class KvCache {
  #layers: GPUBuffer[];
  #capacity: number;

  /**
   * Call inside `gpu.buffers.guarded`.
   * @param contextWindow positions it may ever hold.
   * @throws AppError `gpu/limit-too-low` when the adapter could not bind the cache at its largest.
   */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly contextWindow: number,
    readonly format: KvFormat,
    private readonly page = defaultPage,
  ) {
    gpu.buffers.checkSize('kv.0', this.#bytes(contextWindow));
    this.#capacity = Math.min(page, contextWindow);
    this.#layers = Array.from({ length: shape.layers }, (_, i) => this.#create(i, this.#capacity));
  }

  /** Positions there is room for now. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Bytes of a position of a layer. */
  get rowBytes(): number {
    return kvRowWords(this.format, this.shape.kvHeads, this.shape.headDim) * 4;
  }

  /** Per layer [capacity] rows as base/kv-format.ts has them: a position's rotated keys, then its values. */
  get layers(): readonly GPUBuffer[] {
    return this.#layers;
  }

  /**
   * Makes room for that many positions, contents kept. Buffers are replaced, so plans over them are void, whether
   * this succeeds or not. Layer by layer: at no time is more than one layer held twice.
   * @throws AppError `gpu/out-of-memory`; what was cached is still right.
   */
  async grow(positions: number): Promise<void> {
    invariant(positions <= this.contextWindow, `${positions} positions of ${this.contextWindow}`);
    const wanted = Math.max(positions, Math.ceil(this.#capacity * 1.25));
    const capacity = Math.min(this.contextWindow, Math.ceil(wanted / this.page) * this.page);
    const { device, buffers } = this.gpu;
    for (const [i, old] of this.#layers.entries()) {
      if (old.size >= this.#bytes(capacity)) continue;
      const larger = await buffers.guarded(`a conversation of ${capacity} tokens`, () =>
        this.#create(i, capacity),
      );
      const encoder = device.createCommandEncoder({ label: `kv.${i}/grow` });
      encoder.copyBufferToBuffer(old, 0, larger, 0, old.size);
      device.queue.submit([encoder.finish()]);
      this.#layers[i] = larger;
      // What was submitted is still computed.
      buffers.destroy(old);
    }
    this.#capacity = capacity;
  }

  #create(layer: number, positions: number): GPUBuffer {
    return this.gpu.buffers.create(`kv.${layer}`, this.#bytes(positions));
  }

  #bytes(positions: number): number {
    return positions * this.rowBytes;
  }
}
