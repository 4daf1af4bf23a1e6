// The storage that this origin has in a tab of its own, asked for out of a frame whose own storage is kept apart (the
// Storage Access API of Chromium 125 and later): it is handed to the page, beside the frame's own.

/** What of it is used. */
export interface SharedStorage {
  readonly indexedDB: IDBFactory;
  getDirectory(): Promise<FileSystemDirectoryHandle>;
}

/** What of a window is asked. */
export interface AccessWindow {
  readonly document: {
    requestStorageAccess?: (wanted?: object) => Promise<unknown>;
  };
  readonly location: { readonly origin: string; readonly ancestorOrigins?: ArrayLike<string> };
}

/** `none`: this browser has no such storage to give, or it is the frame's own already. `refused`: not now, or not at all. */
export type Access = SharedStorage | 'none' | 'refused';

/**
 * Without a person's click it is given where it has been allowed before, and the rest costs nothing: no question is asked
 * then. With one the browser may ask.
 */
export async function requestShared({ document, location }: AccessWindow): Promise<Access> {
  // All around are of this origin: nothing is kept apart.
  const apart = Array.from(location.ancestorOrigins ?? []).some((origin) => origin !== location.origin);
  if (!apart || document.requestStorageAccess === undefined) return 'none';
  // Others have a call of the same name that is about cookies alone, and do not look at what is wanted.
  let understood = false;
  const wanted = {
    get getDirectory(): true {
      understood = true;
      return true;
    },
    indexedDB: true,
  };
  try {
    const given = await document.requestStorageAccess(wanted);
    return isShared(given) ? given : 'none';
  } catch {
    return understood ? 'refused' : 'none';
  }
}

function isShared(given: unknown): given is SharedStorage {
  return typeof given === 'object' && given !== null && 'indexedDB' in given && 'getDirectory' in given;
}
