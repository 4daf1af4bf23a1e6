// The hashes of a shard while it arrives, in a worker of their own: MD5 and SHA-256 of a gigabyte take six seconds of
// a core, half of what a first load takes on one thread. The page makes that worker and hands over a port to it: in
// Firefox 153 one of sixty starts hung where the store's worker made it. Where there is none they are computed here.
import { AppError } from '../../base/errors';
import { createLocalHasher, type ShardDigest } from '../disk/hashing';

export interface ShardHasher {
  /** @param bytes the caller's again when it resolves: when they are hashed. Who waits holds no queue. */
  update(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The hasher is finished afterwards. */
  digest(): Promise<ShardDigest>;
  /** For one whose digest nobody will ask for. */
  drop(): void;
}

export type ToHashWorker = { readonly call: number; readonly hasher: number } & (
  | { readonly op: 'update'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly op: 'digest' }
  | { readonly op: 'drop' }
);

export type FromHashWorker =
  | { readonly ready: true }
  | {
      readonly call: number;
      /** Of the update, back for another one. */
      readonly buffer?: ArrayBuffer;
      readonly digest?: ShardDigest;
      readonly error?: string;
    };

/** Shards of up to this many bytes are hashed here, in milliseconds: a thread takes longer to start than it would save. */
const smallBytes = 4 * 2 ** 20;

/** @param nbytes of the shard */
export async function createShardHasher(nbytes: number): Promise<ShardHasher> {
  if (nbytes > smallBytes) {
    thread ??= startThread();
    const started = await thread;
    if (started) return started.hasher();
  }
  const local = await createLocalHasher();
  return {
    // What they throw is their promise's, as of the thread.
    update: (bytes) => Promise.resolve().then(() => local.update(bytes)),
    digest: () => Promise.resolve().then(() => local.digest()),
    drop: () => undefined,
  };
}

let thread: Promise<HashThread | undefined> | undefined;
let askForThread: (() => Promise<MessagePort>) | undefined;
/** A thread that has not said a word by then is done without, milliseconds. */
const patienceMs = 5_000;

/** @param ask gets a port to hash-worker.ts, when the first larger shard comes and after each `hashThreadEnded`. */
export function hashThreadFrom(ask: () => Promise<MessagePort>): void {
  askForThread = ask;
}

/** That the thread is gone: what it was asked ends with an error, and the next one who hashes may have more luck. */
export function hashThreadEnded(): void {
  const ended = thread;
  thread = undefined;
  void ended?.then((it) => it?.fail());
}

/** @returns undefined where there is none to be had: nobody who makes one, or one that does not answer. */
function startThread(): Promise<HashThread | undefined> {
  const ask = askForThread;
  if (!ask) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    void ask().then((port) => {
      const started = new HashThread(port, () => {
        clearTimeout(timer);
        resolve(started);
      });
    });
  });
}

/** Handed over at a time: what is copied for the thread, once for each download. */
const sliceBytes = 2 ** 20;

interface Waiting {
  readonly resolve: (digest: ShardDigest | undefined) => void;
  readonly reject: (error: AppError) => void;
}

class HashThread {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  /** They go back and forth: a copy for each update would be a gigabyte of garbage a gigabyte. */
  readonly #buffers: ArrayBuffer[] = [];
  #calls = 0;
  #hashers = 0;

  constructor(port: MessagePort, onReady: () => void) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<FromHashWorker>) => {
      if ('ready' in data) {
        onReady();
        return;
      }
      if (data.buffer) this.#buffers.push(data.buffer);
      const waiting = this.#waiting.get(data.call);
      this.#waiting.delete(data.call);
      if (data.error === undefined) waiting?.resolve(data.digest);
      else waiting?.reject(hashingFailed(data.error));
    };
  }

  hasher(): ShardHasher {
    const hasher = this.#hashers++;
    return {
      update: async (bytes) => {
        for (let offset = 0; offset < bytes.byteLength; offset += sliceBytes) {
          const slice = bytes.subarray(offset, offset + sliceBytes);
          const buffer = this.#buffers.pop() ?? new ArrayBuffer(sliceBytes);
          const copy = new Uint8Array(buffer, 0, slice.byteLength);
          copy.set(slice);
          await this.#ask((call) => ({ call, hasher, op: 'update', bytes: copy }), [buffer]);
        }
      },
      digest: async () => {
        const digest = await this.#ask((call) => ({ call, hasher, op: 'digest' }));
        if (!digest) throw hashingFailed('there was no answer');
        return digest;
      },
      drop: () => this.#port.postMessage({ call: -1, hasher, op: 'drop' } satisfies ToHashWorker),
    };
  }

  /** What is under way ends with an error, and the download with it: the next one goes on from what is committed. */
  fail(): void {
    for (const { reject } of this.#waiting.values()) reject(hashingFailed('its thread has ended'));
    this.#waiting.clear();
  }

  #ask(
    message: (call: number) => ToHashWorker,
    transfer: Transferable[] = [],
  ): Promise<ShardDigest | undefined> {
    const call = this.#calls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#port.postMessage(message(call), transfer);
    });
  }
}

function hashingFailed(reason: string): AppError {
  return new AppError(
    'internal/unexpected',
    `What arrived could not be hashed (${reason}): load the model again.`,
    {
      retryable: true,
    },
  );
}
