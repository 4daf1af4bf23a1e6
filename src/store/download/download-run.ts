// One call of `shards()`: hands out what is stored, then downloads the rest as its only owner, or watches the
// tab that does and takes over when it is gone.
import { AppError, toAppError } from '../../base/errors';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { StoreChannel, type StoreMessage } from './channel';
import type { ModelDatabase } from '../disk/database';
import { shardId } from '../disk/keys';
import { downloadLock, ownOrFollow } from './owner';
import { databaseParts, memoryParts, type PartStore } from '../disk/parts';
import { PauseGate } from './pause';
import { ProgressMeter } from './progress';
import {
  beginSession,
  doubtPlan,
  endSession,
  statusOf,
  storedParts,
  writeComplete,
  type ReadManifest,
  type StoredParts,
} from '../disk/records';
import { heldOrNothing } from '../disk/refused';
import { throwIfAborted } from './retry';
import type { DownloadSettings } from './settings';
import { downloadShard, partBuffers } from './shard-download';
import { forgetCommit, isAbsent } from './small-files';
import type { FetchProgress, StoredShard } from '../store';
import { storedShard } from '../disk/stored-shard';

export interface DownloadRunInit {
  readonly base: string;
  readonly database: ModelDatabase;
  readonly settings: DownloadSettings;
  readonly folders: readonly string[];
  readonly named: { commit?: string | undefined };
  readonly known: ReadManifest;
  readonly memoryOnly: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: FetchProgress) => void) | undefined;
  readonly onShard: (stored: StoredShard) => void;
  /** Makes sure of the small files that "complete" includes. */
  readonly completeTexts: () => Promise<void>;
}

/** Should a message of the owner get lost, a follower still sees its commits this soon. */
const lookAgainMs = 2_000;

export class DownloadRun {
  readonly #init: DownloadRunInit;
  readonly #pending: Map<string, ShardRecord>;
  readonly #meter: ProgressMeter;
  readonly #gate = new PauseGate();
  #channel: StoreChannel | undefined;

