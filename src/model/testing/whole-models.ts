// Tiny models, one for each way that an architecture, a scaling and a mix of types can go, from GGUF files and from MLC
// folders, whose logits transformers has written down (scripts/golden/whole-models.mjs). Seeded: they are made anew
// wherever they are wanted, and a digest says whether they are those that transformers had. As few types as there can be
// beside one another: each mix is kernels that an adapter compiles.
import { createHash } from 'node:crypto';
import { decodeFloats, decodeWords, dequantizeRow } from '../../formats/mlc/quant';
import { modelTensors, requiredTensors, type MatrixSpec } from '../../formats/decoder-tensors';
import { manifestOf, readHeads } from '../../formats/gguf/model-file';
import { ggufShape } from '../../formats/gguf/shape';
import { smallGguf } from '../../formats/gguf/testing/small-model';
import type { BlockType } from '../../formats/gguf/types';
import { writeGguf, type WrittenTensor } from '../../formats/gguf/write-gguf';
import { parseConfig } from '../../formats/mlc/parse-config';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import type { ModelShape } from '../../formats/model-config';
import golden from './whole-models.json';
import { chatConfig, type GoldenRow } from './hf-golden';
import { syntheticTensors, type SyntheticTensor } from './synthetic';

export interface WholeModel {
  readonly shape: ModelShape;
  readonly tensors: readonly SyntheticTensor[];
  readonly ids: readonly number[];
  /** Of the text in one call, and of as much of it as has other factors. */
  readonly whole: readonly GoldenRow[];
  readonly short: readonly GoldenRow[];
}

