// One engine for all tabs and frames of an origin. Whoever holds the lock has it and serves the others; when that one
// goes, the next in line takes over, and answers under way go on from the tokens they have.
import { AppError, isAbort } from '../base/errors';
import { newId as makeId } from '../base/ids';
import type { EngineClient } from '../client/client';
import { connectWorker } from '../client/worker-client';
import { isBusMessage, type Bus, type BusMessage } from './bus';
import { EngineHub } from './hub';
import { EngineLine, EnginePort } from './line';
import { continueOn } from './takeover';

/** What of `navigator.locks` is used. */
export type Locks = Pick<LockManager, 'request'>;

export interface SharedEngineParts {
  /** This tab's own engine, started when it is first asked something. */
  readonly own: () => EngineClient;
  readonly appBase: string;
  /** Undefined where the browser has none: then the engine is this tab's alone. */
  readonly locks: Locks | undefined;
  readonly openBus: () => Bus;
  readonly newId?: () => string;
  /** For how long nobody may answer who has the lock. */
  readonly patienceMs?: number;
}

interface Link {
  readonly client: EngineClient;
  readonly line: EngineLine;
  /** Who has the engine at its other end. */
  readonly leader: string;
}

type LoadArgs = Parameters<EngineClient['load']>;

/** One name for a version of the protocol: tabs of builds that speak another have an engine of their own. */
const lockName = 'phield-engine-1';
const guestLock = (id: string): string => `phield-guest-${id}`;
export const busName = 'phield-engine-1';

export function shareEngine(parts: SharedEngineParts): EngineClient {
  return new SharedEngine(parts).client;
}

class SharedEngine {
  readonly #parts: SharedEngineParts;
  readonly #id: string;
  readonly #lost = new Set<(error: AppError) => void>();
  readonly #ports = new Map<string, EnginePort>();
  #bus: Bus | undefined;
  #hub: EngineHub | undefined;
  #link: Link | undefined;
  #wake: () => void = () => {};
  #linked = new Promise<void>((resolve) => (this.#wake = resolve));
  #seeking = false;
  readonly #closed = new AbortController();
  /** The last load that went well, and through which link. */
  #wish:
    | { readonly model: LoadArgs[0]; readonly options: LoadArgs[1]; readonly continues: boolean }
    | undefined;
  #loadedBy: Link | undefined;
  #again: { readonly link: Link; readonly promise: Promise<void> } | undefined;

  constructor(parts: SharedEngineParts) {
    this.#parts = parts;
    this.#id = (parts.newId ?? makeId)();
  }

