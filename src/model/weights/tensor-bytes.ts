// One tensor's bytes, arriving in ranges of any order and any cut -> writes of whole words, which is what
// GPUQueue.writeBuffer takes. Copies nothing but the words that a cut goes through. No GPU here.

/** @param byteOffset within the tensor; a multiple of 4, as is the length. The bytes are only valid in the call. */
export type WriteWords = (byteOffset: number, bytes: Uint8Array<ArrayBuffer>) => void;

interface CutWord {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One bit a byte. */
  present: number;
}

export class TensorBytes {
  readonly #nbytes: number;
  readonly #write: WriteWords;
  /** What is here: in no order, apart from each other. */
  #ranges: readonly (readonly [start: number, end: number])[] = [];
  readonly #cutWords = new Map<number, CutWord>();

  /** @param write gets the last word padded with zeros where `nbytes` is not a multiple of 4. */
  constructor(nbytes: number, write: WriteWords) {
    this.#nbytes = nbytes;
    this.#write = write;
  }

  /** Every byte has been put, and every word written. */
  get whole(): boolean {
    const [range, ...more] = this.#ranges;
    return range?.[0] === 0 && range[1] === this.#nbytes && more.length === 0;
  }

  /** @param offset within the tensor, where `bytes` fit. The same bytes may come twice. */
  put(offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const end = offset + bytes.byteLength;
    const bodyStart = Math.min(end, Math.ceil(offset / 4) * 4);
    const bodyEnd = Math.max(bodyStart, Math.floor(end / 4) * 4);
    if (offset < bodyStart) this.#putCut(offset, bytes.subarray(0, bodyStart - offset));
    if (bodyStart < bodyEnd) this.#write(bodyStart, bytes.subarray(bodyStart - offset, bodyEnd - offset));
    if (bodyEnd < end) this.#putCut(bodyEnd, bytes.subarray(bodyEnd - offset));
    this.#cover(offset, end);
  }

  /** Less than a word, all of it in one. */
  #putCut(offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const start = Math.floor(offset / 4) * 4;
    const word = this.#cutWords.get(start) ?? { bytes: new Uint8Array(4), present: 0 };
    this.#cutWords.set(start, word);
    word.bytes.set(bytes, offset - start);
    for (let i = 0; i < bytes.byteLength; i++) word.present |= 1 << (offset - start + i);
    const wanted = (1 << Math.min(4, this.#nbytes - start)) - 1;
    if (word.present !== wanted) return;
    this.#cutWords.delete(start);
    this.#write(start, word.bytes);
  }

  #cover(start: number, end: number): void {
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
