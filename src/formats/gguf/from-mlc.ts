// A small MLC folder as a GGUF file, for an engine that reads nothing else. Weights stay the numbers they are.
import { AppError, invariant } from '../../base/errors';
import { f16ToNumber } from '../../base/float16';
import { modelTensors, type MatrixSpec } from '../decoder-tensors';
import { parseJsonObject, type JsonSource } from '../json';
import { groupBytes, putCodes } from '../mlc/as-q4_0';
import type { ModelConfig } from '../model-config';
import { ggufTypes } from './types';
import { writeGguf, type WrittenTensor, type WrittenValue } from './write-gguf';

const source: JsonSource = { file: 'tokenizer.json', code: 'tokenizer/bad-vocab', advice: 'Fetch it again.' };

/** Whether a folder is of the kind that can be written so. */
export function canBecomeGguf({ shape }: Pick<ModelConfig, 'shape'>): boolean {
  const { architecture = 'phi3', quantization, longRope } = shape;
  return architecture === 'phi3' && quantization === 'q4f16_1' && longRope === undefined;
}

/**
 * @param tokenizerText of tokenizer.json: byte-fallback pieces, as Phi-3's.
 * @param tensor the bytes of a tensor of the folder, by name.
 * @throws AppError `model/unsupported-arch`, `tokenizer/bad-vocab`
 */
export function ggufFromMlc(
  config: Pick<ModelConfig, 'shape' | 'contextWindow' | 'template'>,
  tokenizerText: string,
  tensor: (name: string) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  if (!canBecomeGguf(config)) {
    throw new AppError(
      'model/unsupported-arch',
      'Only a 4-bit Phi-3 folder can be made into a GGUF file: choose a GGUF file of this model.',
    );
  }
  const { shape, contextWindow } = config;
  const tensors = modelTensors(shape);
  const matrix = (name: string, { name: from, rows, cols }: MatrixSpec): WrittenTensor => ({
    name,
    type: 'q4_0',
    shape: [rows, cols],
    bytes: blocksOf(tensor(`${from}.q_weight`), tensor(`${from}.q_scale`)),
  });
  const norm = (name: string, from: string): WrittenTensor => ({
    name,
    type: 'f32',
    shape: [shape.hidden],
    bytes: widened(tensor(from)),
  });
  const metadata: Record<string, WrittenValue> = {
    'general.architecture': 'phi3',
    // llama.cpp knows by the name that white space after Phi-3's tags belongs to them.
    'general.name': 'phi3',
    'phi3.context_length': contextWindow,
    'phi3.embedding_length': shape.hidden,
    'phi3.block_count': shape.layers,
    'phi3.feed_forward_length': shape.intermediate,
    'phi3.attention.head_count': shape.heads,
    'phi3.attention.head_count_kv': shape.kvHeads,
    'phi3.attention.layer_norm_rms_epsilon': { float: shape.rmsNormEps },
    'phi3.attention.sliding_window': shape.slidingWindow ?? 0,
    'phi3.rope.dimension_count': shape.rotaryDim,
    'phi3.rope.freq_base': { float: shape.ropeTheta },
    ...vocabularyOf(tokenizerText, config),
  };
  return writeGguf(metadata, [
    matrix('token_embd.weight', tensors.embedding),
    ...tensors.layers.flatMap((layer, i) => [
      norm(`blk.${i}.attn_norm.weight`, layer.inputNorm),
      matrix(`blk.${i}.attn_qkv.weight`, layer.qkv),
      matrix(`blk.${i}.attn_output.weight`, layer.out),
      norm(`blk.${i}.ffn_norm.weight`, layer.postNorm),
      matrix(`blk.${i}.ffn_up.weight`, layer.gateUp),
      matrix(`blk.${i}.ffn_down.weight`, layer.down),
    ]),
    norm('output_norm.weight', tensors.norm),
    ...(shape.tied ? [] : [matrix('output.weight', tensors.lmHead)]),
  ]);
}

const { bytes: blockBytes } = ggufTypes.q4_0;

/** @param words q_weight: 16 bytes a group, weight 2j in the low half of byte j. @param scales q_scale, f16. */
function blocksOf(words: Uint8Array, scales: Uint8Array): Uint8Array<ArrayBuffer> {
  const groups = scales.byteLength / 2;
  invariant(words.byteLength === groups * groupBytes, 'Codes and scales are of one matrix');
  const out = new Uint8Array(groups * blockBytes);
  for (let group = 0; group < groups; group++) {
    const at = group * blockBytes;
    out[at] = scales[2 * group] ?? 0;
    out[at + 1] = (scales[2 * group + 1] ?? 0) ^ 0x80;
    putCodes(words, group * groupBytes, out, at + 2);
  }
  return out;
}

/** Halves as whole numbers of 32 bits: which norms are in GGUF. */
function widened(halves: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(halves.buffer, halves.byteOffset, halves.byteLength);
  const out = new Float32Array(halves.byteLength / 2);
  for (let i = 0; i < out.length; i++) out[i] = f16ToNumber(view.getUint16(2 * i, true));
  return new Uint8Array(out.buffer);
}

/** Pieces with scores in the order of their merges, so that SentencePiece's way of merging merges alike. */
function vocabularyOf(
  text: string,
  { shape, template }: Pick<ModelConfig, 'shape' | 'template'>,
): Record<string, WrittenValue> {
  const root = parseJsonObject(text, source, { maxChars: 64 * 2 ** 20, maxDepth: 12 });
  const vocab = root.fields('model').raw('vocab') as Readonly<Record<string, number>>;
  const merges = root.fields('model').raw('merges') as readonly (string | readonly [string, string])[];
  const added = root
    .objects('added_tokens', 4096)
    .map((token) => token.integer('id', { min: 0, max: shape.vocab }));
  const tokens = Array.from({ length: shape.vocab }, (_, id) => `[PAD${id}]`);
  for (const [piece, id] of Object.entries(vocab)) if (id < tokens.length) tokens[id] = piece;
  root.objects('added_tokens', 4096).forEach((token, i) => {
    const id = added[i] ?? 0;
    if (id < tokens.length) tokens[id] = token.string('content', { maxChars: 256 });
  });
  const rank = new Map<string, number>();
  merges.forEach((merge, i) => {
    const whole = typeof merge === 'string' ? merge.replace(' ', '') : merge.join('');
    if (!rank.has(whole)) rank.set(whole, i);
  });
  const control = new Set(added);
  return {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.scores': tokens.map((token) => -(rank.get(token) ?? merges.length) - 0.5),
    'tokenizer.ggml.token_type': tokens.map((token, id) => kindOf(token, control.has(id))),
    'tokenizer.ggml.bos_token_id': template.systemPrefixTokenIds[0] ?? 1,
    'tokenizer.ggml.eos_token_id': template.stopTokenIds.at(-1) ?? 2,
    'tokenizer.ggml.unknown_token_id': 0,
    'tokenizer.ggml.add_bos_token': template.systemPrefixTokenIds.length > 0,
    'tokenizer.ggml.add_space_prefix': true,
  };
}

/** Ordinary, unknown, control, byte, or a row that no token has. */
function kindOf(token: string, isControl: boolean): number {
  if (token === '<unk>') return 2;
  if (isControl) return 3;
  if (/^<0x[0-9A-F]{2}>$/.test(token)) return 6;
  return token.startsWith('[PAD') ? 5 : 1;
}
