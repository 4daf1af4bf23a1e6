// A model from files into the store, all of it or nothing: everything is checked like a download (length and md5 of
// every shard), and one transaction at the end makes it the model of its address. Until then no record names any of
// it, so that a wrong file, a full disk or a closed tab leaves what was there as it was. Of the folder only what a
// loader reads is looked at: what else lies in it (a Mac's `._` files, notes) is nobody's business.
import { AppError } from '../../base/errors';
import { ggufHeadFile } from '../../formats/gguf/model-file';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import { manifestFiles, parseManifest } from '../../formats/mlc/parse-manifest';
import type { ModelFacts } from '../../formats/model-facts';
import { folderAddress, importedScheme } from '../address';
import { commit, keysWithin, prefixRange, type ModelDatabase } from '../disk/database';
import {
  manifestKey,
  parseKey,
  pinKey,
  planKey,
  shardId,
  textKey,
  type StoredManifest,
  type StoredText,
} from '../disk/keys';
import { stageShards, type StagedShards } from '../disk/parts';
import { storedParts, type StoredParts } from '../disk/records';
import { downloadLock, exclusively } from '../download/owner';
import { ProgressMeter } from '../download/progress';
import { throwIfAborted } from '../download/retry';
import { defaultSettings } from '../download/settings';
import { checkMd5 } from '../download/shard-download';
import { createShardHasher } from '../download/shard-hasher';
import { requiredTexts } from '../download/small-files';
import { checkJsonText, isLfsPointer, lfsPointer } from '../file-text';
import { configFacts } from './facts';
import { ggufParts, isPointer, origin, readGguf } from './gguf-files';
import { labelFile, type ModelFile, type TransferOptions } from './transfer';

const maxTextBytes = 64 * 1024 * 1024;

export interface FolderReport {
  /** The folder's own name, for a person. */
  readonly name: string;
  /** The address it says it was exported from, or an address of its own. Only a claim: ask before believing it. */
  readonly base: string;
  readonly totalBytes: number;
  readonly configText: string;
  /** Files the manifest or the layout asks for that are not there. */
  readonly missing: readonly string[];
  /** Other models among the files: one is taken at a time. */
  readonly leftOut?: readonly string[];
  /** Where our own engine can run it. */
  readonly facts?: ModelFacts;
}

/** @throws AppError network/not-a-model, model/bad-manifest, model/lfs-pointer */
export async function inspectFiles(files: readonly ModelFile[]): Promise<FolderReport> {
  const parts = await ggufParts(files, requiredTexts[0]);
  if (parts && parts.missing.length > 0) {
    const { name, missing, leftOut } = parts;
    return { name, base: parts.base, totalBytes: parts.totalBytes, configText: '', missing, leftOut };
  }
  const folder = await readFolder(files);
  if (folder.gguf) {
    const { name, base, manifest, gguf } = folder;
    const { totalBytes } = manifest;
    const { leftOut = [] } = parts ?? {};
    return { name, base, totalBytes, configText: '', missing: [], leftOut, facts: gguf.card };
  }
  const wanted = [...requiredTexts, ...folder.manifest.shards.map((shard) => shard.dataPath)];
  for (const name of wanted) {
    const blob = folder.files.get(name);
    if (blob && (await isPointer(blob))) throw lfsPointer(name, origin);
  }
  const configText = await (folder.files.get(requiredTexts[0])?.text() ?? '');
  const facts = configFacts(configText);
  return {
    name: folder.name,
    base: folder.base,
    totalBytes: folder.manifest.totalBytes,
    configText,
    missing: wanted.filter((name) => !folder.files.has(name)),
    ...(facts && { facts }),
  };
}

/**
 * Stores a model from files under an address, in place of what was stored there. A shard that is stored whole and
 * is of the same version stays, and need not be among the files.
 * @throws AppError network/not-a-model, model/bad-manifest, model/lfs-pointer, storage/integrity, storage/quota,
 *   run/aborted; the store is as it was then.
 */
export async function importFiles(
  database: ModelDatabase,
  files: readonly ModelFile[],
  base: string,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const folder = await readFolder(files);
  const { manifest } = folder;
  const texts = await readTexts(folder);
  await exclusively(downloadLock(base), signal, async () => {
    const present = await storedParts(database, base);
    const coming = manifest.shards.filter((shard) => present.get(shardId(shard))?.whole !== true);
    const sources = new Map<ShardRecord, Blob>();
    for (const shard of coming) sources.set(shard, await sourceOf(folder, shard));
    const staged = stageShards(database, base);
    const meter = new ProgressMeter(manifest.totalBytes, (progress) => onProgress?.(progress));
    try {
      for (const shard of manifest.shards) {
        const blob = sources.get(shard);
        if (blob) await stage(staged, shard, blob, present.get(shardId(shard)), signal);
        meter.stored(shard.nbytes);
      }
      throwIfAborted(signal);
      const kept = new Set(manifest.shards.filter((shard) => !sources.has(shard)).map(shardId));
      await publish(database, base, folder, texts, staged, kept);
    } catch (thrown) {
      // What went wrong is the error to report.
      await staged.discard((shard) => present.has(shardId(shard))).catch(() => undefined);
      throw thrown;
    }
    await database.files.keepOnly(base, manifest.shards);
    meter.flush();
  });
}

async function readTexts(folder: Folder): Promise<ReadonlyMap<string, StoredText>> {
  const texts = new Map<string, StoredText>();
  if (folder.gguf) return texts.set(ggufHeadFile, { text: folder.gguf.heads });
  for (const name of requiredTexts) {
    const blob = folder.files.get(name);
    if (!blob) throw notAmong(name);
    if (blob.size > maxTextBytes) {
      const details = { file: name, bytes: blob.size, mostBytes: maxTextBytes };
      throw new AppError('network/not-a-model', `${name} has ${blob.size} bytes: it is another file.`, {
        details,
      });
    }
    const text = await blob.text();
    checkJsonText(name, origin, text);
    texts.set(name, { text });
  }
  return texts;
}

