// Which tensors a decoder of a given shape has: one description per kind of files and family, as data, and what
// follows from it: names, shapes, bytes, the check that a list of files has them all. Pure: knows nothing of the GPU.
// Names: mlc-llm python/mlc_llm/model/{phi3,llama}, llama.cpp gguf-py/gguf/constants.py.
import { AppError, invariant } from '../base/errors';
import { bytesOf, isBlockType, isFloatType, type BlockType, type GgufType } from './gguf/types';
import { looksLike } from './mlc/look-alike';
import type { TensorDtype, TensorManifest, TensorRecord } from './mlc/manifest';
import type { Architecture, ModelShape } from './model-config';

/** What a tensor is to the model. `blocks`: of a GGUF matrix. */
export type TensorPart = 'q_weight' | 'q_scale' | 'norm' | 'blocks' | 'bias';

export interface TensorSpec {
  readonly name: string;
  readonly part: TensorPart;
  readonly shape: readonly number[];
  readonly dtype: TensorDtype;
  /** Bytes in the file: packed words, blocks, or what its floats take. */
  readonly nbytes: number;
}

/** A matrix of few-bit weights: `rows` outputs of `cols` inputs. */
export interface MatrixSpec {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Of a GGUF: the tensors whose rows lie one after another in it. */
  readonly parts: readonly MatrixPart[];
  /** Of an MLC folder: a number added to each output, under this name. */
  readonly bias?: string;
}

export interface MatrixPart {
  readonly name: string;
  readonly rows: number;
  readonly type: BlockType;
  /** Rows of each head whose halves lie interleaved in the file, as llama.cpp rotates: 0 where they are in order. */
  readonly interleaved: number;
  /** A number added to each output, under this name. */
  readonly bias: string | undefined;
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

interface Names {
  readonly embedding: string;
  readonly lmHead: string;
  readonly norm: string;
  /** Of a layer, after what it starts with. */
  readonly layer: (index: number) => string;
  readonly inputNorm: string;
  /** One tensor, or one for each of q, k and v. */
  readonly qkv: readonly string[];
  readonly out: string;
  readonly postNorm: string;
  /** One tensor, gate first, or one for each. */
  readonly gateUp: readonly string[];
  readonly down: string;
  /** Rows of q and k are stored in llama.cpp's order of rotation. */
  readonly interleaved?: boolean;
  /** q, k and v have a bias. */
  readonly biases?: boolean;
}

const mlcPhi3: Names = {
  embedding: 'transformer.embd',
  lmHead: 'lm_head',
  norm: 'transformer.norm.weight',
  layer: (i) => `transformer.h.${i}.`,
  inputNorm: 'ln.weight',
  qkv: ['mixer.qkv_proj'],
  out: 'mixer.out_proj',
  postNorm: 'post_attention_layernorm.weight',
  gateUp: ['mlp.gate_up_proj'],
  down: 'mlp.down_proj',
};

const mlcLlama: Names = {
  ...mlcPhi3,
  embedding: 'model.embed_tokens',
  norm: 'model.norm.weight',
  layer: (i) => `model.layers.${i}.`,
  inputNorm: 'input_layernorm.weight',
  qkv: ['self_attn.qkv_proj'],
  out: 'self_attn.o_proj',
};

const mlcQwen2: Names = { ...mlcLlama, qkv: ['self_attn.c_attn'], biases: true };

const ggufPhi3: Names = {
  embedding: 'token_embd.weight',
  lmHead: 'output.weight',
  norm: 'output_norm.weight',
  layer: (i) => `blk.${i}.`,
  inputNorm: 'attn_norm.weight',
  qkv: ['attn_qkv.weight'],
  out: 'attn_output.weight',
  postNorm: 'ffn_norm.weight',
  gateUp: ['ffn_up.weight'],
  down: 'ffn_down.weight',
};

const ggufLlama: Names = {
  ...ggufPhi3,
  qkv: ['attn_q.weight', 'attn_k.weight', 'attn_v.weight'],
  gateUp: ['ffn_gate.weight', 'ffn_up.weight'],
  interleaved: true,
};

const ggufNames: Readonly<Record<Architecture, Names>> = {
  phi3: ggufPhi3,
  llama: ggufLlama,
  qwen2: { ...ggufLlama, interleaved: false, biases: true },
};
const mlcNames: Readonly<Record<Architecture, Names>> = { phi3: mlcPhi3, llama: mlcLlama, qwen2: mlcQwen2 };

const group = 32;

export function modelTensors(shape: ModelShape): ModelTensors {
  const { hidden, intermediate, heads, kvHeads, headDim, vocab, types, architecture = 'phi3' } = shape;
  const names = (types ? ggufNames : mlcNames)[architecture];
  const matrix = (
    prefix: string,
    parts: readonly string[],
    rowsOf: readonly number[],
    cols: number,
  ): MatrixSpec => {
    const rows = rowsOf.reduce((a, b) => a + b, 0);
    const name = prefix + parts.join('+').replaceAll('.weight', '');
    const isQkv = parts === names.qkv;
    if (!types)
      return { name, rows, cols, parts: [], ...(isQkv && names.biases && { bias: `${name}.bias` }) };
    return {
      name,
      rows,
      cols,
      parts: parts.map((part, i) => ({
        name: prefix + part,
        rows: parts.length === 1 ? rows : (rowsOf[i] ?? 0),
        type: blockTypeOf(prefix + part, types),
        interleaved: isQkv && names.interleaved && i < 2 ? headDim : 0,
        bias: isQkv && names.biases ? prefix + part.replace('.weight', '.bias') : undefined,
      })),
    };
  };
  const embedding = matrix('', [names.embedding], [vocab], hidden);
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  return {
    embedding,
    lmHead: shape.tied ? embedding : matrix('', [names.lmHead], [vocab], hidden),
    norm: names.norm,
    layers: Array.from({ length: shape.layers }, (_, i) => {
      const prefix = names.layer(i);
      return {
        inputNorm: prefix + names.inputNorm,
        qkv: matrix(prefix, names.qkv, [q, kv, kv], hidden),
        out: matrix(prefix, [names.out], [hidden], q),
        postNorm: prefix + names.postNorm,
        gateUp: matrix(prefix, names.gateUp, [intermediate, intermediate], hidden),
        down: matrix(prefix, [names.down], [hidden], intermediate),
      };
    }),
  };
}

function blockTypeOf(name: string, types: Readonly<Record<string, GgufType>>): BlockType {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) throw missing(name);
  if (isBlockType(type)) return type;
  throw new AppError(
    'model/unsupported-arch',
    `The matrix ${name} is in ${type.toUpperCase()}, and this engine runs quantised ones: choose another file of the model, such as Q8_0 or Q4_K_M.`,
    { details: { tensor: name, type: type.toUpperCase() } },
  );
}

