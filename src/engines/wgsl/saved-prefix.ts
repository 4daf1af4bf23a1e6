// The cache of a long prompt across restarts: after an answer, in idle time, blocks of positions go from the GPU to
// the store; before an answer, those the prompt begins with come back, where reading them is faster than computing
// them. A block's name is a hash over the model's identity and every token id up to its end, so that a block can
// never stand for other tokens. Nothing here may fail or delay an answer.
import type { ModelShape } from '../../formats/model-config';
import type { ShardRecord } from '../../formats/mlc/manifest';
import type { KvLayout } from '../../model/cache/kv-transfer';
import { sha256Hex } from '../../store/disk/digest';
import type { BlockHead, PrefixStore } from '../../store/disk/prefix-store';

/** What it needs of a model; DecoderModel has it. */
export interface KvModel {
  readonly kvLayout: KvLayout;
  saveKv(layer: number, from: number, to: number): Promise<ArrayBuffer>;
  restoreKv(from: number, bytes: ArrayBuffer, long: boolean): Promise<void>;
  /** The first position whose rows are still there, and whether the text has long rope factors. */
  readonly kvKept: { readonly from: number; readonly long: boolean };
  /** Of so many positions, how many a text of `end` tokens can go on from. */
  usable(count: number, end: number): number;
  /** A text of more tokens has long rope factors, which give other rows. */
  readonly longFrom: number | undefined;
}

export interface PrefixSettings {
  /** Tokens of a block. */
  readonly blockTokens: number;
  /** Shorter texts are neither saved nor looked for. */
  readonly leastTokens: number;
  /** What computing a text must take, milliseconds, for it to be saved. */
  readonly leastComputeMs: number;
  /** Quiet after an answer before saving begins, milliseconds. */
  readonly idleMs: number;
}

export const defaultPrefixSettings: PrefixSettings = {
  blockTokens: 64,
  leastTokens: 256,
  leastComputeMs: 500,
  idleMs: 2000,
};

/** To be changed with anything that changes what the rows of the same tokens hold. */
const kvVersion = 2;
/** What a store is taken to read until it was measured: a slow disk's rate. */
const unmeasuredBytesPerMs = 200_000;

/** @returns undefined where the folder has no checksums: then nothing says that weights are the same. */
export function kvIdentity(
  shards: readonly ShardRecord[],
  shape: ModelShape,
  layout: KvLayout,
): string | undefined {
  if (shards.some(({ md5sum }) => md5sum === undefined)) return undefined;
  const weights = shards.map(({ dataPath, nbytes, md5sum }) => [dataPath, nbytes, md5sum]);
  return JSON.stringify({ kvVersion, layout, shape, weights });
}

export interface SavedPrefixOptions {
  readonly store: PrefixStore;
  /** The model's folder. */
  readonly base: string;
  readonly identity: string;
  readonly model: KvModel;
  readonly settings?: PrefixSettings;
}

export class SavedPrefixes {
  readonly #options: Required<SavedPrefixOptions>;
  readonly #blockBytes: number;
  readonly #identity: Promise<string>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();
  #closed = false;
  /** What is at the GPU's memory now. */
  #atWork: Promise<unknown> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();
  #computeMsPerToken: number | undefined;
  #bytesPerMs = unmeasuredBytesPerMs;

  constructor(options: SavedPrefixOptions) {
    this.#options = { settings: defaultPrefixSettings, ...options };
    const { layers, rowBytes } = options.model.kvLayout;
    this.#blockBytes = layers * rowBytes * this.#options.settings.blockTokens;
    this.#identity = hashText(options.identity);
    // What an older version or other weights left is of no use to anybody.
    void this.#identity
      .then((identity) => options.store.keepOnly(options.base, identity))
      .catch(() => undefined);
  }

  /**
   * Brings back blocks that the prompt begins with.
   * @param known positions whose rows are on the GPU already.
   * @returns how many are now; at least one token of the prompt is left to compute.
   * @throws what the model throws when it has no room.
   */
  async restore(promptIds: readonly number[], known: number, signal: AbortSignal): Promise<number> {
    const work = this.#restore(promptIds, known, signal);
    this.#atWork = work.catch(() => undefined);
    return work;
  }

