// A folder with the tensors of Phi-3-mini's layers, cut into shards by MLC's rule, of incompressible bytes.
import { createHash } from 'node:crypto';

const hidden = 3072;
const layerTensors = [
  ['self_attn.qkv_proj', 9216, hidden],
  ['self_attn.o_proj', hidden, hidden],
  ['mlp.gate_up_proj', 16384, hidden],
  ['mlp.down_proj', hidden, 8192],
];
const capBytes = 32 * 1024 * 1024;

/** @typedef {{ name: string, shape: number[], dtype: string, format: string, nbytes: number, byteOffset: number }} BenchTensor */
/** @typedef {{ dataPath: string, format: string, nbytes: number, md5sum: string, records: BenchTensor[] }} BenchShard */

/** @param {number} layer @returns {BenchTensor[]} */
function tensorsOf(layer) {
  return layerTensors.flatMap(([part, rows, cols]) => {
    const name = `transformer.h.${layer}.${part}`;
    return [
      tensor(`${name}.q_weight`, [Number(rows), Number(cols) / 8], 'uint32', 4),
      tensor(`${name}.q_scale`, [Number(rows), Number(cols) / 32], 'float16', 2),
    ];
  });
}

/** @param {string} name @param {number[]} shape @param {string} dtype @param {number} size @returns {BenchTensor} */
function tensor(name, shape, dtype, size) {
  const nbytes = shape.reduce((product, length) => product * length, size);
  return { name, shape, dtype, format: 'f32-to-bf16', nbytes, byteOffset: 0 };
}

/**
 * @param {number} leastBytes whole layers, at least this many bytes
 * @returns {{ totalBytes: number, files: Map<string, Buffer> }}
 */
export function phi3Files(leastBytes) {
  /** @type {BenchTensor[][]} */
  const groups = [];
  /** @type {BenchTensor[]} */
  let open = [];
  let openBytes = 0;
  let totalBytes = 0;
  for (let layer = 0; totalBytes < leastBytes; layer++) {
    for (const entry of tensorsOf(layer)) {
      totalBytes += entry.nbytes;
      if (openBytes + entry.nbytes > capBytes) {
        if (entry.nbytes >= capBytes / 2) {
          groups.push([entry]);
          continue;
        }
        groups.push(open);
        open = [];
        openBytes = 0;
      }
      open.push({ ...entry, byteOffset: openBytes });
      openBytes += entry.nbytes;
    }
  }
  if (open.length > 0) groups.push(open);
  return { totalBytes, files: filesOf(groups) };
}

/** @param {BenchTensor[][]} groups */
function filesOf(groups) {
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  const noise = Buffer.alloc(capBytes + groups.length * 64);
  for (let i = 0, x = 0x9e3779b9; i < noise.length; i += 4) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    noise.writeInt32LE(x, i);
  }
  /** @type {BenchShard[]} */
  const records = groups.map((group, index) => {
    const nbytes = group.reduce((sum, entry) => sum + entry.nbytes, 0);
    // Each shard starts elsewhere in the same noise: different bytes, no gigabyte held here.
    const body = noise.subarray(index * 64, index * 64 + nbytes);
    const dataPath = `params_shard_${index}.bin`;
    files.set(dataPath, body);
    const md5sum = createHash('md5').update(body).digest('hex');
    return { dataPath, format: 'raw-shard', nbytes, md5sum, records: group };
  });
  const manifest = Buffer.from(JSON.stringify({ metadata: { ParamSize: records.length }, records }));
  files.set('tensor-cache.json', manifest);
  files.set('mlc-chat-config.json', Buffer.from('{"model_type":"phi3"}'));
  files.set('tokenizer.json', Buffer.from('{}'));
  return files;
}