  constructor(init: DownloadRunInit) {
    this.#init = init;
    const { manifest } = init.known;
    this.#pending = new Map(manifest.shards.map((shard) => [shardId(shard), shard]));
    this.#meter = new ProgressMeter(manifest.totalBytes, (progress) => {
      init.onProgress?.(progress);
      this.#channel?.post({ v: 1, base: init.base, kind: 'progress', progress });
    });
  }

  /** @throws AppError network/*, storage/*, run/aborted; no request and no write is left running. */
  async run(): Promise<void> {
    const { base, signal, known, memoryOnly } = this.#init;
    await this.#handOutStored();
    this.#meter.flush();
    if (this.#pending.size === 0 && known.complete) return;
    if (memoryOnly) {
      await this.#download(memoryParts());
      return;
    }
    await ownOrFollow(downloadLock(base), signal, {
      follow: (until) => this.#follow(until),
      own: () => this.#own(),
    });
    this.#meter.flush();
  }

  async #handOutStored(): Promise<void> {
    const { base, database, signal, onShard, memoryOnly } = this.#init;
    const nothing = new Map<string, StoredParts>();
    const present = await heldOrNothing(storedParts(database, base), nothing, memoryOnly);
    throwIfAborted(signal);
    for (const [id, shard] of this.#pending) {
      const found = present.get(id);
      if (found?.whole !== true) continue;
      this.#pending.delete(id);
      this.#meter.stored(shard.nbytes);
      onShard(storedShard(database, base, shard, found.parts));
    }
  }

  async #follow(until: AbortSignal): Promise<void> {
    let looking: Promise<void> = Promise.resolve();
    const look = (): void => {
      // One after another: two at once would hand out the same shard twice. The owner's turn reports failures.
      looking = looking.then(() => this.#handOutStored()).catch(() => undefined);
    };
    const channel = new StoreChannel(this.#init.database.databaseName, (message) => {
      if (message.base !== this.#init.base) return;
      if (message.kind === 'committed') look();
      if (message.kind === 'progress') this.#meter.follow(message.progress.doneBytes);
    });
    const timer = setInterval(look, lookAgainMs);
    await new Promise<void>((resolve) => {
      if (until.aborted) resolve();
      else until.addEventListener('abort', () => resolve(), { once: true });
    });
    clearInterval(timer);
    channel.close();
    await looking;
  }

  async #own(): Promise<void> {
    const { base, database, known, completeTexts } = this.#init;
    await this.#handOutStored();
    if (this.#pending.size === 0 && known.complete) return;
    try {
      // Before the first byte of a shard: a folder that lacks one of them is no model.
      await completeTexts();
      await beginSession(database, base);
      await this.#download(databaseParts(database, base));
      await completeTexts();
      await writeComplete(database, base, known.stored, known.manifest.shards);
    } catch (thrown) {
      const error = toAppError(thrown, 'storage/unavailable');
      throw error.code === 'storage/quota' ? await this.#withBytes(error) : error;
    } finally {
      await endSession(database, base).catch(() => undefined);
    }
  }

  async #download(parts: PartStore): Promise<void> {
    const { base, database, settings, signal, onShard, folders } = this.#init;
    const stop = new AbortController();
    const channel = new StoreChannel(database.databaseName, (message) => this.#obey(message, stop));
    this.#channel = channel;
    const queue = await this.#resumableFirst(parts);
    let failure: AppError | undefined;
    const both = AbortSignal.any([signal, stop.signal]);
    const work = async (): Promise<void> => {
      const buffers = partBuffers(settings);
      try {
        for (let shard = queue.shift(); shard; shard = queue.shift()) {
          const job = {
            shard,
            folders,
            parts,
            buffers,
            settings,
            meter: this.#meter,
            gate: this.#gate,
            signal: both,
          };
          const stored = await downloadShard(job);
          this.#pending.delete(shardId(shard));
          channel.post({ v: 1, base, kind: 'committed' });
          onShard(stored);
        }
      } catch (thrown) {
        failure ??= toAppError(thrown, 'storage/unavailable');
        stop.abort(failure);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(settings.connections, queue.length) }, work));
    } finally {
      this.#channel = undefined;
      channel.close();
    }
    if (!failure) return;
    if (failure.code === 'storage/integrity') await doubtPlan(database, base).catch(() => undefined);
    if (isAbsent(failure) && folders[0] !== base) await forgetCommit(this.#init).catch(() => undefined);
    throw failure;
  }

  /** What was begun is finished first: a part of a shard is of no use to anyone. */
  async #resumableFirst(parts: PartStore): Promise<ShardRecord[]> {
    const begun = new Map<ShardRecord, boolean>();
    for (const shard of this.#pending.values()) {
      begun.set(shard, (await parts.parts(shard)).parts.length > 0);
    }
    return [...begun.keys()].sort((a, b) => Number(begun.get(b)) - Number(begun.get(a)));
  }

  #obey(message: StoreMessage, stop: AbortController): void {
    if (message.base !== this.#init.base) return;
    if (message.kind === 'pause') this.#gate.pause();
    if (message.kind === 'resume') this.#gate.resume();
    if (message.kind === 'stop') {
      stop.abort(new AppError('run/aborted', 'The model was removed while it was being downloaded.'));
    }
    if (message.kind === 'pause' || message.kind === 'resume') this.#meter.paused = this.#gate.paused;
  }

  /** What is stored after a full disk, parts of shards included, and what is not. */
  async #withBytes(error: AppError): Promise<AppError> {
    const { base, database, known } = this.#init;
    const { totalBytes } = known.manifest;
    const { storedBytes } = await statusOf(database, base);
    return new AppError('storage/quota', error.message, {
      details: { ...error.details, neededBytes: totalBytes - storedBytes, storedBytes, totalBytes },
      cause: error,
    });
  }
}
