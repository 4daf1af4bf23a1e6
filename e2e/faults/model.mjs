// A made-up model in MLC layout: shards of incompressible bytes (IndexedDB compresses, and zeros would lie about
// quota), their checksums, and the small files around them. An engine can load only `makeSpeakingModel`'s.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MiB = 1024 * 1024;

/**
 * @typedef {{ name: string, type: string, body: Buffer, etag: string }} ModelFile
 * @typedef {{ files: Map<string, ModelFile>, shards: string[], totalBytes: number, sha256: Record<string, string> }} Model
 */

/**
 * @param {{ totalMiB: number, shardMiB: number, seed?: number, manifestName?: string }} options
 * @returns {Model}
 */
export function makeModel({ totalMiB, shardMiB, seed = 1, manifestName = 'ndarray-cache.json' }) {
  /** @type {Model} */
  const model = { files: new Map(), shards: [], totalBytes: 0, sha256: {} };
  const records = [];
  for (let start = 0; start < totalMiB; start += shardMiB) {
    const nbytes = Math.round(Math.min(shardMiB, totalMiB - start) * MiB);
    const index = model.shards.length;
    const name = `params_shard_${index}.bin`;
    const body = randomBytes(nbytes, seed * 1000 + index);
    add(model, name, 'application/octet-stream', body);
    model.shards.push(name);
    model.totalBytes += nbytes;
    model.sha256[name] = createHash('sha256').update(body).digest('hex');
    records.push({
      dataPath: name,
      format: 'raw-shard',
      nbytes,
      md5sum: createHash('md5').update(body).digest('hex'),
      records: [
        { name: `w${index}`, shape: [nbytes / 4], dtype: 'uint32', format: 'raw', nbytes, byteOffset: 0 },
      ],
    });
  }
  addJson(model, manifestName, { metadata: { ParamSize: records.length }, records });
  addJson(model, 'mlc-chat-config.json', { model_type: 'phi3', tokenizer_files: ['tokenizer.json'] });
  addJson(model, 'tokenizer.json', { model: { vocab: Array.from({ length: 4000 }, (_, i) => `piece${i}`) } });
  return model;
}

/**
 * The embedded model, made as big as a test needs by shards that no engine reads, which come first. It answers as
 * the embedded one does.
 * @param {{ paddingMiB: number, shardMiB: number, seed?: number }} options
 * @returns {Model}
 */
export function makeSpeakingModel({ paddingMiB, shardMiB, seed = 1 }) {
  const model = makeModel({ totalMiB: paddingMiB, shardMiB, seed, manifestName: 'padding.json' });
  const folder = new URL('../../public/models/phield-tiny/', import.meta.url);
  const read = (/** @type {string} */ name) => readFileSync(new URL(name, folder));
  const padding = JSON.parse(String(model.files.get('padding.json')?.body));
  model.files.delete('padding.json');
  const manifest = JSON.parse(String(read('tensor-cache.json')));
  for (const record of manifest.records) {
    const body = read(record.dataPath);
    record.dataPath = record.dataPath.replace('shard_', 'shard_w');
    record.md5sum = createHash('md5').update(body).digest('hex');
    add(model, record.dataPath, 'application/octet-stream', body);
    model.shards.push(record.dataPath);
    model.totalBytes += body.length;
    model.sha256[record.dataPath] = createHash('sha256').update(body).digest('hex');
  }
  const records = [...padding.records, ...manifest.records];
  addJson(model, 'tensor-cache.json', { ...manifest, records });
  for (const name of ['mlc-chat-config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    add(model, name, 'application/json', read(name));
  }
  return model;
}

/** The same model but for one file. @param {Model} model @param {string} name @param {unknown} value @returns {Model} */
export function withJson(model, name, value) {
  const copy = { ...model, files: new Map(model.files) };
  addJson(copy, name, value);
  return copy;
}

/** @param {Model} model @param {string} name @param {string} type @param {Buffer} body */
function add(model, name, type, body) {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  model.files.set(name, { name, type, body, etag });
}

/** @param {Model} model @param {string} name @param {unknown} value */
function addJson(model, name, value) {
  add(model, name, 'application/json', Buffer.from(JSON.stringify(value)));
}

/** @param {number} nbytes a multiple of 4 @param {number} seed */
function randomBytes(nbytes, seed) {
  const words = new Uint32Array(nbytes / 4);
  let x = (seed * 2654435761 + 1) >>> 0 || 1;
  for (let i = 0; i < words.length; i++) {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    words[i] = x;
  }
  return Buffer.from(words.buffer);
}