  /** Of an answer that has ended: what its prompt took, of tokens that were not cached. */
  computed(tokens: number, ms: number): void {
    // Of few tokens the fixed costs tell more than the tokens.
    if (tokens >= this.#options.settings.blockTokens && ms > 0) this.#computeMsPerToken = ms / tokens;
  }

  /** For good: the model is about to go. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  /** That the rows of these ids are on the GPU: they are saved once it has been quiet for a while. */
  saveLater(ids: readonly number[]): void {
    clearTimeout(this.#timer);
    const { leastTokens, leastComputeMs, idleMs } = this.#options.settings;
    const msPerToken = this.#computeMsPerToken;
    if (this.#closed || msPerToken === undefined) return;
    if (ids.length < leastTokens || ids.length * msPerToken < leastComputeMs) return;
    const copy = [...ids];
    this.#timer = setTimeout(() => {
      const { signal } = this.#stop;
      // Full disk, private window: there is simply nothing saved.
      this.#saving = this.#save(copy, msPerToken, signal).catch(() => undefined);
    }, idleMs);
  }

  /** Ends saving; after this nothing touches the GPU. What is on its way to the store may still arrive. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#stop = new AbortController();
    await this.#atWork;
  }

  /** For tests: until what was due is saved. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  async #restore(promptIds: readonly number[], known: number, signal: AbortSignal): Promise<number> {
    const { store, base, model, settings } = this.#options;
    const { blockTokens, leastTokens } = settings;
    if (promptIds.length - known < leastTokens) return known;
    const long = promptIds.length > (model.longFrom ?? Infinity);
    const first = Math.floor(known / blockTokens);
    // The block that `known` lies in begins before it, and may look back at more than is left.
    if (model.usable(first * blockTokens, promptIds.length) < first * blockTokens) return known;
    const found = await this.#find(promptIds.slice(0, -1), first, long);
    const tokens = (first + found.length) * blockTokens - known;
    const readMs = (found.length * this.#blockBytes) / this.#bytesPerMs;
    const computeMs = found.reduce((sum, { head }) => sum + head.computeMs, 0);
    if (tokens <= 0 || readMs >= computeMs) return known;
    let end = known;
    const startMs = performance.now();
    for (const [i, { id }] of found.entries()) {
      const bytes = await store.read(base, id).catch(() => undefined);
      if (bytes?.byteLength !== this.#blockBytes || signal.aborted) break;
      await model.restoreKv((first + i) * blockTokens, bytes, long);
      end = (first + i + 1) * blockTokens;
      this.#bytesPerMs = ((i + 1) * this.#blockBytes) / Math.max(1, performance.now() - startMs);
    }
    return end;
  }

  /** The stored blocks of the ids from the `first` on, up to one that is missing. */
  async #find(
    ids: readonly number[],
    first: number,
    long: boolean,
  ): Promise<readonly { readonly id: string; readonly head: BlockHead }[]> {
    const { store, base } = this.#options;
    const names = (await this.#names(ids, long)).slice(first);
    const heads = await store.find(base, names).catch(() => []);
    return heads.map((head, i) => ({ head, id: names[i] ?? '' }));
  }

  async #save(ids: readonly number[], msPerToken: number, signal: AbortSignal): Promise<void> {
    const { store, base, model, settings } = this.#options;
    const { blockTokens } = settings;
    const most = Math.floor(store.budgetBytes / this.#blockBytes);
    const { from, long } = model.kvKept;
    const names = (await this.#names(ids, long)).slice(0, most);
    const { length: stored } = await store.find(base, names);
    const { layers, rowBytes } = model.kvLayout;
    for (const [i, name] of names.entries()) {
      if (i < stored) continue;
      // What has fallen out of the window is gone, and a block is of use only behind all before it.
      if (i * blockTokens < from) return;
      const bytes = new Uint8Array(this.#blockBytes);
      for (let layer = 0; layer < layers; layer++) {
        if (signal.aborted) return;
        const read = model.saveKv(layer, i * blockTokens, (i + 1) * blockTokens);
        this.#atWork = read.catch(() => undefined);
        bytes.set(new Uint8Array(await read), layer * rowBytes * blockTokens);
      }
      const note = { identity: await this.#identity, index: i, computeMs: blockTokens * msPerToken };
      await store.write(base, name, bytes.buffer, note);
    }
  }

  /** Names of the whole blocks of the ids: each covers all ids up to its end, and which rope factors they have. */
  async #names(ids: readonly number[], long: boolean): Promise<readonly string[]> {
    const { blockTokens } = this.#options.settings;
    const names: string[] = [];
    let before = (await this.#identity) + (long ? ':long' : '');
    for (let end = blockTokens; end <= ids.length; end += blockTokens) {
      const own = ids.slice(end - blockTokens, end).join();
      before = await hashText(`${before}:${own}`);
      names.push(before);
    }
    return names;
  }
}

function hashText(text: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(text));
}
