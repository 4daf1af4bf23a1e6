// Fills the page's interface to stored models from the store. The store's code comes in a chunk of its own, which
// the first page does not wait for.
import { part } from '../base/outdated';
import type { ModelStorage } from '../chat/models/model-storage';
import { withLibrary } from '../store/address';
import { resolvePlace } from '../store/catalogue/places';
import type { StorageAdmin } from '../store/admin/storage-admin';
import type { Workers } from './workers';

export function connectModelStorage(appBase: string, workers: Pick<Workers, 'store'>): ModelStorage {
  let opened: Promise<StorageAdmin> | undefined;
  const admin = (): Promise<StorageAdmin> => {
    opened ??= part(() => import('../store/admin/storage-admin')).then(({ createStorageAdmin }) =>
      createStorageAdmin({ createWorker: () => workers.store() }),
    );
    // A chunk that did not come may come the next time.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  // A pause that cannot be sent changes nothing, and the download's bar says so.
  const quietly = (act: (store: StorageAdmin) => void): void => void admin().then(act, () => {});
  return {
    models: async () => (await admin()).models(),
    usage: async () => (await admin()).usage(),
    requestPersistence: async () => (await admin()).requestPersistence(),
    remove: async (base) => (await admin()).remove(base),
    verifyAfterCrash: async (signal) => (await admin()).verifyAfterCrash(signal),
    verify: async (base, options) => (await admin()).verify(base, options),
    move: async (base, to, options) => (await admin()).move(base, to, options),
    exportTo: async (base, directory, options) => (await admin()).exportTo(base, directory, options),
    async *exportFiles(base) {
      yield* (await admin()).exportFiles(base);
    },
    filesOf: async (directory) =>
      (await part(() => import('../store/admin/transfer'))).filesOfDirectory(directory),
    inspect: async (files) => (await admin()).inspect(files),
    importFiles: async (files, base, options) => (await admin()).importFiles(files, base, options),
    facts: async (base) => (await admin()).facts(base),
    preflight: async (address, { signal, library }) => {
      const named = (folder: string): string =>
        library === undefined ? folder : withLibrary(folder, library);
      const found = await (await admin()).preflight(named(address), { signal });
      return { ...found, name: named(found.base) };
    },
    repository: async (address, options) => (await admin()).repository(address, options),
    pause: (base) => quietly((store) => store.pause(base)),
    resume: (base) => quietly((store) => store.resume(base)),
    watch(listener) {
      let stop = (): void => {};
      let stopped = false;
      quietly((store) => {
        if (!stopped) stop = store.watch(listener);
      });
      return () => {
        stopped = true;
        stop();
      };
    },
    savedPrefixes: async () => (await admin()).savedPrefixes(),
    removePrefixes: async (base) => (await admin()).removePrefixes(base),
    sourcesOf(model) {
      try {
        const { folder, mirrors, library } = resolvePlace(model, appBase);
        return { folder, mirrors, library };
      } catch {
        return undefined;
      }
    },
    folderOf(model) {
      try {
        return resolvePlace(model, appBase).folder;
      } catch {
        return undefined;
      }
    },
  };
}
