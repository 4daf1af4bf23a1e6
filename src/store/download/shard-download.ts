// One shard over the network, from wherever it stopped last time to its last byte: streamed, hashed on the way,
// committed in parts, tried again when the line fails, and checked against the manifest before it counts.
import { AppError, toAppError } from '../../base/errors';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { fileAddress, hostOf } from '../address';
import type { PartSource } from '../disk/keys';
import type { PartStore } from '../disk/parts';
import type { PauseGate } from './pause';
import type { ProgressMeter } from './progress';
import { readRange, type RangeAnswer } from './range';
import { abortError, maxRetryAfterMs, retryAfterMs, retryDelayMs, sleep, throwIfAborted } from './retry';
import type { DownloadSettings } from './settings';
import { createShardHasher, type ShardHasher } from './shard-hasher';
import type { StoredShard } from '../store';

export type PartBuffers = readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];

/** For one job after another: new ones for each shard would be garbage of gigabytes. */
export function partBuffers({ partBytes }: DownloadSettings): PartBuffers {
  return [new Uint8Array(partBytes), new Uint8Array(partBytes)];
}

export interface ShardJob {
  readonly shard: ShardRecord;
  /** Folders that hold the same files; the first is asked first, the next after a failure. */
  readonly folders: readonly string[];
  readonly parts: PartStore;
  /** Of a part's size each, for this job alone: one is written while the other fills. */
  readonly buffers: PartBuffers;
  readonly settings: DownloadSettings;
  readonly meter: ProgressMeter;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
}

/** Gains smaller than this do not count as one, else a server that gives a byte a try would be tried for ever. */
const minGainBytes = 64 * 1024;

/** @throws AppError network/*, storage/*, run/aborted; committed parts stay, but for storage/integrity. */
export async function downloadShard(job: ShardJob): Promise<StoredShard> {
  const download = new ShardDownload(job);
  let wrong: AppError | undefined;
  try {
    for (let fetches = 0; fetches <= job.settings.refetches; fetches++) {
      await download.resume();
      try {
        await download.receive();
        return await download.finish();
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== 'storage/integrity') {
          await download.keepPending();
          throw error.details['endedEarly'] === true ? endsEarly(job.shard, error) : error;
        }
        wrong = error;
        await download.restart();
        download.nextFolder();
      }
    }
  } finally {
    download.dropHasher();
  }
  throw wrong ?? abortError(job.signal);
}

class ShardDownload {
  readonly #job: ShardJob;
  #hasher: ShardHasher | undefined;
  #source: PartSource | undefined;
  /** Bytes committed as parts; the first `#pendingBytes` of `#filling` follow them. */
  #committed = 0;
  #pendingBytes = 0;
  #filling: Uint8Array<ArrayBuffer>;
  #writing: Uint8Array<ArrayBuffer>;
  #committing: Promise<void> = Promise.resolve();
  #folder = 0;
  /** Milliseconds since 1970 before which a folder's server asked to be left alone. */
  readonly #notBefore: number[] = [];
  /** Bytes of this shard the meter counts. */
  #counted = 0;

  constructor(job: ShardJob) {
    this.#job = job;
    [this.#filling, this.#writing] = job.buffers;
  }

  get #pending(): Uint8Array<ArrayBuffer> {
    return this.#filling.subarray(0, this.#pendingBytes);
  }

