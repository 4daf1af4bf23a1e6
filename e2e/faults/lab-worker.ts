// Runs in a module worker of a real browser: the store as it is, told what to load by the test outside.
import { toAppError } from '../../src/base/errors';
import type { StorageWay } from '../../src/base/storage-way';
import { createDatabase } from '../../src/store/disk/database';
import { createShardStore, defaultDatabaseName } from '../../src/store/shard-store';
import type { ModelStore } from '../../src/store/store';
import { importFiles, inspectFiles } from '../../src/store/admin/import-folder';
import { exportToDirectory, filesOfDirectory } from '../../src/store/admin/transfer';
import { moveModel } from '../../src/store/admin/move';
import { verifyModel } from '../../src/store/admin/verify';

export interface LabSettings {
  readonly partBytes: number;
  readonly stallMs: number;
  readonly attempts: number;
  readonly connections: number;
  /** False: as a browser that has no synchronous handles to its private files, from here on. */
  readonly files?: boolean;
  /** Where bytes that arrive are to lie; private files unless said. */
  readonly storage?: StorageWay;
}

export type LabCall =
  | { readonly op: 'settings'; readonly settings: LabSettings }
  | {
      readonly op: 'load';
      readonly base: string;
      readonly sha256: Record<string, string>;
      readonly memoryOnly?: boolean;
      readonly mirrors?: readonly string[];
    }
  | { readonly op: 'status'; readonly base: string }
  | { readonly op: 'remove'; readonly base: string }
  | { readonly op: 'verify'; readonly base: string }
  /** To the other place for bytes. */
  | { readonly op: 'move'; readonly base: string; readonly to: StorageWay }
  /** Handed out first, moved then, and read after that: the bytes that were read. */
  | { readonly op: 'readAcrossMove'; readonly base: string; readonly to: StorageWay }
  /** Out to a folder of the private file system, out of the store, in again. */
  | { readonly op: 'travel'; readonly base: string };

export interface LabLoad {
  /** Undefined when the load ended with an error. */
  readonly complete?: boolean;
  /** Every shard once and with the right SHA-256. */
  readonly identical?: boolean;
  readonly fetchedBytes: number;
  readonly progressFell: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
}

const never = new AbortController().signal;
let way: StorageWay = 'files';
const database = createDatabase(defaultDatabaseName, undefined, () => way);
let store: ModelStore = createShardStore();

addEventListener('message', (event: MessageEvent) => {
  const { id, call } = event.data as { id: number; call: LabCall };
  perform(call).then(
    (result) => postMessage({ id, result }),
    (thrown: unknown) => postMessage({ id, error: String(thrown) }),
  );
});

async function perform(call: LabCall): Promise<unknown> {
  switch (call.op) {
    case 'settings': {
      const { partBytes, stallMs, attempts, connections, files = true, storage = 'files' } = call.settings;
      way = storage;
      if (!files) Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle');
      store = createShardStore({
        way: () => way,
        connections,
        partBytes,
        retry: { attempts, baseDelayMs: 4, maxDelayMs: 40, random: Math.random },
        stall: { windowMs: stallMs, minBytes: 4096 },
      });
      return null;
    }
    case 'load':
      return load(call);
    case 'status':
      return store.status(call.base);
    case 'remove':
      await store.remove(call.base);
      return null;
    case 'verify':
      return verifyModel(database, call.base, { signal: never });
    case 'move':
      return moveTo(call.to, call.base);
    case 'readAcrossMove': {
      const model = await store.open(call.base, { signal: never });
      const shards = await Array.fromAsync(model.shards());
      await moveTo(call.to, call.base);
      let bytes = 0;
      for (const { pieces } of shards) for (const piece of pieces) bytes += (await piece.read()).byteLength;
      return bytes;
    }
    case 'travel': {
      const root = await navigator.storage.getDirectory();
      const stick = await root.getDirectoryHandle('stick', { create: true });
      await exportToDirectory(database, call.base, stick, { signal: never });
      await store.remove(call.base);
      const files = await filesOfDirectory(stick);
      const report = await inspectFiles(files);
      await importFiles(database, files, report.base, { signal: never });
      await root.removeEntry('stick', { recursive: true });
      return report;
    }
  }
}

function moveTo(to: StorageWay, base: string): ReturnType<typeof moveModel> {
  return moveModel(
    createDatabase(defaultDatabaseName, undefined, () => to),
    base,
    { signal: never },
  );
}

async function load({
  base,
  sha256,
  memoryOnly = false,
  mirrors = [],
}: Extract<LabCall, { op: 'load' }>): Promise<LabLoad> {
  let shown = 0;
  let fetchedBytes = 0;
  let progressFell = false;
  try {
    const model = await store.open(base, {
      signal: never,
      memoryOnly,
      mirrors,
      onProgress: (progress) => {
        if (progress.doneBytes < shown) progressFell = true;
        shown = progress.doneBytes;
        fetchedBytes = progress.fetchedBytes;
      },
    });
    await model.text('mlc-chat-config.json');
    await model.text('tokenizer.json');
    const seen = new Set<string>();
    let identical = true;
    for await (const { shard, pieces } of model.shards()) {
      const bytes = new Uint8Array(shard.nbytes);
      for (const piece of pieces) bytes.set(await piece.read(), piece.offset);
      const digest = await crypto.subtle.digest('SHA-256', bytes);
      if (hex(digest) !== sha256[shard.dataPath] || seen.has(shard.dataPath)) identical = false;
      seen.add(shard.dataPath);
    }
    identical &&= seen.size === Object.keys(sha256).length;
    const { complete } = await store.status(base);
    return { complete, identical, fetchedBytes, progressFell };
  } catch (thrown) {
    const { code, message, details } = toAppError(thrown);
    return { fetchedBytes, progressFell, error: { code, message, details } };
  }
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
