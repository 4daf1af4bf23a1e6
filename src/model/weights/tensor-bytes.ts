// One tensor's bytes, arriving in ranges of any order and any cut -> writes of whole units: words, which is what
// GPUQueue.writeBuffer takes, or rows of blocks. Copies nothing but the units that a cut goes through. No GPU here.

/** @param byteOffset within the tensor; a multiple of the unit, as is the length. The bytes are only valid in the call. */
export type WriteUnits = (byteOffset: number, bytes: Uint8Array<ArrayBuffer>) => void;

export class TensorBytes {
  readonly #nbytes: number;
  readonly #write: WriteUnits;
  readonly #unit: number;
  readonly #here = new Ranges();
  readonly #cutUnits = new Map<number, { readonly bytes: Uint8Array<ArrayBuffer>; readonly here: Ranges }>();

  /** @param write gets the last unit padded with zeros where `nbytes` is not a multiple of it. */
  constructor(nbytes: number, write: WriteUnits, unit = 4) {
    this.#nbytes = nbytes;
    this.#write = write;
    this.#unit = unit;
  }

  /** Every byte has been put, and every unit written. */
  get whole(): boolean {
    return this.#here.are(this.#nbytes);
  }

  /** @param offset within the tensor, where `bytes` fit. The same bytes may come twice. */
  put(offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const unit = this.#unit;
    const end = offset + bytes.byteLength;
    const bodyStart = Math.min(end, Math.ceil(offset / unit) * unit);
    const bodyEnd = Math.max(bodyStart, Math.floor(end / unit) * unit);
    if (offset < bodyStart) this.#putCut(offset, bytes.subarray(0, bodyStart - offset));
    if (bodyStart < bodyEnd) this.#write(bodyStart, bytes.subarray(bodyStart - offset, bodyEnd - offset));
    if (bodyEnd < end) this.#putCut(bodyEnd, bytes.subarray(bodyEnd - offset));
    this.#here.add(offset, end);
  }

  /** Less than a unit, all of it in one. */
  #putCut(offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const unit = this.#unit;
    const start = Math.floor(offset / unit) * unit;
    const cut = this.#cutUnits.get(start) ?? { bytes: new Uint8Array(unit), here: new Ranges() };
    this.#cutUnits.set(start, cut);
    cut.bytes.set(bytes, offset - start);
    cut.here.add(offset - start, offset - start + bytes.byteLength);
    if (!cut.here.are(Math.min(unit, this.#nbytes - start))) return;
    this.#cutUnits.delete(start);
    this.#write(start, cut.bytes);
  }
}

/** In no order, apart from each other. */
class Ranges {
  #ranges: readonly (readonly [start: number, end: number])[] = [];

  /** All from 0 to there, and nothing else. */
  are(end: number): boolean {
    const [range, ...more] = this.#ranges;
    return range?.[0] === 0 && range[1] === end && more.length === 0;
  }

  add(start: number, end: number): void {
    const apart = this.#ranges.filter((range) => range[1] < start || range[0] > end);
    const touching = this.#ranges.filter((range) => !apart.includes(range));
    this.#ranges = [
      ...apart,
      [
        Math.min(start, ...touching.map((range) => range[0])),
        Math.max(end, ...touching.map((range) => range[1])),
      ],
    ];
  }
}
