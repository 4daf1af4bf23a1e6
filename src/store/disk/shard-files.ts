// The bytes of shards in the origin-private file system: a file a shard, under names made of what it is, so that a
// record in the database says all there is to know about it. Files hold bytes and nothing else: what of a file
// counts is what the records name with its sum, whatever else lies in it. docs/adr/0002-shard-store.md says why.
import { sha256Hex } from './digest';
import { shardId, type Part, type ShardIdentity } from './keys';

export interface ShardFiles {
  /**
   * Bytes to the end of the disk's own cache, or further where the browser lets us ask for it.
   * @returns false where this realm or this browser cannot write such files, and nothing was written.
   * @throws DOMException QuotaExceededError and what else the browser's disk says
   */
  write(base: string, shard: ShardIdentity, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /**
   * @param into where the bytes may be put, if it is at least that large: its contents are the caller's until then.
   * @returns what lies there, which is shorter where the file is.
   * @throws DOMException NotFoundError and what else the browser's disk says
   */
  read(base: string, shard: ShardIdentity, part: Part, into?: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>>;
  /** As far as nobody reads it right now: without records a file means nothing, and the next writer uses it. */
  remove(base: string, shard: ShardIdentity): Promise<void>;
  /** Leaves the files of these, and of other models. */
  keepOnly(base: string, shards: readonly ShardIdentity[]): Promise<void>;
  /** Where a tab goes on reading one of its files, `sweep` gets it another time. */
  removeModel(base: string): Promise<void>;
  /** Removes the files of every model but these. @param bases asked after the files have been listed. */
  sweep(bases: () => Promise<readonly string[]>): Promise<void>;
}

/** FileSystemSyncAccessHandle, which the types of a window do not know. */
interface SyncHandle {
  read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

type SyncFile = FileSystemFileHandle & {
  /** In dedicated workers only. Without `read-only`, or where the browser does not know it, one handle a file. */
  createSyncAccessHandle?(options?: { readonly mode: 'read-only' }): Promise<SyncHandle>;
};

/** How long a call of a handle may go without an answer, milliseconds. */
const silentMs = 10_000;
/** How long a handle for reading stays open for the next piece of the same file, milliseconds. */
const idleMs = 100;
/** A file that is about to be written or removed may be open for reading still, for about that long. */
const busyRetries = 3;

/** @param storage where the folder of that name lies: this realm's own private files, or others that it was given. */
export function createShardFiles(
  directoryName: string,
  storage: () => Promise<FileSystemDirectoryHandle> = () => navigator.storage.getDirectory(),
): ShardFiles {
  const readers = new Readers();
  const root = async (create: boolean): Promise<FileSystemDirectoryHandle> => {
    const origin = await storage();
    return held(origin, () => origin.getDirectoryHandle(directoryName, { create }));
  };
  const folder = async (base: string, create: boolean): Promise<FileSystemDirectoryHandle> => {
    const [models, name] = [await root(create), await nameOf(base)];
    return held(models, () => models.getDirectoryHandle(name, { create }));
  };
  const file = async (base: string, shard: ShardIdentity, create: boolean): Promise<SyncFile> => {
    const [directory, name] = [await folder(base, create), await nameOfShard(shard)];
    return held(directory, () => directory.getFileHandle(name, { create }));
  };

  return {
    async write(base, shard, offset, bytes) {
      const handle = await openForWriting(() => file(base, shard, true));
      if (!handle) return false;
      try {
        if (handle.write(bytes, { at: offset }) < bytes.byteLength)
          throw new DOMException('Fewer bytes were written than given.', 'QuotaExceededError');
        // The record is committed after this: it shall not outlive a power cut that the bytes do not.
        handle.flush();
      } finally {
        handle.close();
      }
      return true;
    },
    async read(base, shard, { offset, length }, into) {
      const key = `${base} ${await nameOfShard(shard)}`;
      return readers.use(
        key,
        () => file(base, shard, false),
        async (source) => {
          if (source instanceof Blob)
            return new Uint8Array(await source.slice(offset, offset + length).arrayBuffer());
          const buffer = into && into.byteLength >= length ? into : new ArrayBuffer(length);
          const bytes = new Uint8Array(buffer, 0, length);
          return bytes.subarray(0, source.read(bytes, { at: offset }));
        },
      );
    },
    async remove(base, shard) {
      await ifThere(async () => remove(await folder(base, false), await nameOfShard(shard)));
    },
    async keepOnly(base, shards) {
      const wanted = new Set(await Promise.all(shards.map(nameOfShard)));
      await ifThere(async () => removeOthers(await folder(base, false), () => Promise.resolve(wanted)));
    },
    async removeModel(base) {
      const removeAll = async (): Promise<void> => remove(await root(false), await nameOf(base));
      for (let tries = 0; !(await ifThere(removeAll)) && tries < busyRetries; tries++) await idle();
    },
    async sweep(bases) {
      const wanted = async (): Promise<ReadonlySet<string>> =>
        new Set(await Promise.all((await bases()).map(nameOf)));
      await ifThere(async () => removeOthers(await root(false), wanted));
    },
  };
}

const waiting = new Set<FileSystemHandle>();

/**
 * Keeps a handle from being collected as garbage while a call of it is under way: Chromium never answers one whose
 * handle is gone, which a download of a gigabyte met each time. Should there be other ways not to be answered, the
 * callers have other ways to go on.
 * @throws DOMException TimeoutError
 */
async function held<T>(handle: FileSystemHandle, call: () => Promise<T>): Promise<T> {
  waiting.add(handle);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DOMException('The private file system does not answer.', 'TimeoutError'));
    }, silentMs);
  });
  try {
    return await Promise.race([call(), silence]);
  } finally {
    clearTimeout(timer);
    waiting.delete(handle);
  }
}