/** Every tensor of the model, in the order of the layers. */
export function tensorSpecs(shape: ModelShape): readonly TensorSpec[] {
  const tensors = modelTensors(shape);
  const float: TensorDtype = shape.quantization === 'q4f32_1' ? 'float32' : 'float16';
  const parts = (matrix: MatrixSpec): TensorSpec[] => {
    const { name, rows, cols } = matrix;
    if (shape.types) return matrix.parts.flatMap((part) => blockSpecs(part, cols, shape));
    const nbytes = (rows * cols) / 2;
    return [
      { name: `${name}.q_weight`, part: 'q_weight', shape: [rows, cols / 8], dtype: 'uint32', nbytes },
      {
        name: `${name}.q_scale`,
        part: 'q_scale',
        shape: [rows, cols / group],
        dtype: float,
        nbytes: nbytes / 8,
      },
      ...(matrix.bias === undefined
        ? []
        : [{ name: matrix.bias, part: 'bias', shape: [rows], dtype: float, nbytes: rows * 2 } as const]),
    ];
  };
  const norm = (name: string): TensorSpec =>
    shape.types
      ? vectorSpec(name, 'norm', shape.hidden, shape.types)
      : { name, part: 'norm', shape: [shape.hidden], dtype: float, nbytes: shape.hidden * 2 };
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

function blockSpecs(
  { name, rows, type, bias }: MatrixPart,
  cols: number,
  { types = {} }: ModelShape,
): TensorSpec[] {
  const nbytes = bytesOf(type, rows * cols);
  return [
    { name, part: 'blocks', shape: [rows, cols], dtype: type, nbytes },
    ...(bias === undefined ? [] : [vectorSpec(bias, 'bias', rows, types)]),
  ];
}

function vectorSpec(
  name: string,
  part: TensorPart,
  length: number,
  types: Readonly<Record<string, GgufType>>,
): TensorSpec {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) throw missing(name);
  if (!isFloatType(type)) {
    throw new AppError(
      'model/unsupported-arch',
      `The vector ${name} is in ${type.toUpperCase()}, where numbers are expected: choose another file of the model.`,
      { details: { tensor: name } },
    );
  }
  return { name, part, shape: [length], dtype: type, nbytes: bytesOf(type, length) };
}

