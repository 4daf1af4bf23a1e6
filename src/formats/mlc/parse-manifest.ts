// tensor-cache.json (older name ndarray-cache.json) -> TensorManifest. A manifest names files to fetch and byte
// ranges to read, so every number is checked here, once: inside its shard, no overlap, the length its shape says.
import { AppError } from '../../base/errors';
import { bytesOf, ggufTypes, isGgufType, type GgufType } from '../gguf/types';
import { parseJsonObject, type Fields, type JsonSource } from '../json';
import type { ShardRecord, TensorDtype, TensorManifest, TensorRecord } from './manifest';

/** Newest name first: a folder may hold either. */
export const manifestFiles = ['tensor-cache.json', 'ndarray-cache.json'] as const;

const advice = 'Fetch the folder again from where it was published; if that does not help, report it there.';
const maxShards = 10_000;
const maxTensors = 100_000;
const maxShardBytes = 4 * 2 ** 30;
const maxTotalBytes = 64 * 2 ** 30;
const maxElements = 2 ** 36;

/**
 * @param file the name the text was read under, for errors.
 * @throws AppError `model/bad-manifest`.
 */
export function parseManifest(text: string, file: string = manifestFiles[0]): TensorManifest {
  const source: JsonSource = { file, code: 'model/bad-manifest', advice };
  const root = parseJsonObject(text, source, { maxChars: 64 * 1024 * 1024, maxDepth: 16 });
  const names = new Set<string>();
  const paths = new Set<string>();
  let totalBytes = 0;
  const shards = root.objects('records', maxShards).map((entry) => {
    const shard = parseShard(entry);
    if (paths.has(shard.dataPath)) throw entry.error('dataPath', `names ${shard.dataPath} a second time`);
    paths.add(shard.dataPath);
    totalBytes += shard.nbytes;
    for (const tensor of shard.records) {
      if (names.has(tensor.name)) throw entry.error('records', `hold ${tensor.name} a second time`);
      names.add(tensor.name);
    }
    return shard;
  });
  if (shards.length === 0) throw root.error('records', 'is empty: no weights are listed');
  if (names.size > maxTensors) {
    throw root.error('records', `hold ${names.size} tensors; at most ${maxTensors}`);
  }
  if (totalBytes > maxTotalBytes) {
    throw root.error('records', `add up to ${totalBytes} bytes; at most ${maxTotalBytes}`);
  }
  return { shards, totalBytes };
}

function parseShard(entry: Fields): ShardRecord {
  const dataPath = entry.string('dataPath', { maxChars: 255 });
  if (!isPlainRelativePath(dataPath)) {
    throw entry.error(
      'dataPath',
      `is ${JSON.stringify(dataPath)}; it should be a plain file name inside the model's folder`,
    );
  }
  if (entry.raw('format') !== 'raw-shard') {
    throw entry.error('format', `should be "raw-shard", found ${JSON.stringify(entry.raw('format'))}`);
  }
  const nbytes = entry.integer('nbytes', { min: 1, max: maxShardBytes });
  const records = entry.objects('records', maxTensors).map((record) => parseTensor(record, dataPath, nbytes));
  checkOverlap(entry, dataPath, records);
  return { dataPath, nbytes, md5sum: parseMd5(entry), records };
}

function parseMd5(entry: Fields): string | undefined {
  if (!entry.has('md5sum')) return undefined;
  const md5sum = entry.string('md5sum', { maxChars: 64 }).toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(md5sum)) throw entry.error('md5sum', 'should be 32 hexadecimal digits');
  return md5sum;
}

function parseTensor(record: Fields, dataPath: string, shardBytes: number): TensorRecord {
  const name = record.string('name', { maxChars: 512 });
  const dtype = record.string('dtype', { maxChars: 64 });
  if (!isDtype(dtype)) {
    throw record.error(
      'dtype',
      `of ${name} in ${dataPath} is ${JSON.stringify(dtype)}; known are uint32, float16 and float32`,
    );
  }
  const format = record.string('format', { maxChars: 64 });
  if (format !== 'f32-to-bf16' && format !== 'raw') {
    throw record.error('format', `of ${name} in ${dataPath} is ${JSON.stringify(format)}`);
  }
  const shape = record.integers('shape', 8, { min: 1, max: 2 ** 31 - 1 });
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (elements > maxElements) {
      throw record.error('shape', `of ${name} in ${dataPath}, [${shape.join(', ')}], is impossibly large`);
    }
  }
  const nbytes = record.integer('nbytes', { min: 1, max: maxShardBytes });
  const expected = isGgufType(dtype) ? bytesOf(dtype, elements) : elements * bytesPerElement(dtype, format);
  if (isGgufType(dtype) && (shape.at(-1) ?? 0) % ggufTypes[dtype].weights !== 0)
    throw record.error('shape', `of ${name} in ${dataPath}, [${shape.join(', ')}], has rows of part blocks`);
  if (nbytes !== expected) {
    throw record.error(
      'nbytes',
      `of ${name} in ${dataPath} is ${nbytes}, but [${shape.join(', ')}] of ${dtype} takes ${expected}`,
    );
  }
  const byteOffset = record.integer('byteOffset', { min: 0, max: maxShardBytes });
  if (byteOffset + nbytes > shardBytes) {
    throw record.error(
      'byteOffset',
      `of ${name} in ${dataPath} ends at byte ${byteOffset + nbytes} of a shard of ${shardBytes}`,
    );
  }
  return { name, shape, dtype, format, nbytes, byteOffset };
}

/** Bytes one number takes on disk: f32-to-bf16 shortens float32 and leaves the other types alone. */
export function bytesPerElement(
  dtype: Exclude<TensorDtype, GgufType>,
  format: TensorRecord['format'],
): 2 | 4 {
  if (dtype === 'float32') return format === 'f32-to-bf16' ? 2 : 4;
  return dtype === 'float16' ? 2 : 4;
}

/** @throws AppError `model/bad-manifest` when a shard's bytes are not as many as the manifest says. */
export function checkShardLength(shard: ShardRecord, actualBytes: number): void {
  if (actualBytes === shard.nbytes) return;
  throw new AppError(
    'model/bad-manifest',
    `${shard.dataPath} has ${actualBytes} bytes where the manifest says ${shard.nbytes}. ${advice}`,
    { details: { file: shard.dataPath, expected: shard.nbytes, actual: actualBytes } },
  );
}

function checkOverlap(entry: Fields, dataPath: string, records: readonly TensorRecord[]): void {
  let end = 0;
  let before = '';
  for (const { name, byteOffset, nbytes } of [...records].sort((a, b) => a.byteOffset - b.byteOffset)) {
    if (byteOffset < end) throw entry.error('records', `in ${dataPath} overlap: ${before} and ${name}`);
    end = byteOffset + nbytes;
    before = name;
  }
}

function isDtype(dtype: string): dtype is TensorDtype {
  return dtype === 'uint32' || dtype === 'float16' || dtype === 'float32' || isGgufType(dtype);
}

/** Letters that mean themselves in an address, in segments none of which climbs out of the folder. */
function isPlainRelativePath(path: string): boolean {
  return path.split('/').every((segment) => /^[\w-][\w.-]*$/.test(segment) && !segment.includes('..'));
}