async function remove(directory: FileSystemDirectoryHandle, name: string): Promise<void> {
  await held(directory, () => directory.removeEntry(name, { recursive: true }));
}

/** @param wanted asked after the names have been listed. */
async function removeOthers(
  directory: FileSystemDirectoryHandle,
  wanted: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  const names = await held(directory, async () => {
    const found: string[] = [];
    for await (const name of directory.keys()) found.push(name);
    return found;
  });
  const stays = await wanted();
  for (const name of names) if (!stays.has(name)) await ifThere(() => remove(directory, name));
}

/** @returns undefined where such files cannot be written: the caller has another place for the bytes. */
async function openForWriting(find: () => Promise<SyncFile>): Promise<SyncHandle | undefined> {
  // Before a file is made that stays empty.
  if (!('FileSystemFileHandle' in globalThis && 'createSyncAccessHandle' in FileSystemFileHandle.prototype))
    return undefined;
  for (let tries = 0; ; tries++) {
    try {
      const file = await find();
      return await held(file, async () => file.createSyncAccessHandle?.());
    } catch (thrown) {
      if (isNamed(thrown, 'QuotaExceededError')) throw thrown;
      if (!isNamed(thrown, 'NoModificationAllowedError') || tries >= busyRetries) return undefined;
      await idle();
    }
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, idleMs));
}

interface OpenFile {
  readonly source: Promise<SyncHandle | File>;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Opening costs more than reading a piece: a file stays open from one piece to the next. */
class Readers {
  readonly #open = new Map<string, OpenFile>();

  async use<T>(
    key: string,
    find: () => Promise<SyncFile>,
    read: (source: SyncHandle | File) => Promise<T>,
  ): Promise<T> {
    const file = this.#open.get(key) ?? { source: openForReading(find), users: 0, closing: undefined };
    this.#open.set(key, file);
    clearTimeout(file.closing);
    file.users++;
    let healthy = false;
    try {
      const result = await read(await file.source);
      healthy = true;
      return result;
    } finally {
      file.users--;
      const close = (): void => {
        if (this.#open.get(key) === file) this.#open.delete(key);
        void file.source.then((source) => source instanceof Blob || source.close()).catch(() => undefined);
      };
      // What failed is opened anew by the next read.
      if (!healthy && this.#open.get(key) === file) this.#open.delete(key);
      if (file.users === 0) {
        if (healthy) file.closing = setTimeout(close, idleMs);
        else close();
      }
    }
  }
}

async function openForReading(find: () => Promise<SyncFile>): Promise<SyncHandle | File> {
  const file = await find();
  try {
    const handle = await held(file, async () => file.createSyncAccessHandle?.({ mode: 'read-only' }));
    if (handle) return handle;
  } catch {
    // Another tab has it open, in a browser that allows one handle a file: there is a way without.
  }
  return held(file, () => file.getFile());
}

/** @returns false where somebody has the file open. */
async function ifThere(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    return !isNamed(thrown, 'NoModificationAllowedError', 'InvalidModificationError');
  }
}

const nameOfShard = (shard: ShardIdentity): Promise<string> => nameOf(shardId(shard));

/** Addresses and paths are longer than file names may be, and hold what those may not. */
async function nameOf(text: string): Promise<string> {
  return (await sha256Hex(new TextEncoder().encode(text))).slice(0, 32);
}

function isNamed(thrown: unknown, ...names: readonly string[]): boolean {
  return thrown instanceof DOMException && names.includes(thrown.name);
}