  readonly client: EngineClient = {
    load: (model, options) =>
      this.#attempt(async (link) => {
        const info = await link.client.load(model, options);
        this.#wish = { model, options, continues: info.abilities?.includes('continue') === true };
        this.#loadedBy = link;
        return info;
      }),
    generate: (request, { signal }) =>
      continueOn(request, signal, {
        run: (asked) =>
          this.#attempt(async (link) => {
            if (this.#loadedBy !== link) await unlessAborted(this.#loadAgain(link), signal);
            return { events: link.client.generate(asked, { signal }), lost: () => this.#link !== link };
          }),
        continues: () => this.#wish?.continues === true,
      }),
    countTokens: (messages) => this.#attempt((link) => link.client.countTokens(messages)),
    models: (language) => this.#attempt((link) => link.client.models(language)),
    compareEngines: (model, options) => this.#attempt((link) => link.client.compareEngines(model, options)),
    benchmark: (model, options) => this.#attempt((link) => link.client.benchmark(model, options)),
    held: () =>
      this.#attempt(async (link) => ({ ...(await link.client.held()), here: this.#hub !== undefined })),
    onLost: (listener) => {
      this.#lost.add(listener);
      return () => this.#lost.delete(listener);
    },
    dispose: () => {
      this.#closed.abort();
      this.#lost.clear();
      this.#link?.client.dispose();
      this.#bus?.close();
    },
  };

  /** Again where the engine's tab went away meanwhile. */
  async #attempt<T>(act: (link: Link) => Promise<T>): Promise<T> {
    for (;;) {
      const link = await this.#get();
      try {
        return await act(link);
      } catch (thrown) {
        if (this.#link === link || isAbort(thrown)) throw thrown;
      }
    }
  }

  /** What this tab had loaded, on an engine that knows nothing of it. */
  #loadAgain(link: Link): Promise<void> {
    if (this.#again?.link === link) return this.#again.promise;
    const load = async (): Promise<void> => {
      if (this.#wish) {
        const { model, options } = this.#wish;
        const { signal } = this.#closed;
        await link.client.load(model, { ...options, signal, onProgress: () => {} });
      }
      this.#loadedBy = link;
    };
    const again = { link, promise: load() };
    this.#again = again;
    again.promise.catch(() => this.#again === again && (this.#again = undefined));
    return again.promise;
  }

  async #get(): Promise<Link> {
    if (!this.#seeking) {
      this.#seeking = true;
      this.#seek();
    }
    while (!this.#link) await this.#linked;
    return this.#link;
  }

  #seek(): void {
    const { locks, openBus, patienceMs = 10_000 } = this.#parts;
    if (!locks) {
      this.#lead();
      return;
    }
    try {
      this.#bus = openBus();
      this.#bus.addEventListener('message', ({ data }) => {
        if (isBusMessage(data)) this.#hear(data);
      });
      const { signal } = this.#closed;
      const held = (name: string, act: () => void): Promise<void> =>
        locks.request(name, { signal }, () => {
          act();
          // Held for as long as the tab is there.
          return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        });
      // Its end tells whoever serves this tab that it is gone.
      const alive = held(guestLock(this.#id), () => {
        void held(lockName, () => this.#lead()).catch(() => this.#lead());
        this.#post({ kind: 'who' });
        setTimeout(() => {
          if (!this.#link) this.#lead();
        }, patienceMs);
      });
      alive.catch(() => this.#lead());
    } catch {
      // A frame without an origin of its own has neither.
      this.#lead();
    }
  }

  #post(message: { readonly kind: 'who' } | { readonly kind: 'leader'; readonly to?: string }): void {
    this.#bus?.postMessage({ v: 1, from: this.#id, ...message });
  }

  #hear(message: BusMessage): void {
    switch (message.kind) {
      case 'who':
        if (this.#hub) this.#post({ kind: 'leader', to: message.from });
        break;
      case 'leader':
        if (message.to === undefined || message.to === this.#id) this.#follow(message.from);
        break;
      case 'call':
        if (message.to === this.#id && this.#hub) this.#portOf(message.from, this.#hub).deliver(message.body);
        break;
      case 'answer':
        if (message.to === this.#id && message.from === this.#link?.leader)
          this.#link.line.deliver(message.body);
        break;
      default:
        message satisfies never;
    }
  }

  /** The engine is this tab's from now on. */
  #lead(): void {
    if (this.#closed.signal.aborted) return;
    if (!this.#hub) {
      const hub = new EngineHub(this.#parts.own());
      this.#hub = hub;
      const port = new EnginePort((message) => queueMicrotask(() => line.deliver(message)));
      const line = new EngineLine((message) => queueMicrotask(() => port.deliver(message)));
      hub.join(this.#id, port);
      this.#use(line, this.#id);
      // What is to be answered next need not wait for it.
      const link = this.#link;
      if (this.#wish && link) void this.#loadAgain(link).catch(() => {});
    }
    this.#post({ kind: 'leader' });
  }

  #follow(leader: string): void {
    // One that has led keeps what it has; two that lead are two engines, and nothing worse.
    if (this.#hub || this.#link?.leader === leader) return;
    const from = this.#id;
    this.#use(
      new EngineLine((body) => this.#bus?.postMessage({ v: 1, from, kind: 'call', to: leader, body })),
      leader,
    );
  }

  #use(line: EngineLine, leader: string): void {
    const before = this.#link;
    const client = connectWorker(() => line, { appBase: this.#parts.appBase });
    const link: Link = { client, line, leader };
    this.#link = link;
    client.onLost((error) => {
      // The end of a line is not the end of an engine.
      if (this.#link === link) for (const listener of [...this.#lost]) listener(error);
    });
    before?.line.break();
    this.#wake();
  }

  #portOf(guest: string, hub: EngineHub): EnginePort {
    const known = this.#ports.get(guest);
    if (known) return known;
    const from = this.#id;
    const port = new EnginePort((body) =>
      this.#bus?.postMessage({ v: 1, from, kind: 'answer', to: guest, body }),
    );
    this.#ports.set(guest, port);
    hub.join(guest, port);
    const { signal } = this.#closed;
    // Had only when the guest no longer has it.
    void this.#parts.locks
      ?.request(guestLock(guest), { signal }, () => {
        this.#ports.delete(guest);
        hub.leave(guest);
      })
      .catch(() => {});
    return port;
  }
}

/** @throws AppError `run/aborted` as soon as the signal says so, whatever else goes on. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new AppError('run/aborted', 'Stopped before the model was there again.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
