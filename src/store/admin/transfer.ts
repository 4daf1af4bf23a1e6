// A model as files, out of the store and into it, so that it can travel on a USB stick. What comes in is checked
// like a download: length and md5 of every shard, before it is committed.
import { get } from 'idb-keyval';
import { AppError } from '../../base/errors';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import { manifestFiles, parseManifest } from '../../formats/mlc/parse-manifest';
import { folderAddress, importedScheme } from '../address';
import { commit, keysWithin, type ModelDatabase } from '../disk/database';
import {
  manifestKey,
  parseKey,
  planKey,
  shardId,
  textKey,
  type StoredManifest,
  type StoredText,
} from '../disk/keys';
import { downloadLock, exclusively } from '../download/owner';
import { databaseParts, type PartStore } from '../disk/parts';
import { ProgressMeter } from '../download/progress';
import { storedParts, writeComplete } from '../disk/records';
import { throwIfAborted } from '../download/retry';
import { defaultSettings } from '../download/settings';
import { checkMd5 } from '../download/shard-download';
import { createShardHasher } from '../download/shard-hasher';
import { requiredTexts } from '../download/small-files';
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
const labelFile = 'phield-model.json';
const maxTextBytes = 64 * 1024 * 1024;

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
  yield exportedText(labelFile, JSON.stringify({ version: 1, base }, undefined, 2));
  yield exportedText(record.name, record.text);
  for (const key of await keysWithin(database, [base, 'text'])) {
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

export interface FolderReport {
  /** The folder's own name, for a person. */
  readonly name: string;
  /** The address it says it was exported from, or an address of its own. Only a claim: ask before believing it. */
  readonly base: string;
  readonly totalBytes: number;
  readonly configText: string;
  /** Files the manifest or the layout asks for that are not there. */
  readonly missing: readonly string[];
}

/** @throws AppError network/not-a-model, model/bad-manifest */
export async function inspectFiles(files: readonly ModelFile[]): Promise<FolderReport> {
  const folder = await readFolder(files);
  const wanted = [...requiredTexts, ...folder.manifest.shards.map((shard) => shard.dataPath)];
  return {
    name: folder.name,
    base: folder.base,
    totalBytes: folder.manifest.totalBytes,
    configText: await (folder.files.get(requiredTexts[0])?.text() ?? ''),
    missing: wanted.filter((name) => !folder.files.has(name)),
  };
}

/**
 * Stores a model from files under an address.
 * @throws AppError network/not-a-model, model/bad-manifest, storage/integrity, storage/quota, run/aborted
 */
export async function importFiles(
  database: ModelDatabase,
  files: readonly ModelFile[],
  base: string,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const folder = await readFolder(files);
  const { manifest, plan } = folder;
  await exclusively(downloadLock(base), signal, async () => {
    await commit(database, (store) => store.put(plan, planKey(base)));
    for (const [name, blob] of folder.files) await importText(database, base, name, blob);
    const present = await storedParts(database, base);
    const parts = databaseParts(database, base);
    const meter = new ProgressMeter(manifest.totalBytes, (progress) => onProgress?.(progress));
    for (const shard of manifest.shards) {
      throwIfAborted(signal);
      if (present.get(shardId(shard))?.whole !== true) {
        const blob = folder.files.get(shard.dataPath);
        if (blob?.size !== shard.nbytes) {
          throw new AppError(
            'storage/integrity',
            blob
              ? `${shard.dataPath} has ${blob.size} bytes; the manifest says ${shard.nbytes}. Copy the folder again.`
              : `${shard.dataPath} is not among the files. Choose the whole folder of the model.`,
            { details: { file: shard.dataPath, expectedBytes: shard.nbytes, bytes: blob?.size ?? 0 } },
          );
        }
        await importShard(parts, shard, blob, signal);
      }
      meter.stored(shard.nbytes);
    }
    await writeComplete(database, base, plan, manifest.shards);
    meter.flush();
  });
}

/** A part at a time, as it is downloaded; what was written of a file that is not right is removed again. */
async function importShard(
  parts: PartStore,
  shard: ShardRecord,
  file: Blob,
  signal: AbortSignal,
): Promise<void> {
  await parts.drop(shard);
  const hasher = await createShardHasher();
  try {
    for (let offset = 0; ; offset += defaultSettings.partBytes) {
      throwIfAborted(signal);
      const end = Math.min(offset + defaultSettings.partBytes, shard.nbytes);
      const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
      await hasher.update(bytes);
      if (end < shard.nbytes) {
        await parts.add(shard, offset, bytes, undefined);
        continue;
      }
      const digest = await hasher.digest();
      checkMd5(shard, 'the chosen files', digest.md5sum);
      const now = Date.now();
      const proof = { ...digest, nbytes: shard.nbytes, host: 'import', storedAt: now, verifiedAt: now };
      await parts.finish(shard, bytes, proof);
      return;
    }
  } catch (thrown) {
    hasher.drop();
    // What went wrong is the error to report.
    await parts.drop(shard).catch(() => undefined);
    throw thrown;
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

interface Folder {
  readonly name: string;
  readonly base: string;
  readonly files: ReadonlyMap<string, Blob>;
  readonly manifest: TensorManifest;
  readonly plan: StoredManifest;
}

async function readFolder(files: readonly ModelFile[]): Promise<Folder> {
  const config = files
    .filter(({ path }) => path === requiredTexts[0] || path.endsWith(`/${requiredTexts[0]}`))
    .sort((a, b) => a.path.length - b.path.length)[0];
  if (!config) throw notAModel(requiredTexts[0]);
  const root = config.path.slice(0, -requiredTexts[0].length);
  const inside = new Map(
    files
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, blob }) => [path.slice(root.length), blob]),
  );
  const manifestName = manifestFiles.find((name) => inside.has(name));
  const manifestBlob = manifestName && inside.get(manifestName);
  if (!manifestName || !manifestBlob) throw notAModel(manifestFiles.join(' or '));
  const text = await manifestBlob.text();
  const name = root.split('/').at(-2) ?? 'model';
  return {
    name,
    base: (await labelledBase(inside.get(labelFile))) ?? `${importedScheme}/${encodeURIComponent(name)}/`,
    files: inside,
    manifest: parseManifest(text, manifestName),
    plan: { name: manifestName, text, at: Date.now() },
  };
}

async function labelledBase(label: Blob | undefined): Promise<string | undefined> {
  if (!label || label.size > 10_000) return undefined;
  try {
    const parsed: unknown = JSON.parse(await label.text());
    const base =
      typeof parsed === 'object' && parsed !== null ? (parsed as { base?: unknown }).base : undefined;
    return typeof base === 'string' ? folderAddress(base) : undefined;
  } catch {
    return undefined;
  }
}

async function importText(database: ModelDatabase, base: string, name: string, blob: Blob): Promise<void> {
  const isText = name.endsWith('.json') && !name.includes('/') && name !== labelFile;
  if (!isText || manifestFiles.some((manifest) => manifest === name) || blob.size > maxTextBytes) return;
  const text = await blob.text();
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AppError('network/not-a-model', `${name} is not JSON: copy the folder again.`, {
      details: { file: name },
      cause,
    });
  }
  const value: StoredText = { text };
  await commit(database, (store) => store.put(value, textKey(base, name)), { file: name });
}

function notAModel(name: string): AppError {
  return new AppError(
    'network/not-a-model',
    `There is no ${name} among the files: choose the folder of a model in MLC layout.`,
    { details: { file: name } },
  );
}
