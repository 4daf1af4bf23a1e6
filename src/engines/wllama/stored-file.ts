// A stored file as llama.cpp reads it: like a Blob, but every byte comes from the store, held against its sum, and
// never more than a piece of it is in memory.
import { AppError } from '../../base/errors';
import type { StoredPiece, StoredShard } from '../../store/store';

export interface StoredFileOptions {
  /** Bytes that were read for the first time. */
  readonly onBytes?: (bytes: number) => void;
}

/** What of a Blob wllama uses. */
export class StoredFile {
  readonly size: number;
  readonly #pieces: readonly StoredPiece[];
  readonly #onBytes: (bytes: number) => void;
  #last: { readonly piece: StoredPiece; readonly bytes: Promise<Uint8Array<ArrayBuffer>> } | undefined;
  #seen = 0;

  constructor({ shard, pieces }: StoredShard, { onBytes = () => undefined }: StoredFileOptions = {}) {
    this.size = shard.nbytes;
    this.#pieces = pieces;
    this.#onBytes = onBytes;
  }

  asBlob(): Blob {
    // wllama 3.13 takes Blobs and uses `size`, `slice`, `arrayBuffer` and `stream` of them.
    return this as unknown as Blob;
  }

  slice(from = 0, to = this.size): { arrayBuffer(): Promise<ArrayBuffer> } {
    return { arrayBuffer: () => this.#read(from, Math.min(to, this.size)) };
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read(0, this.size);
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const left = [...this.#pieces];
    return new ReadableStream({
      pull: async (controller) => {
        const piece = left.shift();
        if (!piece) controller.close();
        else controller.enqueue(await this.#pieceOf(piece));
      },
    });
  }

  async #read(from: number, to: number): Promise<ArrayBuffer> {
    const out = new Uint8Array(to - from);
    for (const piece of this.#pieces) {
      const [start, end] = [Math.max(from, piece.offset), Math.min(to, piece.offset + piece.nbytes)];
      if (start >= end) continue;
      if (this.#last?.piece !== piece) this.#last = { piece, bytes: this.#pieceOf(piece) };
      out.set((await this.#last.bytes).subarray(start - piece.offset, end - piece.offset), start - from);
    }
    return out.buffer;
  }

  async #pieceOf(piece: StoredPiece): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await piece.read();
    if (bytes.byteLength !== piece.nbytes)
      throw new AppError('internal/invariant', 'A stored piece is read whole or not at all.');
    const end = piece.offset + piece.nbytes;
    if (end > this.#seen) this.#onBytes(end - this.#seen);
    this.#seen = Math.max(this.#seen, end);
    return bytes;
  }
}
