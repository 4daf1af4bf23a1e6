// A model as files, out of the store and into it, so that it can travel on a USB stick. What comes in is checked
// like a download: length and md5 of every shard, before it is committed.
import { get, type UseStore } from 'idb-keyval';
import { AppError } from '../base/errors';
import type { TensorManifest } from '../formats/manifest';
import { manifestFiles, parseManifest } from '../formats/parse-manifest';
import { folderAddress, importedScheme } from './address';
import { commit, keysWithin } from './database';
import { downloadLock } from './download-run';
import { createShardHasher, hashBlob } from './hashing';
import {
  manifestKey,
  parseKey,
  planKey,
  shardId,
  shardKey,
  textKey,
  type StoredManifest,
  type StoredText,
} from './keys';
import { exclusively } from './owner';
import { databaseParts } from './parts';
import { ProgressMeter } from './progress';
import { presentShards, writeComplete } from './records';
import { throwIfAborted } from './retry';
import { checkMd5 } from './shard-download';
import { requiredTexts } from './small-files';
import type { FetchProgress } from './store';

export interface ModelFile {
  /** Path inside the model's folder, with `/`. */
  readonly path: string;
  readonly blob: Blob;
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
export async function* exportFiles(database: UseStore, base: string): AsyncGenerator<ModelFile> {
  const record = await get<StoredManifest>(manifestKey(base), database);
  if (!record) {
    throw new AppError(
      'run/bad-request',
      'Only a complete model can be exported: finish its download first.',
      {
        details: { base },
      },
    );
  }
  yield { path: labelFile, blob: new Blob([JSON.stringify({ version: 1, base }, undefined, 2)]) };
  yield { path: record.name, blob: new Blob([record.text]) };
  for (const key of await keysWithin(database, [base, 'text'])) {
    const [name] = parseKey(key)?.rest ?? [];
    const stored = await get<StoredText>(key, database);
    if (typeof name === 'string' && stored) yield { path: name, blob: new Blob([stored.text]) };
  }
  for (const shard of parseManifest(record.text, record.name).shards) {
    const blob = await get<Blob>(shardKey(base, shard), database);
    if (blob) yield { path: shard.dataPath, blob };
  }
}

export async function exportToDirectory(
  database: UseStore,
  base: string,
  directory: FileSystemDirectoryHandle,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const record = await get<StoredManifest>(manifestKey(base), database);
  const totalBytes = record ? parseManifest(record.text, record.name).totalBytes : 0;
  let doneBytes = 0;
  for await (const { path, blob } of exportFiles(database, base)) {
    throwIfAborted(signal);
    const names = path.split('/');
    const fileName = names.pop() ?? path;
    let folder = directory;
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
    const file = await folder.getFileHandle(fileName, { create: true });
    await blob.stream().pipeTo(await file.createWritable(), { signal });
    doneBytes = Math.min(totalBytes, doneBytes + blob.size);
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
  database: UseStore,
  files: readonly ModelFile[],
  base: string,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const folder = await readFolder(files);
  const { manifest, plan } = folder;
  await exclusively(downloadLock(base), signal, async () => {
    await commit(database, (store) => store.put(plan, planKey(base)));
    for (const [name, blob] of folder.files) await importText(database, base, name, blob);
    const present = await presentShards(database, base);
    const parts = databaseParts(database, base);
    const meter = new ProgressMeter(manifest.totalBytes, (progress) => onProgress?.(progress));
    for (const shard of manifest.shards) {
      throwIfAborted(signal);
      if (!present.has(shardId(shard))) {
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
        const hasher = await createShardHasher();
        await hashBlob(blob, hasher, signal);
        const digest = hasher.digest();
        checkMd5(shard, 'the chosen files', digest.md5sum);
        const now = Date.now();
        await parts.drop(shard);
        await parts.finish(shard, blob, {
          ...digest,
          nbytes: shard.nbytes,
          host: 'import',
          storedAt: now,
          verifiedAt: now,
        });
      }
      meter.stored(shard.nbytes);
    }
    await writeComplete(database, base, plan);
    meter.flush();
  });
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

async function importText(database: UseStore, base: string, name: string, blob: Blob): Promise<void> {
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