/** Weights of the model, not bytes: what "a 3.8 B model" counts. */
export function parameterCount(shape: ModelShape): number {
  return tensorSpecs(shape).reduce((sum, { part, shape: [rows = 1, cols = 1] }) => {
    if (part === 'q_scale') return sum;
    return sum + rows * cols * (part === 'q_weight' ? 8 : 1);
  }, 0);
}

/** What writing a token reads of the weights: all but the embedding table, of which it reads a row. */
export function weightBytesPerToken(shape: ModelShape): number {
  const table = modelTensors(shape).embedding;
  const isTable = (name: string): boolean => name === table.name || name.startsWith(`${table.name}.`);
  return tensorSpecs(shape)
    .filter(({ name }) => shape.tied || !isTable(name))
    .reduce((sum, { nbytes }) => sum + nbytes, 0);
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
  for (const spec of tensorSpecs(shape)) {
    const entry = found.get(spec.name);
    if (!entry) throw otherArchitecture(spec.name, found.keys(), shape) ?? missing(spec.name, shape.layers);
    checkRecord(spec, entry.record, shape, entry.file);
    required.set(spec.name, entry.record);
  }
  return required;
}

/** As look-alike.ts calls ours; Phi-3's names are nobody else's. */
const ownName: Readonly<Partial<Record<Architecture, string>>> = { llama: 'Llama', qwen2: 'Qwen2' };

/** @returns undefined where the names are no other architecture's: the files are incomplete. */
function otherArchitecture(
  tensor: string,
  names: Iterable<string>,
  { architecture = 'phi3' }: ModelShape,
): AppError | undefined {
  const found = looksLike(names);
  if (found === undefined || found === ownName[architecture]) return undefined;
  return new AppError(
    'model/unsupported-arch',
    `The configuration describes a model with a tensor ${tensor}, and the weights are named like those of a ${found} model: ` +
      'choose a folder whose configuration and weights belong together.',
    { details: { tensor, looksLike: found } },
  );
}

function missing(name: string, layers?: number): AppError {
  const who = layers === undefined ? 'this architecture needs' : `a model of ${layers} layers needs`;
  return new AppError(
    'model/missing-tensor',
    `The files list no ${name}, which ${who}. ` +
      'They are incomplete or of another architecture: fetch them again or choose another model.',
    { details: { tensor: name } },
  );
}

/**
 * That a record is the tensor the model expects under its name.
 * @throws AppError `model/shape-mismatch` naming the tensor and both shapes, types or lengths.
 */
export function checkRecord(spec: TensorSpec, record: TensorRecord, shape: ModelShape, file?: string): void {
  invariant(spec.name === record.name, `${record.name} for ${spec.name}`);
  // bfloat16 norms and biases are read wherever a folder has them.
  const isVector = spec.part === 'norm' || (spec.part === 'bias' && shape.types === undefined);
  const isKind = record.dtype === spec.dtype || (isVector && isHalf(record));
  const sameShape = record.shape.join() === spec.shape.join();
  if (sameShape && isKind && record.nbytes === spec.nbytes) return;
  const isTable = spec.shape[0] === shape.vocab && spec.shape.length === 2;
  const why =
    isTable && record.shape[0] !== shape.vocab
      ? ` The configuration's vocab_size is ${shape.vocab}, the table has ${record.shape[0] ?? 0} rows.`
      : '';
  throw new AppError(
    'model/shape-mismatch',
    `${spec.name}${file === undefined ? '' : ` in ${file}`} is [${record.shape.join(', ')}] of ${record.dtype} in ` +
      `${record.nbytes} bytes; the configuration needs [${spec.shape.join(', ')}] of ${spec.dtype} in ${spec.nbytes}.${why} ` +
      'The configuration and the weights are from different models: fetch both from one place.',
    { details: { tensor: spec.name, ...(file !== undefined && { file }) } },
  );
}

const isHalf = ({ dtype, format }: TensorRecord): boolean =>
  dtype === 'float16' || (dtype === 'float32' && format === 'f32-to-bf16');
