// The text whose keys and values the GPU holds: room and rope factors for what is written next, rows out and in again.
// What may be written or read, known-positions.ts says.
import { invariant } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import type { ModelMemory } from '../memory';
import { ropeTable } from '../weights/rope-table';
import type { KnownPositions } from './known-positions';
import { readRows, writeRows, type KvLayout } from './kv-transfer';

export class CachedText {
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly contextWindow: number,
    private readonly memory: Pick<ModelMemory, 'kv' | 'rope'>,
    private readonly known: KnownPositions,
    /** Before buffers go that plans bind. */
    private readonly dropPlans: () => Promise<void>,
  ) {}

  get layout(): KvLayout {
    const { format, rowBytes } = this.memory.kv;
    return { format, rowBytes, layers: this.shape.layers };
  }

  /**
   * Before anything is written from `position` to before `end`.
   * @param long whether with long factors; without it as a text of `end` tokens has them.
   * @throws AppError `gpu/out-of-memory`.
   */
  async enter(position: number, end: number, long?: boolean): Promise<void> {
    const before = this.known.long;
    this.known.enter(position, long ?? end);
    if (this.known.long !== before) {
      const table = ropeTable(this.shape, this.contextWindow, this.known.long);
      this.gpu.device.queue.writeBuffer(this.memory.rope, 0, table);
    }
    await this.makeRoom(end);
  }

  /** For so many positions, which may be written from now on. @throws AppError `gpu/out-of-memory`. */
  async makeRoom(positions: number): Promise<void> {
    this.known.wrote(positions);
    if (this.memory.kv.reaches(positions)) return;
    await this.dropPlans();
    await this.memory.kv.grow(positions);
  }

  /** Rows of known positions from .. to - 1 of one layer. Nothing else may run meanwhile. */
  async save(layer: number, from: number, to: number): Promise<ArrayBuffer> {
    this.known.checkKnown(to);
    invariant(
      from >= this.known.kept,
      `Position ${from}, where ${this.known.kept} is the first that is kept`,
    );
    return readRows(this.gpu, this.memory.kv, layer, from, to);
  }

  /**
   * What `save` gave of every layer, one after another, as if those tokens had been run at `from`.
   * @throws AppError `run/context-full`, `gpu/out-of-memory`.
   */
  async restore(from: number, bytes: ArrayBuffer, long: boolean): Promise<void> {
    const { layers, rowBytes } = this.layout;
    const end = from + bytes.byteLength / (layers * rowBytes);
    this.known.checkKnown(from);
    this.known.checkEnd(end);
    await this.enter(from, end, long);
    writeRows(this.gpu, this.memory.kv, from, bytes);
    this.known.length = end;
    this.known.logitsFor = -1;
  }
}