const floats = (name: string, values: ArrayLike<number>, shape = [values.length]): WrittenTensor => ({
  name,
  type: 'f32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const rising = (count: number, first: number, last: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));

/** Rows of 64 and 96 hold blocks of 32 alone; a matrix fused of three tensors has three types. */
const smallBlocks = (name: string): BlockType =>
  (
    {
      token_embd: 'q8_0',
      output: 'q8_0',
      attn_k: 'q5_0',
      attn_v: 'q8_0',
      ffn_gate: 'q5_1',
      ffn_up: 'q4_1',
    } as const
  )[name] ?? 'q4_0';

/** As Q4_K_M mixes them. */
const mixed = (name: string): BlockType =>
  ({ attn_qkv: 'q5_k', ffn_down: 'q6_k', output: 'q6_k', attn_v: 'q6_k' } as const)[name] ?? 'q4_k';

const wide = { hidden: 256, intermediate: 256, heads: 4, tied: false, type: mixed } as const;

const files = {
  'llama.gguf with factors of its rotation': () =>
    smallGguf({
      seed: 22,
      tied: false,
      type: smallBlocks,
      extra: [floats('rope_freqs.weight', rising(8, 1, 8))],
    }),
  'qwen2.gguf': () => smallGguf({ architecture: 'qwen2', seed: 24, type: smallBlocks }),
  'llama.gguf in Q4_K_M': () => smallGguf({ ...wide, seed: 23, kvHeads: 2 }),
  'phi3.gguf in Q4_K_M, partly rotated, with factors short and long': () =>
    smallGguf({
      ...wide,
      architecture: 'phi3',
      seed: 25,
      kvHeads: 2,
      metadata: {
        'phi3.rope.dimension_count': 48,
        'phi3.rope.scaling.original_context_length': 32,
        'phi3.attention.sliding_window': 0,
      },
      extra: [
        floats('rope_factors_short.weight', rising(24, 1, 1.5)),
        floats('rope_factors_long.weight', rising(24, 1, 9)),
      ],
    }),
};

const model = {
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  vocab_size: 260,
  rms_norm_eps: 1e-5,
};
/** As MLC writes the configurations of Llama 3.2 and of Qwen2.5. */
const folders = {
  'llama folder with Llama 3’s scaling': {
    seed: 26,
    model_type: 'llama',
    model_config: {
      ...model,
      position_embedding_base: 500000,
      tie_word_embeddings: true,
      rope_scaling: {
        factor: 8,
        high_freq_factor: 4,
        low_freq_factor: 1,
        original_max_position_embeddings: 64,
        rope_type: 'llama3',
      },
    },
  },
  'qwen2 folder': {
    seed: 27,
    model_type: 'qwen2',
    model_config: { ...model, rope_theta: 1000000, tie_word_embeddings: false, hidden_act: 'silu' },
  },
} as const;

type FileName = keyof typeof files;
type FolderName = keyof typeof folders;
export const wholeModels = [...Object.keys(files), ...Object.keys(folders)] as (FileName | FolderName)[];
const isFile = (name: string): name is FileName => name in files;

function folderModel(name: FolderName): Pick<WholeModel, 'shape' | 'tensors'> {
  const { seed, model_type, model_config } = folders[name];
  const { shape } = parseConfig(JSON.stringify({ ...chatConfig(model_config), model_type }));
  return { shape, tensors: [...syntheticTensors(shape, seed)] };
}

/** What transformers gets: a GGUF file as it is; of a folder its numbers under the names that Hugging Face's models have. */
export const goldenFiles = Object.fromEntries(
  wholeModels.map((name) => [name, isFile(name) ? files[name] : () => numbersOf(name)]),
);

function numbersOf(name: FolderName): Uint8Array<ArrayBuffer> {
  const { shape, tensors } = folderModel(name);
  const { hidden, intermediate, heads, kvHeads, headDim } = shape;
  const byName = new Map(tensors.map((tensor) => [tensor.record.name, tensor]));
  const vector = (from: string): Float32Array => {
    const tensor = byName.get(from);
    if (!tensor) throw new Error(`No tensor ${from}`);
    return decodeFloats(tensor.record, tensor.bytes);
  };
  const matrix = ({ name: from, rows, cols }: MatrixSpec): Float32Array => {
    const words = decodeWords(byName.get(`${from}.q_weight`)?.bytes ?? new Uint8Array());
    const scales = vector(`${from}.q_scale`);
    const values = new Float32Array(rows * cols);
    for (let row = 0; row < rows; row++) dequantizeRow(words, scales, cols, row, values, row * cols);
    return values;
  };
  const named = modelTensors(shape);
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  const tensorsOf = (to: string, values: Float32Array, cols: number): WrittenTensor =>
    floats(to, values, cols === 1 ? [values.length] : [values.length / cols, cols]);
  /** Rows one after another under several names. */
  const parts = (to: readonly string[], rows: readonly number[], values: Float32Array, cols: number) => {
    let at = 0;
    return to.map((one, i) => tensorsOf(one, values.subarray(at, (at += (rows[i] ?? 0) * cols)), cols));
  };
  const written = named.layers.flatMap((layer, i) => {
    const prefix = `model.layers.${i}.`;
    const attention = ['q', 'k', 'v'].map((one) => `${prefix}self_attn.${one}_proj`);
    const each = (kind: string): string[] => attention.map((one) => `${one}.${kind}`);
    return [
      floats(`${prefix}input_layernorm.weight`, vector(layer.inputNorm)),
      ...parts(each('weight'), [q, kv, kv], matrix(layer.qkv), hidden),
      ...(layer.qkv.bias === undefined ? [] : parts(each('bias'), [q, kv, kv], vector(layer.qkv.bias), 1)),
      tensorsOf(`${prefix}self_attn.o_proj.weight`, matrix(layer.out), q),
      floats(`${prefix}post_attention_layernorm.weight`, vector(layer.postNorm)),
      ...parts(
        [`${prefix}mlp.gate_proj.weight`, `${prefix}mlp.up_proj.weight`],
        [intermediate, intermediate],
        matrix(layer.gateUp),
        hidden,
      ),
      tensorsOf(`${prefix}mlp.down_proj.weight`, matrix(layer.down), intermediate),
    ];
  });
  const { model_type, model_config } = folders[name];
  return writeGguf({ 'general.architecture': model_type, 'golden.config': JSON.stringify(model_config) }, [
    tensorsOf('model.embed_tokens.weight', matrix(named.embedding), hidden),
    ...written,
    floats('model.norm.weight', vector(named.norm)),
    ...(shape.tied ? [] : [tensorsOf('lm_head.weight', matrix(named.lmHead), hidden)]),
  ]);
}

/** @throws where it is not the model that transformers had. */
export async function wholeModel(name: FileName | FolderName): Promise<WholeModel> {
  const recorded = golden.cases.find((one) => one.name === name);
  const file = goldenFiles[name]?.();
  if (!recorded || !file || createHash('sha256').update(file).digest('hex') !== recorded.sha256)
    throw new Error(`${name}: not what transformers had; run scripts/golden/whole-models.mjs again`);
  const { ids, whole, short } = recorded as unknown as Pick<WholeModel, 'ids' | 'whole' | 'short'>;
  return { ...(isFile(name) ? await fileModel(file) : folderModel(name)), ids, whole, short };
}

async function fileModel(file: Uint8Array<ArrayBuffer>): Promise<Pick<WholeModel, 'shape' | 'tensors'>> {
  const read = (from: number, to: number) => Promise.resolve(file.slice(from, to));
  const { model: heads } = await readHeads('a.gguf', () =>
    Promise.resolve({ nbytes: file.byteLength, read }),
  );
  const shape = ggufShape(heads);
  const records = requiredTensors(parseManifest(manifestOf(heads), 'a.gguf'), shape);
  const tensors = [...records.values()].map((record) => ({
    record,
    bytes: file.slice(record.byteOffset, record.byteOffset + record.nbytes),
  }));
  return { shape, tensors };
}
