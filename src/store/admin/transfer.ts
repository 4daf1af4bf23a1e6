// A model as files, out of the store, so that it can travel on a USB stick; import-folder.ts is the way back.
import { get } from 'idb-keyval';
import { AppError } from '../../base/errors';
import { isGguf } from '../address';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import { keysWithin, type ModelDatabase } from '../disk/database';
import { manifestKey, parseKey, shardId, type StoredManifest, type StoredText } from '../disk/keys';
import { storedParts } from '../disk/records';
import { throwIfAborted } from '../download/retry';
import type { FetchProgress } from '../store';
import { storedShard, streamOf } from '../disk/stored-shard';

/** A file that comes in, from a disk: never a Blob out of a database (stored-shard.ts says why). */
export interface ModelFile {
  /** Path inside the model's folder, with `/`. */
  readonly path: string;
  readonly blob: Blob;
}

/** A file that goes out. */
export interface ExportedFile {
  /** As of a ModelFile. */
  readonly path: string;
  readonly nbytes: number;
  /** Read while it is consumed; fails with AppError storage/* where bytes are gone. */
  readonly stream: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface TransferOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** Says where an exported folder came from; any other importer can ignore it. */
export const labelFile = 'phield-model.json';

/**
 * Every file of a complete model.
 * @throws AppError run/bad-request when the model is not complete
 */
export async function* exportFiles(database: ModelDatabase, base: string): AsyncGenerator<ExportedFile> {
  const record = await get<StoredManifest>(manifestKey(base), database);
  const present = await storedParts(database, base);
  const shards = record ? parseManifest(record.text, record.name).shards : [];
  if (!record || shards.some((shard) => present.get(shardId(shard))?.whole !== true)) {
    throw new AppError(
      'run/bad-request',
      'Only a complete model can be exported: finish its download first.',
      {
        details: { base },
      },
    );
  }
  // A GGUF file says everything itself.
  const texts = isGguf(base) ? [] : await keysWithin(database, [base, 'text']);
  if (!isGguf(base)) {
    yield exportedText(labelFile, JSON.stringify({ version: 1, base }, undefined, 2));
    yield exportedText(record.name, record.text);
  }
  for (const key of texts) {
    const [name] = parseKey(key)?.rest ?? [];
    const stored = await get<StoredText>(key, database);
    if (typeof name === 'string' && stored) yield exportedText(name, stored.text);
  }
  for (const shard of shards) {
    const stored = storedShard(database, base, shard, present.get(shardId(shard))?.parts ?? []);
    yield { path: shard.dataPath, nbytes: shard.nbytes, stream: () => streamOf(stored) };
  }
}

function exportedText(path: string, text: string): ExportedFile {
  const blob = new Blob([text]);
  return { path, nbytes: blob.size, stream: () => blob.stream() };
}

export async function exportToDirectory(
  database: ModelDatabase,
  base: string,
  directory: FileSystemDirectoryHandle,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const record = await get<StoredManifest>(manifestKey(base), database);
  const totalBytes = record ? parseManifest(record.text, record.name).totalBytes : 0;
  let doneBytes = 0;
  for await (const { path, nbytes, stream } of exportFiles(database, base)) {
    throwIfAborted(signal);
    const names = path.split('/');
    const fileName = names.pop() ?? path;
    let folder = directory;
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
    const file = await folder.getFileHandle(fileName, { create: true });
    await stream().pipeTo(await file.createWritable(), { signal });
    doneBytes = Math.min(totalBytes, doneBytes + nbytes);
    onProgress?.({ phase: 'shards', doneBytes, totalBytes, fetchedBytes: 0 });
  }
}

/** The files of a directory and of those below it. */
export async function filesOfDirectory(
  directory: FileSystemDirectoryHandle,
  prefix = '',
): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for await (const [name, handle] of directory.entries()) {
    const path = `${prefix}${name}`;
    if (handle.kind === 'file') files.push({ path, blob: await handle.getFile() });
    else files.push(...(await filesOfDirectory(handle, `${path}/`)));
  }
  return files;
}

/** The files of a file input, with or without `webkitdirectory`. */
export function filesOfInput(list: Iterable<File>): ModelFile[] {
  return Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
}
