// The app's two workers and the door between them. The engine's sees words and has no network; the store's has the
// network and sees no words, only addresses that this page names to it. A third hashes what the store's downloads.
import type { StorageWay } from '../base/storage-way';
import type { WorkerLike } from '../client/worker-client';
import { places, resolvePlace } from '../store/catalogue/places';
import hashScript from '../store/download/hash-worker.ts?worker&url';
import { isIntroduction, type Introduction } from '../store/port/messages';
import engineScript from '../worker/worker.ts?worker&url';
import { startQuietWorker } from '../client/quiet-worker';

export class Workers {
  readonly #allowed: Set<string>;
  readonly #appBase: string;
  readonly #way: () => Promise<StorageWay>;
  #store: Worker | undefined;
  #hashes: WorkerLike | undefined;
  #engine: WorkerLike | undefined;
  /** Whether the engine that runs now has asked for the store. */
  #wanted = false;

  /**
   * @param appBase absolute address of the app, ending in a slash.
   * @param way where models are to be kept; asked when the store's worker starts.
   */
  constructor(appBase: string, way: () => Promise<StorageWay>) {
    this.#appBase = appBase;
    this.#way = way;
    this.#allowed = new Set(places.flatMap(({ builds }) => builds.flatMap(({ id }) => this.#sourcesOf(id))));
  }

  startEngine(): WorkerLike {
    const engine = startQuietWorker(engineScript, 'engine');
    this.#engine = engine;
    this.#wanted = false;
    engine.addEventListener('message', ({ data }) => {
      if (this.#engine !== engine || !isIntroduction(data) || data.store !== 'wanted') return;
      this.#wanted = true;
      this.#introduce();
    });
    return engine;
  }

  /** Started by its address: the policy of its script's headers is its own, and wider than this page's. */
  store(): Worker {
    if (this.#store) return this.#store;
    const store = new Worker(new URL('../store/admin/store-worker.ts', import.meta.url), { type: 'module' });
    this.#store = store;
    store.addEventListener('message', ({ data }) => {
      if (isIntroduction(data) && data.store === 'hashes') this.#giveHashes(store);
    });
    store.addEventListener('error', () => {
      if (this.#store !== store) return;
      this.#store = undefined;
      store.terminate();
      this.#hashes?.terminate();
      // The engine's end of the old channel would wait for ever.
      if (this.#wanted) this.#introduce();
    });
    this.#allow([...this.#allowed]);
    this.tellWay();
    return store;
  }

  /** That another place for bytes may have been chosen. A worker that does not run yet is told when it starts. */
  tellWay(): void {
    const store = this.#store;
    if (!store) return;
    void this.#way().then((way) => {
      if (this.#store === store) store.postMessage({ store: 'way', way } satisfies Introduction);
    });
  }

  /** Undefined where it does not run. */
  get engine(): WorkerLike | undefined {
    return this.#engine;
  }

  /** That a person has named this model: what it takes may be fetched. */
  allow(model: string): void {
    const fresh = this.#sourcesOf(model).filter((address) => !this.#allowed.has(address));
    for (const address of fresh) this.#allowed.add(address);
    if (this.#store && fresh.length > 0) this.#allow(fresh);
  }

  #allow(addresses: readonly string[]): void {
    this.#store?.postMessage({ store: 'allow', addresses } satisfies Introduction);
  }

  #giveHashes(store: Worker): void {
    this.#hashes?.terminate();
    const hashes = startQuietWorker(hashScript, 'hashes');
    this.#hashes = hashes;
    hashes.addEventListener('error', () => {
      if (this.#hashes !== hashes) return;
      this.#hashes = undefined;
      hashes.terminate();
      store.postMessage({ store: 'hashes ended' } satisfies Introduction);
    });
    const { port1, port2 } = new MessageChannel();
    hashes.postMessage({}, [port1]);
    store.postMessage({ store: 'hashes' } satisfies Introduction, [port2]);
  }

  #introduce(): void {
    const { port1, port2 } = new MessageChannel();
    const message = { store: 'port' } satisfies Introduction;
    this.store().postMessage(message, [port1]);
    this.#engine?.postMessage(message, [port2]);
  }

  #sourcesOf(model: string): readonly string[] {
    try {
      const { folder, mirrors, library } = resolvePlace(model, this.#appBase);
      return [folder, ...mirrors, ...(library === undefined ? [] : [library])];
    } catch {
      // What it cannot be loaded for is said by whoever loads it.
      return [];
    }
  }
}