  get #received(): number {
    return this.#committed + this.#pendingBytes;
  }

  /** The next one in turn that may be asked soonest. @returns milliseconds until then. */
  nextFolder(): number {
    const count = this.#job.folders.length;
    const waitMs = (folder: number): number => Math.max(0, (this.#notBefore[folder] ?? 0) - Date.now());
    const turn = Array.from({ length: count }, (_, i) => (this.#folder + 1 + i) % count);
    this.#folder = turn.reduce((best, folder) => (waitMs(folder) < waitMs(best) ? folder : best));
    return waitMs(this.#folder);
  }

  /** Takes up what an earlier run has committed. */
  async resume(): Promise<void> {
    const { shard, parts, meter, signal } = this.#job;
    const hasher = await this.#hashAnew();
    const known = await parts.parts(shard);
    if (!known.source && known.parts.length > 0) {
      // Left by an import that died: nothing says of which version of the file they are.
      await this.restart();
      return;
    }
    this.#source = known.source;
    for (const part of known.parts) {
      throwIfAborted(signal);
      try {
        await hasher.update(await parts.read(shard, part));
      } catch (thrown) {
        if (toAppError(thrown).code !== 'storage/integrity') throw thrown;
        await this.restart();
        await this.#hashAnew();
        return;
      }
      this.#committed += part.length;
      this.#counted += part.length;
      meter.stored(part.length);
    }
  }

  async #hashAnew(): Promise<ShardHasher> {
    this.dropHasher();
    return (this.#hasher = await createShardHasher(this.#job.shard.nbytes));
  }

  dropHasher(): void {
    this.#hasher?.drop();
  }

  /** Forgets every byte of this shard. */
  async restart(): Promise<void> {
    await this.#committing.catch(() => undefined);
    await this.#job.parts.drop(this.#job.shard);
    this.#job.meter.dropped(this.#counted);
    this.#counted = 0;
    this.#committed = 0;
    this.#pendingBytes = 0;
    this.#source = undefined;
    this.#committing = Promise.resolve();
  }

  /** Until the last byte is there, however many connections that takes. */
  async receive(): Promise<void> {
    const { shard, settings, signal, gate, folders } = this.#job;
    let failures = 0;
    let refusals = 0;
    while (this.#received < shard.nbytes) {
      await gate.open(signal);
      throwIfAborted(signal);
      const before = this.#received;
      try {
        await this.#connect();
      } catch (thrown) {
        const error = toAppError(thrown);
        throwIfAborted(signal);
        if (gate.paused) {
          await this.keepPending();
          continue;
        }
        if (error.code.startsWith('storage/')) throw error;
        if (this.#received - before >= Math.min(minGainBytes, shard.nbytes)) failures = 0;
        failures++;
        refusals = error.retryable ? 0 : refusals + 1;
        const retryAfter = retryAfterMs(error, Date.now());
        if (retryAfter !== undefined) this.#notBefore[this.#folder] = Date.now() + retryAfter;
        const askedMs = this.nextFolder();
        if (refusals >= folders.length || failures >= settings.retry.attempts) throw error;
        if (askedMs > maxRetryAfterMs) throw error;
        await sleep(Math.max(askedMs, retryDelayMs(failures, settings.retry)), signal);
      }
    }
  }

  async #connect(): Promise<void> {
    const { shard, settings, gate, signal, folders } = this.#job;
    const url = fileAddress(folders[this.#folder] ?? '', shard.dataPath);
    await readRange({
      url,
      from: this.#received,
      nbytes: shard.nbytes,
      source: this.#source,
      fetch: settings.fetch,
      stall: settings.stall,
      signal: AbortSignal.any([signal, gate.signal]),
      onAnswer: async (answer) => this.#accept(answer),
      onBytes: (bytes) => this.#take(bytes),
    });
    if (this.#received < shard.nbytes) {
      throw new AppError(
        'network/offline',
        `${hostOf(url)} ended ${shard.dataPath} after ${this.#received} of ${shard.nbytes} bytes.`,
        {
          details: { url, bytes: this.#received, expectedBytes: shard.nbytes, endedEarly: true },
          retryable: true,
        },
      );
    }
  }

  /** @returns how many bytes at the start of the body are here already. */
  async #accept({ start, source }: RangeAnswer): Promise<number> {
    if (start < this.#received && !(start === 0 && sameVersion(this.#source, source))) {
      // Another version of the file, or a server that neither resumes nor names its versions: from the start.
      await this.restart();
      await this.#hashAnew();
    }
    if (this.#received === 0) this.#source = source;
    return this.#received - start;
  }

  async #take(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { meter, settings, shard } = this.#job;
    for (let rest = bytes; rest.byteLength > 0;) {
      // Parts end at multiples of their size, also after one that was cut short.
      const room = settings.partBytes - (this.#received % settings.partBytes);
      const piece = rest.subarray(0, room);
      rest = rest.subarray(piece.byteLength);
      this.#filling.set(piece, this.#pendingBytes);
      this.#pendingBytes += piece.byteLength;
      this.#counted += piece.byteLength;
      meter.received(piece.byteLength);
      // Committed while the next part arrives; at most one part waits, which bounds the memory.
      if (piece.byteLength === room && this.#received < shard.nbytes) await this.#commitPending();
    }
  }

  async #commitPending(): Promise<void> {
    await this.#committing;
    const { parts, shard } = this.#job;
    if (this.#pendingBytes === 0 || !this.#source) return;
    const bytes = this.#pending;
    [this.#filling, this.#writing] = [this.#writing, this.#filling];
    const kept = parts.add(shard, this.#committed, bytes, this.#source);
    this.#committing = Promise.all([kept, this.#hasher?.update(bytes)]).then(() => undefined);
    this.#committed += bytes.byteLength;
    this.#pendingBytes = 0;
    // It is awaited before the next part; until then a failure must not count as unhandled.
    this.#committing.catch(() => undefined);
  }

  /** What arrived since the last part is worth keeping, if the store still takes it. */
  async keepPending(): Promise<void> {
    try {
      await this.#commitPending();
      await this.#committing;
    } catch {
      // Whatever ended the download is the error to report.
    }
  }

  async finish(): Promise<StoredShard> {
    const { shard, parts, folders } = this.#job;
    await this.#committing;
    const host = hostOf(folders[this.#folder] ?? '');
    await this.#hasher?.update(this.#pending);
    const { md5sum, sha256 } = (await this.#hasher?.digest()) ?? { md5sum: '', sha256: '' };
    // It is finished: what a full disk leaves to keep is not hashed again.
    this.#hasher = undefined;
    checkMd5(shard, host, md5sum);
    const now = Date.now();
    return parts.finish(shard, this.#pending, {
      sha256,
      md5sum,
      nbytes: shard.nbytes,
      host,
      storedAt: now,
      verifiedAt: now,
    });
  }
}

/** @throws AppError storage/integrity naming the shard and where it came from */
export function checkMd5(shard: ShardRecord, host: string, md5sum: string): void {
  if (shard.md5sum === undefined || md5sum === shard.md5sum) return;
  throw new AppError(
    'storage/integrity',
    `${shard.dataPath} from ${host} arrived damaged: its md5 is ${md5sum}, the manifest says ${shard.md5sum}.`,
    { details: { file: shard.dataPath, host, expectedMd5: shard.md5sum, md5: md5sum }, retryable: true },
  );
}

/** Connections that end in good order before the file does, try after try, mean that the file is short. */
function endsEarly(shard: ShardRecord, error: AppError): AppError {
  return new AppError('storage/integrity', `${error.message} It did so each time.`, {
    details: { ...error.details, file: shard.dataPath },
    retryable: true,
    cause: error,
  });
}

function sameVersion(ours: PartSource | undefined, theirs: PartSource): boolean {
  return ours?.etag != null && ours.etag === theirs.etag && ours.host === theirs.host;
}
