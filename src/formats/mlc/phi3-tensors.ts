// The tensors a Phi-3-family model of a given shape must have, by MLC's names, and the check that a manifest has
// them. Checked before a byte is fetched or a buffer made, so that a wrong folder costs nothing.
// Source of names: mlc-llm python/mlc_llm/model/phi3.
import { AppError } from '../../base/errors';
import { looksLike } from './look-alike';
import type { TensorDtype, TensorManifest, TensorRecord } from './manifest';
import type { ModelShape } from '../model-config';

export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TensorDtype;
}

/** In no promised order. */
export function expectedTensors(shape: ModelShape): readonly ExpectedTensor[] {
  const { layers, hidden, intermediate, heads, kvHeads, headDim, vocab, tied, quantization } = shape;
  const float: TensorDtype = quantization === 'q4f16_1' ? 'float16' : 'float32';
  const tensors: ExpectedTensor[] = [];
  const norm = (name: string): void => {
    tensors.push({ name: `${name}.weight`, shape: [hidden], dtype: float });
  };
  const matrix = (name: string, rows: number, cols: number): void => {
    tensors.push({ name: `${name}.q_weight`, shape: [rows, cols / 8], dtype: 'uint32' });
    tensors.push({ name: `${name}.q_scale`, shape: [rows, cols / 32], dtype: float });
  };
  matrix('transformer.embd', vocab, hidden);
  for (let i = 0; i < layers; i++) {
    const layer = `transformer.h.${i}`;
    norm(`${layer}.ln`);
    matrix(`${layer}.mixer.qkv_proj`, (heads + 2 * kvHeads) * headDim, hidden);
    matrix(`${layer}.mixer.out_proj`, hidden, heads * headDim);
    norm(`${layer}.post_attention_layernorm`);
    matrix(`${layer}.mlp.gate_up_proj`, 2 * intermediate, hidden);
    matrix(`${layer}.mlp.down_proj`, hidden, intermediate);
  }
  norm('transformer.norm');
  if (!tied) matrix('lm_head', vocab, hidden);
  return tensors;
}

/** Weights of the model, not bytes: what "a 3.8 B model" counts. */
export function parameterCount(shape: ModelShape): number {
  return expectedTensors(shape).reduce((sum, { name, shape: [rows = 1, cols = 1] }) => {
    if (name.endsWith('.q_weight')) return sum + rows * cols * 8;
    return name.endsWith('.weight') ? sum + rows : sum;
  }, 0);
}

/**
 * The records of the tensors the model needs, by name. Others in the manifest are left out.
 * @throws AppError `model/missing-tensor`, `model/shape-mismatch`; both name the tensor and its file.
 *   `model/unsupported-arch` where the names are another architecture's, saying which.
 */
export function requiredTensors(
  manifest: TensorManifest,
  shape: ModelShape,
): ReadonlyMap<string, TensorRecord> {
  const found = new Map<string, { record: TensorRecord; file: string }>();
  for (const { dataPath, records } of manifest.shards) {
    for (const record of records) found.set(record.name, { record, file: dataPath });
  }
  const required = new Map<string, TensorRecord>();
  for (const expected of expectedTensors(shape)) {
    const entry = found.get(expected.name);
    if (!entry) {
      const architecture = looksLike(found.keys());
      if (architecture !== undefined) throw otherArchitecture(expected.name, architecture);
      throw new AppError(
        'model/missing-tensor',
        `The manifest lists no ${expected.name}, which a model of ${shape.layers} layers needs. ` +
          'The folder is incomplete or of another architecture: fetch it again or choose another model.',
        { details: { tensor: expected.name } },
      );
    }
    checkTensor(entry.record, entry.file, expected, shape);
    required.set(expected.name, entry.record);
  }
  return required;
}

function otherArchitecture(tensor: string, architecture: string): AppError {
  return new AppError(
    'model/unsupported-arch',
    `The configuration describes a model with a tensor ${tensor}, and the weights are named like those of a ${architecture} model: ` +
      'choose a folder whose configuration and weights belong together.',
    { details: { tensor, looksLike: architecture } },
  );
}

function checkTensor(
  record: TensorRecord,
  file: string,
  expected: ExpectedTensor,
  { vocab }: ModelShape,
): void {
  const sameShape =
    record.shape.length === expected.shape.length && record.shape.every((n, i) => n === expected.shape[i]);
  if (sameShape && record.dtype === expected.dtype) return;
  const isTable = /^(transformer\.embd|lm_head)\./.test(expected.name);
  const why =
    isTable && record.shape[0] !== vocab
      ? ` The configuration's vocab_size is ${vocab}, the table has ${record.shape[0] ?? 0} rows.`
      : '';
  throw new AppError(
    'model/shape-mismatch',
    `${expected.name} in ${file} is [${record.shape.join(', ')}] of ${record.dtype}; the configuration needs ` +
      `[${expected.shape.join(', ')}] of ${expected.dtype}.${why} ` +
      'mlc-chat-config.json and the weights are from different models: fetch both from one place.',
    { details: { tensor: expected.name, file } },
  );
}
