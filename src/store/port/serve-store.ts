// The port's end in the worker that has the network: asks the store, and answers where the bytes lie. It is told
// which folder, never why.
import { AppError, toAppError, toWire } from '../../base/errors';
import type { ModelDatabase } from '../disk/database';
import { folderAddress, libraryIn } from '../address';
import { preflight } from '../download/preflight';
import { readLlamaCpp } from '../download/llama-cpp';
import { readLibrary } from '../download/model-library';
import { defaultSettings } from '../download/settings';
import type { ModelFiles, ModelStore, StoredShard } from '../store';
import type { Allowed } from './allowed';
import {
  isToStore,
  type ArrivedShard,
  type Folder,
  type FromStore,
  type StoreAnswer,
  type StoreCall,
} from './messages';

export interface StoreService {
  readonly store: ModelStore;
  readonly database: ModelDatabase;
  readonly allowed: Allowed;
}

interface Session {
  readonly files: Promise<ModelFiles>;
  readonly stop: AbortController;
  /** The call of `shards` that wants to know. */
  progressOf: number;
}

/** Serves until the other side is gone. */
export function serveStore(port: MessagePort, service: StoreService): void {
  const server = new StoreServer(port, service);
  port.onmessage = ({ data }: MessageEvent<unknown>) => server.receive(data);
}

class StoreServer {
  readonly #port: MessagePort;
  readonly #service: StoreService;
  readonly #sessions = new Map<number, Session>();
  readonly #running = new Map<number, AbortController>();
  /** Shards in memory only, until their pieces are asked for. */
  readonly #held = new Map<number, { readonly stored: StoredShard; readonly session: number }>();
  #lastShard = 0;

  constructor(port: MessagePort, service: StoreService) {
    this.#port = port;
    this.#service = service;
  }

  receive(data: unknown): void {
    if (!isToStore(data)) return;
    if ('close' in data) this.#close(data.close);
    else if ('cancel' in data) this.#running.get(data.id)?.abort();
    else void this.#answer(data.id, data.call);
  }

  async #answer(id: number, call: StoreCall): Promise<void> {
    const stop = new AbortController();
    this.#running.set(id, stop);
    try {
      const answer = await this.#perform(id, call, stop.signal);
      const transfer = answer instanceof Uint8Array ? [answer.buffer] : [];
      this.#send({ id, kind: 'done', answer }, transfer);
    } catch (thrown) {
      this.#send({ id, kind: 'failed', error: toWire(toAppError(thrown)) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #perform(id: number, call: StoreCall, signal: AbortSignal): Promise<StoreAnswer> {
    const { allowed, database } = this.#service;
    switch (call.op) {
      case 'text':
        allowed.checkText(call.name);
        return (await this.#files(call.folder)).text(call.name);
      case 'manifest':
        return (await this.#files(call.folder)).manifest();
      case 'shards':
        await this.#shards(id, call.folder, signal);
        return undefined;
      case 'piece':
        return this.#piece(call.shard, call.index);
      case 'library':
        await allowed.check(call.folder.base, call.address);
        return readLibrary({
          base: call.folder.base,
          address: call.address,
          database,
          signal,
          fetch: defaultSettings.fetch,
          memoryOnly: call.folder.memoryOnly,
        });
      case 'llamaCpp':
        return readLlamaCpp(signal);
      case 'preflight': {
        await allowed.check(folderAddress(call.base), ...optional(libraryIn(call.base)));
        const { totalBytes } = await preflight(call.base, { signal });
        return { totalBytes };
      }
    }
  }

  async #shards(id: number, folder: Folder, signal: AbortSignal): Promise<void> {
    const files = await this.#files(folder);
    const session = this.#sessions.get(folder.session);
    if (session) session.progressOf = id;
    // Between two shards lie minutes: a loop that waits for the next one is left by its session's end.
    const leave = (): void => this.#close(folder.session);
    signal.addEventListener('abort', leave, { once: true });
    try {
      for await (const stored of files.shards()) {
        this.#send({ id, kind: 'shard', arrived: this.#arrived(stored, folder.session) });
      }
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #arrived(stored: StoredShard, session: number): ArrivedShard {
    const number = ++this.#lastShard;
    if (stored.pieces.some((piece) => piece.stored === undefined)) {
      this.#held.set(number, { stored, session });
    }
    return {
      shard: stored.shard,
      number,
      pieces: stored.pieces.map(({ offset, nbytes, stored: part }) => ({
        offset,
        nbytes,
        ...(part && { stored: part }),
      })),
    };
  }

  async #piece(number: number, index: number): Promise<Uint8Array<ArrayBuffer>> {
    const piece = this.#held.get(number)?.stored.pieces[index];
    if (!piece) throw new AppError('internal/invariant', 'The engine asked for a piece that is not held.');
    return piece.read();
  }

  /** @throws AppError run/bad-request for a folder that nobody has named */
  async #files(folder: Folder): Promise<ModelFiles> {
    await this.#service.allowed.check(folder.base, ...folder.mirrors);
    const known = this.#sessions.get(folder.session);
    if (known) return known.files;
    const stop = new AbortController();
    const session: Session = {
      stop,
      progressOf: 0,
      files: this.#service.store.open(folder.base, {
        signal: stop.signal,
        onProgress: (progress) => this.#send({ id: session.progressOf, kind: 'progress', progress }),
        mirrors: folder.mirrors,
        memoryOnly: folder.memoryOnly,
      }),
    };
    this.#sessions.set(folder.session, session);
    return session.files;
  }

  #close(number: number): void {
    this.#sessions.get(number)?.stop.abort();
    this.#sessions.delete(number);
    for (const [shard, { session }] of this.#held) if (session === number) this.#held.delete(shard);
  }

  #send(message: FromStore, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

const optional = (address: string | undefined): readonly string[] => (address === undefined ? [] : [address]);
