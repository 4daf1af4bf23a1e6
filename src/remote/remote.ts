// A larger model elsewhere, where a person wants one: which, under what conditions, and every question that goes there.
// Nothing here has the network; src/remote/door.ts leads to the frame that has.
import { AppError, invariant } from '../base/errors';
import type { TextStorage } from '../chat/settings/settings';
import { Subscribable } from '../chat/subscribable';
import { note } from '../ledger/book';
import { leaveForNext } from '../ledger/earlier';
import type { GenerateEvent } from '../protocol/chat';
import { endpointAddress, hostOf } from './address';
import { Door, type Frame, type Question } from './door';
import { Keys } from './keys';

export type RouterMode = 'off' | 'ask' | 'automatic';

export interface Endpoint {
  /** As src/remote/address.ts makes it. */
  readonly address: string;
  readonly model: string;
}

/** What a person has agreed to for one chat and one endpoint. */
export interface Consent {
  readonly address: string;
  /** Personal data goes as placeholders. */
  readonly redact: boolean;
}

export interface RemoteState {
  readonly endpoint?: Endpoint | undefined;
  /** Whether its key stays on this device. */
  readonly keepsKey: boolean;
  readonly mode: RouterMode;
  /** Chats with documents may be suggested too. */
  readonly documents: boolean;
  /** Chat -> consent. */
  readonly consents: Readonly<Record<string, Consent>>;
}

export const storageKey = 'phield-remote';
const nothing: RemoteState = { keepsKey: false, mode: 'off', documents: false, consents: {} };
/** Of the chats that were agreed to last. */
const mostConsents = 500;

export interface RemoteParts {
  readonly storage: TextStorage | undefined;
  readonly loadFrame: () => Promise<Frame>;
  readonly keys?: Keys;
}

export class Remote extends Subscribable<RemoteState> {
  readonly #parts: RemoteParts;
  readonly #keys: Keys;
  #door: { readonly address: string; readonly door: Door } | undefined;
  /** Questions whose answers are not over: the frame says what they took when they are. */
  readonly #asked = new Set<{ readonly at: number; readonly host: string; readonly sentBytes: number }>();

  constructor(parts: RemoteParts) {
    super(readState(parts.storage));
    this.#parts = parts;
    this.#keys = parts.keys ?? new Keys();
  }

  /**
   * Opens the frame for an address that a person has entered or clicked, and asks which models there are.
   * @throws AppError `network/bad-address`, `remote/*`
   */
  async modelsAt(
    typed: string,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly address: string; readonly models: readonly string[] }> {
    const address = endpointAddress(typed);
    const door = this.#newDoor(address, key ?? (await this.#keys.get(address)));
    try {
      return { address, models: await door.models({ signal }) };
    } finally {
      door.close();
    }
  }

  async use(endpoint: Endpoint, key: string | undefined, keepsKey: boolean): Promise<void> {
    const before = this.getState().endpoint;
    if (before && before.address !== endpoint.address) await this.#keys.forget(before.address);
    if (key !== undefined) await this.#keys.put(endpoint.address, key, keepsKey);
    this.#closeDoor();
    // What was agreed to for another does not hold for this one.
    const consents = before?.address === endpoint.address ? this.getState().consents : {};
    this.#save({ ...this.getState(), endpoint, keepsKey, consents });
  }

  /** Everything of it: address, key, what was agreed to. */
  async forget(): Promise<void> {
    const { endpoint } = this.getState();
    this.#closeDoor();
    if (endpoint) await this.#keys.forget(endpoint.address);
    this.#save(nothing);
  }

  setMode(mode: RouterMode): void {
    this.#save({ ...this.getState(), mode });
  }

  allowDocuments(documents: boolean): void {
    this.#save({ ...this.getState(), documents });
  }

  /** Undefined unless it is for the endpoint of now. */
  consentFor(chatId: string): Consent | undefined {
    const { consents, endpoint } = this.getState();
    const consent = consents[chatId];
    return consent && consent.address === endpoint?.address ? consent : undefined;
  }

