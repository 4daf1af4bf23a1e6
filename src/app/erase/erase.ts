// Deletes everything that the app keeps in this browser, and looks afterwards what of it is still there. Nothing is called
// deleted that was only asked to go.
import { isNamed, stores, type Store } from '../../ledger/stores';

/** What is left, and what the browser said. */
export interface Left {
  readonly store: Store;
  readonly name: string;
  /** Held by another tab, as far as can be told. */
  readonly inUse: boolean;
  readonly message: string;
}

/** What of the browser this needs; absent where it has none. */
export interface Browser {
  readonly databases: IDBFactory | undefined;
  readonly caches: CacheStorage | undefined;
  readonly files: (() => Promise<FileSystemDirectoryHandle>) | undefined;
  readonly texts: Storage | undefined;
  readonly tab: Storage | undefined;
  readonly worker: Pick<ServiceWorkerContainer, 'getRegistration'> | undefined;
  /** Of the app's folder, which others of the same host may lie beside. */
  readonly base: string;
  /** How long another tab may take to let go, milliseconds. */
  readonly patienceMs: number;
}

interface Found {
  readonly store: Store;
  readonly name: string;
}

/** @returns what could not be deleted; nothing where all is gone. */
export async function eraseEverything(browser: Browser): Promise<readonly Left[]> {
  // First, so that it fetches and writes nothing in between.
  const left: Left[] = [];
  for (const store of [...stores].sort((a, b) => Number(b.place === 'worker') - Number(a.place === 'worker')))
    for (const found of await findIn(store, browser).catch(failed(store, left)))
      await remove(found, browser).catch((thrown: unknown) => left.push(leftOf(found, thrown)));
  const still = await stillThere(browser);
  return still
    .map(
      (found) =>
        left.find(({ store, name }) => store === found.store && name === found.name) ??
        leftOf(found, undefined),
    )
    .concat(left.filter(({ name }) => name === ''));
}

const failed =
  (store: Store, left: Left[]) =>
  (thrown: unknown): readonly Found[] => {
    left.push(leftOf({ store, name: '' }, thrown));
    return [];
  };

function leftOf({ store, name }: Found, thrown: unknown): Left {
  const { name: kind = '', message = '' } = (thrown ?? {}) as { name?: string; message?: string };
  const inUse =
    thrown === undefined || ['NoModificationAllowedError', 'InUse', 'InvalidStateError'].includes(kind);
  return { store, name, inUse, message: message || kind };
}

async function stillThere(browser: Browser): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const store of stores) found.push(...(await findIn(store, browser).catch(() => [])));
  return found;
}

async function findIn(store: Store, browser: Browser): Promise<readonly Found[]> {
  const { place, names } = store;
  const named = (all: readonly string[]): readonly Found[] =>
    all.filter((name) => isNamed(name, names)).map((name) => ({ store, name }));
  switch (place) {
    case 'database': {
      if (!browser.databases) return [];
      // Firefox before 126 does not list them; deleting one that is not there does nothing.
      const listed = (await browser.databases.databases?.())?.map(({ name = '' }) => name);
      return named(listed ?? names);
    }
    case 'files': {
      const root = await browser.files?.();
      const all: string[] = [];
      if (root) for await (const name of root.keys()) all.push(name);
      return named(all);
    }
    case 'cache':
      // Workbox's names end in the scope: another app's beside this one is not ours.
      return named((await browser.caches?.keys()) ?? []).filter(
        ({ name }) => !name.startsWith('workbox-') || name.endsWith(browser.base),
      );
    case 'texts':
    case 'tab': {
      const storage = browser[place];
      return named(Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? ''));
    }
    case 'worker': {
      const registration = await browser.worker?.getRegistration(browser.base);
      return registration?.scope === browser.base ? [{ store, name: 'sw.js' }] : [];
    }
  }
}

async function remove({ store, name }: Found, browser: Browser): Promise<void> {
  switch (store.place) {
    case 'database':
      if (browser.databases) await removeDatabase(browser.databases, name, browser.patienceMs);
      return;
    case 'files': {
      const root = await browser.files?.();
      const until = Date.now() + browser.patienceMs;
      for (;;) {
        try {
          await root?.removeEntry(name, { recursive: true });
          return;
        } catch (thrown) {
          // A worker that has just ended lets go of its files a moment later.
          if (Date.now() > until) throw thrown;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    }
    case 'cache':
      await browser.caches?.delete(name);
      return;
    case 'texts':
    case 'tab':
      browser[store.place]?.removeItem(name);
      return;
    case 'worker':
      await (await browser.worker?.getRegistration(browser.base))?.unregister();
  }
}

/** Emptied first: what another tab holds open is at least without content. */
async function removeDatabase(databases: IDBFactory, name: string, patienceMs: number): Promise<void> {
  await emptied(databases, name).catch(() => undefined);
  await new Promise<void>((resolve, reject) => {
    const request = databases.deleteDatabase(name);
    const timer = setTimeout(() => reject(new DOMException('Held by another tab.', 'InUse')), patienceMs);
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve();
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error('No reason given.'));
    };
  });
}

async function emptied(databases: IDBFactory, name: string): Promise<void> {
  const opening = databases.open(name);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('No reason given.'));
  });
  try {
    const all = [...database.objectStoreNames];
    if (all.length === 0) return;
    const transaction = database.transaction(all, 'readwrite');
    for (const one of all) transaction.objectStore(one).clear();
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('No reason given.'));
    });
  } finally {
    database.close();
  }
}
