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
  write(
    base: string,
    shard: ShardIdentity,
    offset: number,
    chunks: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<boolean>;
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

/** How long a handle for reading stays open for the next piece of the same file, milliseconds. */
const idleMs = 100;
/** A file that is about to be written or removed may be open for reading still, for about that long. */
const busyRetries = 3;

export function createShardFiles(directoryName: string): ShardFiles {
  const readers = new Readers();
  const root = async (create: boolean): Promise<FileSystemDirectoryHandle> => {
    const origin = await navigator.storage.getDirectory();
    return origin.getDirectoryHandle(directoryName, { create });
  };
  const folder = async (base: string, create: boolean): Promise<FileSystemDirectoryHandle> =>
    (await root(create)).getDirectoryHandle(await nameOf(base), { create });
  const file = async (base: string, shard: ShardIdentity, create: boolean): Promise<SyncFile> =>
    (await folder(base, create)).getFileHandle(await nameOfShard(shard), { create });

  return {
    async write(base, shard, offset, chunks) {
      const handle = await openForWriting(() => file(base, shard, true));
      if (!handle) return false;
      try {
        let at = offset;
        for (const chunk of chunks) {
          const written = handle.write(chunk, { at });
          if (written < chunk.byteLength)
            throw new DOMException('Fewer bytes were written than given.', 'QuotaExceededError');
          at += written;
        }
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
      await ignoringAbsence(async () => (await folder(base, false)).removeEntry(await nameOfShard(shard)));
    },
    async keepOnly(base, shards) {
      const wanted = new Set(await Promise.all(shards.map(nameOfShard)));
      await ignoringAbsence(async () => {
        const directory = await folder(base, false);
        for (const name of await namesIn(directory)) {
          if (!wanted.has(name)) await ignoringAbsence(() => directory.removeEntry(name));
        }
      });
    },
    async removeModel(base) {
      const remove = async (): Promise<void> =>
        (await root(false)).removeEntry(await nameOf(base), { recursive: true });
      for (let tries = 0; !(await ignoringAbsence(remove)) && tries < busyRetries; tries++) await idle();
    },
    async sweep(bases) {
      await ignoringAbsence(async () => {
        const directory = await root(false);
        const there = await namesIn(directory);
        const wanted = new Set(await Promise.all((await bases()).map(nameOf)));
        for (const name of there) {
          if (!wanted.has(name))
            await ignoringAbsence(() => directory.removeEntry(name, { recursive: true }));
        }
      });
    },
  };
}

/** @returns undefined where such files cannot be written: the caller has another place for the bytes. */
async function openForWriting(find: () => Promise<SyncFile>): Promise<SyncHandle | undefined> {
  // Before a file is made that stays empty.
  if (!('FileSystemFileHandle' in globalThis && 'createSyncAccessHandle' in FileSystemFileHandle.prototype))
    return undefined;
  for (let tries = 0; ; tries++) {
    try {
      const file = await find();
      return await file.createSyncAccessHandle?.();
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
    const handle = await file.createSyncAccessHandle?.({ mode: 'read-only' });
    if (handle) return handle;
  } catch {
    // Another tab has it open, in a browser that allows one handle a file: there is a way without.
  }
  return file.getFile();
}

/** @returns false where somebody has the file open. */
async function ignoringAbsence(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (thrown) {
    return !isNamed(thrown, 'NoModificationAllowedError', 'InvalidModificationError');
  }
}

async function namesIn(directory: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of directory.keys()) names.push(name);
  return names;
}

const nameOfShard = (shard: ShardIdentity): Promise<string> => nameOf(shardId(shard));

/** Addresses and paths are longer than file names may be, and hold what those may not. */
async function nameOf(text: string): Promise<string> {
  return (await sha256Hex(new TextEncoder().encode(text))).slice(0, 32);
}

function isNamed(thrown: unknown, ...names: readonly string[]): boolean {
  return thrown instanceof DOMException && names.includes(thrown.name);
}
