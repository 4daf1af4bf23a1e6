// Which tensors a Phi-3-family model has, by MLC name, and what a record must look like to be one of them.
// Pure: knows nothing of the GPU. Names and shapes: mlc-llm python/mlc_llm/model/phi3.
import { AppError } from '../../base/errors';
import type { TensorRecord } from '../../formats/mlc/manifest';
import type { ModelShape } from '../../formats/model-config';

export type TensorPart = 'q_weight' | 'q_scale' | 'norm';

export interface TensorSpec {
  readonly name: string;
  readonly part: TensorPart;
  readonly shape: readonly number[];
  /** Bytes in the shard: packed words, or two bytes a number. */
  readonly nbytes: number;
}

/** A matrix of 4-bit weights: `rows` outputs of `cols` inputs. */
export interface MatrixSpec {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
}

const group = 32;

/** @throws AppError `model/unsupported-arch` for sizes the kernels cannot do, naming the number. */
export function checkShape(shape: ModelShape): void {
  const need = (ok: boolean, what: string): void => {
    if (!ok) throw new AppError('model/unsupported-arch', `Phield cannot run this model: ${what}.`);
  };
  const { layers, hidden, intermediate, heads, kvHeads, headDim, rotaryDim, vocab, longRope } = shape;
  for (const [name, n] of Object.entries({ layers, hidden, intermediate, heads, kvHeads, headDim, vocab })) {
    need(Number.isSafeInteger(n) && n > 0, `${name} is ${n}`);
  }
  need(hidden % group === 0, `hidden size ${hidden} is not a multiple of ${group}`);
  need(intermediate % group === 0, `intermediate size ${intermediate} is not a multiple of ${group}`);
  need(headDim % 8 === 0 && headDim <= 256, `head size ${headDim} is not a multiple of 8 up to 256`);
  need((heads * headDim) % group === 0, `${heads} heads of ${headDim} are not a multiple of ${group} wide`);
  need(heads % kvHeads === 0, `${heads} heads cannot share ${kvHeads} KV heads`);
  need(
    rotaryDim % 4 === 0 && rotaryDim > 0 && rotaryDim <= headDim,
    `${rotaryDim} of ${headDim} dimensions rotate, not a multiple of 4 of them`,
  );
  for (const factors of longRope ? [longRope.shortFactor, longRope.longFactor] : []) {
    need(
      factors.length === rotaryDim / 2,
      `${factors.length} rope factors for ${rotaryDim / 2} rotary pairs`,
    );
  }
}

export interface ModelTensors {
  readonly embedding: MatrixSpec;
  /** The embedding again where the two are tied. */
  readonly lmHead: MatrixSpec;
  readonly norm: string;
  readonly layers: readonly {
    readonly inputNorm: string;
    readonly qkv: MatrixSpec;
    readonly out: MatrixSpec;
    readonly postNorm: string;
    readonly gateUp: MatrixSpec;
    readonly down: MatrixSpec;
  }[];
}

export function modelTensors(shape: ModelShape): ModelTensors {
  const { hidden, intermediate, heads, kvHeads, headDim, vocab } = shape;
  const matrix = (name: string, rows: number, cols: number): MatrixSpec => ({
    name,
    rows,
    cols,
  });
  const embedding = matrix('transformer.embd', vocab, hidden);
  return {
    embedding,
    lmHead: shape.tied ? embedding : matrix('lm_head', vocab, hidden),
    norm: 'transformer.norm.weight',
    layers: Array.from({ length: shape.layers }, (_, i) => ({
      inputNorm: `transformer.h.${i}.ln.weight`,
      qkv: matrix(`transformer.h.${i}.mixer.qkv_proj`, (heads + 2 * kvHeads) * headDim, hidden),
      out: matrix(`transformer.h.${i}.mixer.out_proj`, hidden, heads * headDim),
      postNorm: `transformer.h.${i}.post_attention_layernorm.weight`,
      gateUp: matrix(`transformer.h.${i}.mlp.gate_up_proj`, 2 * intermediate, hidden),
      down: matrix(`transformer.h.${i}.mlp.down_proj`, hidden, intermediate),
    })),
  };
}

/** Every tensor of the model, in the order of the layers. */
export function tensorSpecs(shape: ModelShape): readonly TensorSpec[] {
  const tensors = modelTensors(shape);
  const parts = ({ name, rows, cols }: MatrixSpec): TensorSpec[] => [
    { name: `${name}.q_weight`, part: 'q_weight', shape: [rows, cols / 8], nbytes: (rows * cols) / 2 },
    {
      name: `${name}.q_scale`,
      part: 'q_scale',
      shape: [rows, cols / group],
      nbytes: ((rows * cols) / group) * 2,
    },
  ];
  const norm = (name: string): TensorSpec => ({
    name,
    part: 'norm',
    shape: [shape.hidden],
    nbytes: shape.hidden * 2,
  });
  return [
    ...parts(tensors.embedding),
    ...tensors.layers.flatMap((layer) => [
      norm(layer.inputNorm),
      ...parts(layer.qkv),
      ...parts(layer.out),
      norm(layer.postNorm),
      ...parts(layer.gateUp),
      ...parts(layer.down),
    ]),
    norm(tensors.norm),
    ...(shape.tied ? [] : parts(tensors.lmHead)),
  ];
}

/** What writing a token reads of the weights: all but the embedding table, of which it reads a row. */
export function weightBytesPerToken(shape: ModelShape): number {
  return tensorSpecs(shape)
    .filter(({ name }) => shape.tied || !name.startsWith('transformer.embd'))
    .reduce((sum, { nbytes }) => sum + nbytes, 0);
}

/**
 * That a record is the tensor the model expects under its name.
 * @throws AppError `model/shape-mismatch` naming the tensor and both shapes, types or lengths.
 */
export function checkRecord(spec: TensorSpec, record: TensorRecord, shape: ModelShape): void {
  const fail = (what: string): never => {
    throw new AppError(
      'model/shape-mismatch',
      `Tensor ${spec.name} ${what}. The model's files do not belong together: download the model again.`,
      { details: { tensor: spec.name } },
    );
  };
  const [rows] = record.shape;
  if (spec.shape[0] === shape.vocab && spec.shape.length === 2 && rows !== undefined && rows < shape.vocab) {
    fail(`has ${rows} rows and the config's vocab_size is ${shape.vocab}`);
  }
  if (record.shape.join() !== spec.shape.join()) {
    fail(`has shape [${record.shape.join(', ')}] and the config asks for [${spec.shape.join(', ')}]`);
  }
  const bf16 = record.dtype === 'float32' && record.format === 'f32-to-bf16';
  const scales = shape.quantization === 'q4f16_1' ? record.dtype === 'float16' : bf16;
  const known = {
    q_weight: record.dtype === 'uint32',
    q_scale: scales,
    norm: record.dtype === 'float16' || bf16,
  };
  if (!known[spec.part]) {
    fail(`is ${record.dtype} (${record.format}), which is not how ${shape.quantization} stores it`);
  }
  if (record.nbytes !== spec.nbytes) fail(`is ${record.nbytes} bytes long instead of ${spec.nbytes}`);
}
