// The keys and values of the positions so far, one buffer a layer, grown as a conversation does: 4096 positions of
// Phi-3-mini are gigabytes, and most chats never get there. Of a model with a sliding window it stops growing where what
// fell out of the window makes room: see kv-extent.ts.
import { invariant } from '../../base/errors';
import { kvRowWords, type KvFormat } from '../../base/kv-format';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { defaultKvPage, type KvExtent } from './kv-extent';

export class KvCache {
  #layers: GPUBuffer[];
  #capacity: number;

  /**
   * Call inside `gpu.buffers.guarded`.
   * @param extent what it may ever hold.
   * @throws AppError `gpu/limit-too-low` when the adapter could not bind the cache at its largest.
   */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly extent: KvExtent,
    readonly format: KvFormat,
    private readonly page = defaultKvPage,
  ) {
    gpu.buffers.checkSize('kv.0', this.#bytes(extent.rows));
    this.#capacity = Math.min(page, extent.rows);
    this.#layers = Array.from({ length: shape.layers }, (_, i) => this.#create(i, this.#capacity));
  }

  /** As a kernel is told. */
  get window(): number | undefined {
    return this.extent.window;
  }
  get ring(): number | undefined {
    return this.extent.ring;
  }

  /** Rows there are now. */
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

  /** Whether so long a text has room, or what fell out of its window makes room for it. */
  reaches(positions: number): boolean {
    return Math.min(positions, this.extent.rows) <= this.#capacity;
  }

  /**
   * Makes room for that many positions, contents kept. Buffers are replaced, so plans over them are void, whether
   * this succeeds or not. Layer by layer: at no time is more than one layer held twice.
   * @throws AppError `gpu/out-of-memory`; what was cached is still right.
   */
  async grow(positions: number): Promise<void> {
    const { rows, ring } = this.extent;
    invariant(ring !== undefined || positions <= rows, `${positions} positions of ${rows}`);
    const wanted = Math.max(positions, Math.ceil(this.#capacity * 1.25));
    const capacity = Math.min(rows, Math.ceil(wanted / this.page) * this.page);
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
