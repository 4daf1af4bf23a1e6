// The words of where models are kept: Settings > Storage, and moving a model, in English.
import type { StorageWay } from '../../base/storage-way';

export const enPlaces = {
  places: {
    heading: 'Storage',
    label: 'Where models are kept',
    help: 'Holds for what arrives from now on. Private files start a model sooner; IndexedDB is the place to try where they make trouble. A model that is here already stays where it is until you move it, on the Storage page.',
    options: { auto: 'As this site is set up', files: 'In private files', indexeddb: 'In IndexedDB' },
    kept: {
      files: 'In private files',
      indexeddb: 'In IndexedDB',
      both: 'Partly in private files, partly in IndexedDB',
    },
    move: { files: 'Move to private files', indexeddb: 'Move to IndexedDB' } satisfies Record<
      StorageWay,
      string
    >,
    moveOf: (action: string, name: string) => `${action}: ${name}`,
  },
};