  agree(chatId: string, redact: boolean): void {
    const { endpoint, consents } = this.getState();
    invariant(endpoint, 'Nobody can agree to an endpoint that is not there.');
    const { [chatId]: _before, ...others } = consents;
    const kept = Object.entries(others).slice(1 - mostConsents);
    const all = Object.fromEntries([...kept, [chatId, { address: endpoint.address, redact }]]);
    this.#save({ ...this.getState(), consents: all });
  }

  /** @param chatId absent: of every chat. */
  revoke(chatId?: string): void {
    if (chatId === undefined) return this.#save({ ...this.getState(), consents: {} });
    const { [chatId]: _gone, ...consents } = this.getState().consents;
    this.#save({ ...this.getState(), consents });
  }

  /** Name by which a person knows where answers come from; undefined where there is no endpoint. */
  host(): string | undefined {
    const { endpoint } = this.getState();
    return endpoint && hostOf(endpoint.address);
  }

  /** Sends what was shown to the person, and nothing beside it. */
  async *ask(
    question: Question,
    options: { readonly signal: AbortSignal },
  ): AsyncGenerator<readonly GenerateEvent[]> {
    const { endpoint } = this.getState();
    if (!endpoint) throw new AppError('remote/not-held', 'There is no larger model to ask.');
    if (this.#door?.address !== endpoint.address) {
      this.#closeDoor();
      const door = this.#newDoor(endpoint.address, await this.#keys.get(endpoint.address));
      this.#door = { address: endpoint.address, door };
    }
    const sentBytes = new TextEncoder().encode(JSON.stringify(question.request)).byteLength;
    const asked = { at: Date.now(), host: hostOf(endpoint.address), sentBytes };
    this.#asked.add(asked);
    try {
      yield* this.#door.door.ask(question, options);
    } catch (thrown) {
      // A frame that did not open is not asked again.
      if (thrown instanceof AppError && thrown.code === 'remote/not-held') this.#closeDoor();
      throw thrown;
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** For when the page is left: what has gone out, or was about to, is in the ledger even if its answer never ends. */
  leave(): void {
    leaveForNext(this.#parts.storage, [...this.#asked]);
    this.#asked.clear();
  }

  #newDoor(address: string, key: string | undefined): Door {
    return new Door({ address, key }, this.#parts.loadFrame, ({ sentBytes, receivedBytes }) =>
      note({ at: Date.now(), host: hostOf(address), purpose: 'larger-model', sentBytes, receivedBytes }),
    );
  }

  #closeDoor(): void {
    this.#door?.door.close();
    this.#door = undefined;
  }

  #save(state: RemoteState): void {
    this.set(state);
    try {
      // Never the key.
      this.#parts.storage?.setItem(storageKey, JSON.stringify(state));
    } catch {
      // Full or forbidden: it holds for this visit.
    }
  }
}

/** Storage is untrusted: what is not whole counts as not there. */
function readState(storage: TextStorage | undefined): RemoteState {
  try {
    const record = JSON.parse(storage?.getItem(storageKey) ?? '{}') as Record<string, unknown>;
    const { mode, documents, keepsKey } = record;
    const endpoint = readEndpoint(record['endpoint']);
    if (!endpoint) return nothing;
    const consents: Record<string, Consent> = {};
    for (const [id, consent] of Object.entries(record['consents'] ?? {})) {
      const { address, redact } = consent as Partial<Consent>;
      if (typeof address === 'string' && typeof redact === 'boolean') consents[id] = { address, redact };
    }
    return {
      endpoint,
      consents,
      mode: mode === 'ask' || mode === 'automatic' ? mode : 'off',
      documents: documents === true,
      keepsKey: keepsKey === true,
    };
  } catch {
    return nothing;
  }
}

function readEndpoint(value: unknown): Endpoint | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { address, model } = value as Partial<Endpoint>;
  if (typeof address !== 'string' || typeof model !== 'string' || model === '') return undefined;
  return { address: endpointAddress(address), model };
}
