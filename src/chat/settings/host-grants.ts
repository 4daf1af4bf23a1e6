// Which pages of other sites may use the model on this device. Only the person says so, once for each origin, and may take
// it back. Kept where the browser keeps this origin's settings: for a frame that is a place of its own in each site.
import { Subscribable } from '../subscribable';
import type { TextStorage } from './settings';

export interface HostGrant {
  readonly origin: string;
  /** When leave was given: milliseconds since 1970. */
  readonly at: number;
}

const storageKey = 'phield-hosts';
const mostGrants = 200;

export class HostGrants extends Subscribable<readonly HostGrant[]> {
  #storage: TextStorage | undefined;

  /** @param storage undefined where the browser keeps nothing: leave then ends with the page. */
  constructor(storage: TextStorage | undefined) {
    super(read(storage) ?? []);
    this.#storage = storage;
  }

  /** As it stands now, also where another tab has changed it. */
  allows(origin: string): boolean {
    this.refresh();
    return this.getState().some((grant) => grant.origin === origin);
  }

  allow(origin: string, at: number = Date.now()): void {
    this.#keep([...this.getState().filter((grant) => grant.origin !== origin), { origin, at }]);
  }

  revoke(origin: string): void {
    this.#keep(this.getState().filter((grant) => grant.origin !== origin));
  }

  /** What another tab has written. */
  refresh(): void {
    const grants = read(this.#storage);
    if (grants && JSON.stringify(grants) !== JSON.stringify(this.getState())) this.set(grants);
  }

  #keep(grants: readonly HostGrant[]): void {
    const kept = grants.slice(-mostGrants);
    this.set(kept);
    try {
      this.#storage?.setItem(storageKey, JSON.stringify(kept));
    } catch {
      // Full or forbidden: it holds until the page is closed.
      this.#storage = undefined;
    }
  }
}

/** Undefined where nothing can be read. */
function read(storage: TextStorage | undefined): readonly HostGrant[] | undefined {
  if (!storage) return undefined;
  try {
    const list: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    return Array.isArray(list) ? list.slice(-mostGrants).flatMap(grantOf) : [];
  } catch {
    // Unreadable is no leave.
    return [];
  }
}

function grantOf(value: unknown): readonly HostGrant[] {
  if (typeof value !== 'object' || value === null) return [];
  const { origin, at } = value as Readonly<Record<string, unknown>>;
  if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin) return [];
  return [{ origin, at: typeof at === 'number' && Number.isFinite(at) ? at : 0 }];
}