async function sourceOf(folder: Folder, shard: ShardRecord): Promise<Blob> {
  const blob = folder.files.get(shard.dataPath);
  if (blob?.size === shard.nbytes) return blob;
  if (blob && (await isPointer(blob))) throw lfsPointer(shard.dataPath, origin);
  throw new AppError(
    'storage/integrity',
    blob
      ? `${shard.dataPath} has ${blob.size} bytes; the manifest says ${shard.nbytes}. Copy the folder again.`
      : `${shard.dataPath} is not among the files. Choose the whole folder of the model.`,
    { details: { file: shard.dataPath, expectedBytes: shard.nbytes, bytes: blob?.size ?? 0 } },
  );
}

/** A part at a time, as it is downloaded. */
async function stage(
  staged: StagedShards,
  shard: ShardRecord,
  file: Blob,
  present: StoredParts | undefined,
  signal: AbortSignal,
): Promise<void> {
  // A download has begun this very shard, and its parts lie in the file that would be written to.
  if (present && present.bytes > 0) await readThrough(shard, file, signal, () => Promise.resolve());
  const digest = await readThrough(shard, file, signal, (offset, bytes) => staged.add(shard, offset, bytes));
  const now = Date.now();
  staged.prove(shard, { ...digest, nbytes: shard.nbytes, host: 'import', storedAt: now, verifiedAt: now });
}

/** @throws AppError storage/integrity when it is not what the manifest says */
async function readThrough(
  shard: ShardRecord,
  file: Blob,
  signal: AbortSignal,
  take: (offset: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<{ readonly md5sum: string; readonly sha256: string }> {
  const hasher = await createShardHasher(shard.nbytes);
  try {
    for (let offset = 0; offset < shard.nbytes; offset += defaultSettings.partBytes) {
      throwIfAborted(signal);
      const end = Math.min(offset + defaultSettings.partBytes, shard.nbytes);
      const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
      await hasher.update(bytes);
      await take(offset, bytes);
    }
    const digest = await hasher.digest();
    checkMd5(shard, origin, digest.md5sum);
    return digest;
  } catch (thrown) {
    hasher.drop();
    throw thrown;
  }
}

/** The one moment at which the model of this address becomes the imported one. */
async function publish(
  database: ModelDatabase,
  base: string,
  { manifestName, manifestText }: Folder,
  texts: ReadonlyMap<string, StoredText>,
  staged: StagedShards,
  kept: ReadonlySet<string>,
): Promise<void> {
  const before = await keysWithin(database, [base]);
  const now = Date.now();
  const record: StoredManifest = { name: manifestName, text: manifestText, at: now, verifiedAt: now };
  await commit(database, (store) => {
    for (const key of before) {
      const { kind, rest = [] } = parseKey(key) ?? {};
      if ((kind === 'part' || kind === 'proof') && !kept.has(JSON.stringify(rest.slice(0, 3))))
        store.delete(key);
    }
    store.delete(prefixRange([base, 'text']));
    for (const [name, text] of texts) store.put(text, textKey(base, name));
    staged.write(store);
    store.delete(prefixRange([base, 'source']));
    store.delete(planKey(base));
    // The files are of whatever version the folder was, which need not be the one that a host once named.
    store.delete(pinKey(base));
    store.put(record, manifestKey(base));
  });
}

interface Folder {
  readonly name: string;
  readonly base: string;
  readonly files: ReadonlyMap<string, Blob>;
  readonly manifest: TensorManifest;
  readonly manifestName: string;
  readonly manifestText: string;
  /** Of a GGUF file, which has all that the small files of a folder say in its head. */
  readonly gguf?: { readonly heads: string; readonly card: ModelFacts };
}

async function readFolder(files: readonly ModelFile[]): Promise<Folder> {
  const parts = await ggufParts(files, requiredTexts[0]);
  if (parts) {
    const { name, base } = parts;
    const { manifest, manifestText, heads, card } = await readGguf(parts, notAmong);
    const gguf = { heads, card };
    return { name, base, files: parts.files, manifest, manifestName: name, manifestText, gguf };
  }
  const config = files
    .filter(({ path }) => path === requiredTexts[0] || path.endsWith(`/${requiredTexts[0]}`))
    .sort((a, b) => a.path.length - b.path.length)[0];
  if (!config) throw notAmong(requiredTexts[0]);
  const root = config.path.slice(0, -requiredTexts[0].length);
  const inside = new Map(
    files
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, blob }) => [path.slice(root.length), blob]),
  );
  const manifestName = manifestFiles.find((name) => inside.has(name));
  const manifestBlob = manifestName && inside.get(manifestName);
  if (!manifestName || !manifestBlob) throw notAmong(manifestFiles.join(' or '));
  const manifestText = await manifestBlob.text();
  if (isLfsPointer(manifestText)) throw lfsPointer(manifestName, origin);
  const name = root.split('/').at(-2) ?? 'model';
  return {
    name,
    base: (await labelledBase(inside.get(labelFile))) ?? `${importedScheme}/${encodeURIComponent(name)}/`,
    files: inside,
    manifest: parseManifest(manifestText, manifestName),
    manifestName,
    manifestText,
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

function notAmong(name: string): AppError {
  return new AppError(
    'network/not-a-model',
    `There is no ${name} among the files: choose a GGUF file, or the folder of a model in MLC layout.`,
    { details: { file: name } },
  );
}
