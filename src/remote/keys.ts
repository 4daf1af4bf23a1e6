// Keys of endpoints. In memory by default, gone with the page. On request kept on this device, encrypted by a key that
// the browser holds and hands to nobody: what lies in storage, or in a copy of it, is of no use elsewhere.
import { createStore, del, get, set, type UseStore } from 'idb-keyval';

interface KeptKey {
  readonly secret: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

export class Keys {
  readonly #session = new Map<string, string>();
  readonly #store: () => UseStore;
  #opened: UseStore | undefined;

  constructor(store: () => UseStore = () => createStore('phield-keys', 'keys')) {
    this.#store = store;
  }

  /** @param address of the endpoint that it opens, and no other. */
  async put(address: string, key: string, keep: boolean): Promise<void> {
    this.#session.set(address, key);
    if (!keep) return del(address, this.#disk()).catch(() => {});
    const secret = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(key);
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: associated(address) },
      secret,
      bytes,
    );
    await set(address, { secret, iv, sealed } satisfies KeptKey, this.#disk());
  }

  /** Undefined where there is none, or what is kept cannot be opened. */
  async get(address: string): Promise<string | undefined> {
    const known = this.#session.get(address);
    if (known !== undefined) return known;
    try {
      const kept = await get<KeptKey>(address, this.#disk());
      if (!kept) return undefined;
      const { secret, iv, sealed } = kept;
      const bytes = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: associated(address) },
        secret,
        sealed,
      );
      const key = new TextDecoder().decode(bytes);
      this.#session.set(address, key);
      return key;
    } catch {
      return undefined;
    }
  }

  async forget(address: string): Promise<void> {
    this.#session.delete(address);
    await del(address, this.#disk()).catch(() => {});
  }

  #disk(): UseStore {
    return (this.#opened ??= this.#store());
  }
}

/** A key that was moved to another address does not open. */
const associated = (address: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(address);
