// A made-up model in MLC layout: shards of incompressible bytes (IndexedDB compresses, and zeros would lie about
// quota), their checksums, and the small files around them. Never loaded by an engine.
import { createHash } from 'node:crypto';

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
