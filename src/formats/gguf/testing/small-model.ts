// A model of a few thousand weights as a GGUF file: any architecture, any mix of types, seeded.
import { prng } from '../../../base/prng';
import type { BlockType } from '../types';
import { writeGguf, type WrittenTensor, type WrittenValue } from '../write-gguf';
import { randomBlocks, randomMatrix } from '../random-blocks';

export interface SmallModel {
  readonly architecture?: string;
  readonly layers?: number;
  readonly hidden?: number;
  readonly intermediate?: number;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly tied?: boolean;
  /** Rows of the embedding, where `metadata` has other tokens. */
  readonly vocab?: number;
  readonly seed?: number;
  /** Of the tensor of that name, without `blk.N.` and `.weight`. */
  readonly type?: (name: string) => BlockType;
  readonly metadata?: Readonly<Record<string, WrittenValue>>;
  readonly extra?: readonly WrittenTensor[];
}

/** Printable ASCII as bytes, three tags, and merges of none: every text has ids. */
const bytes = Array.from({ length: 256 }, (_, byte) => {
  const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  return { byte, printable };
});
let next = 0x100;
const letters = bytes.map(({ byte, printable }) => String.fromCodePoint(printable ? byte : next++));
export const smallTokens: readonly string[] = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  ...letters,
  'th',
];

export const chatMl =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

export function smallGguf({
  architecture = 'llama',
  layers = 2,
  hidden = 64,
  intermediate = 96,
  heads = 4,
  kvHeads = 2,
  tied = true,
  vocab = smallTokens.length,
  seed = 1,
  type = () => 'q4_1',
  metadata = {},
  extra = [],
}: SmallModel = {}): Uint8Array<ArrayBuffer> {
  const random = prng(seed);
  const headDim = hidden / heads;
  const tensor = (name: string, rows: number, cols: number): WrittenTensor => {
    const kind = type(name.replace(/^blk\.\d+\.|\.weight$/g, ''));
    return { name, type: kind, shape: [rows, cols], bytes: randomMatrix(kind, rows, cols, random) };
  };
  const floats = (name: string, length: number, size: number): WrittenTensor => ({
    name,
    type: 'f32',
    shape: [length],
    bytes: randomBlocks('f32', length, random, size),
  });
  const tensors: WrittenTensor[] = [
    tensor('token_embd.weight', vocab, hidden),
    floats('output_norm.weight', hidden, 1),
  ];
  for (let i = 0; i < layers; i++) {
    const layer = `blk.${i}`;
    const [q, kv] = [heads * headDim, kvHeads * headDim];
    tensors.push(
      floats(`${layer}.attn_norm.weight`, hidden, 1),
      floats(`${layer}.ffn_norm.weight`, hidden, 1),
    );
    if (architecture === 'phi3') {
      tensors.push(tensor(`${layer}.attn_qkv.weight`, q + 2 * kv, hidden));
      tensors.push(tensor(`${layer}.ffn_up.weight`, 2 * intermediate, hidden));
    } else {
      tensors.push(
        tensor(`${layer}.attn_q.weight`, q, hidden),
        tensor(`${layer}.attn_k.weight`, kv, hidden),
        tensor(`${layer}.attn_v.weight`, kv, hidden),
        tensor(`${layer}.ffn_gate.weight`, intermediate, hidden),
        tensor(`${layer}.ffn_up.weight`, intermediate, hidden),
      );
    }
    if (architecture === 'qwen2')
      tensors.push(
        floats(`${layer}.attn_q.bias`, q, 0.3),
        floats(`${layer}.attn_k.bias`, kv, 0.3),
        floats(`${layer}.attn_v.bias`, kv, 0.3),
      );
    tensors.push(
      tensor(`${layer}.attn_output.weight`, hidden, q),
      tensor(`${layer}.ffn_down.weight`, hidden, intermediate),
    );
  }
  if (!tied) tensors.push(tensor('output.weight', vocab, hidden));
  return writeGguf(
    {
      'general.architecture': architecture,
      'general.name': 'Small',
      [`${architecture}.block_count`]: layers,
      [`${architecture}.context_length`]: 256,
      [`${architecture}.embedding_length`]: hidden,
      [`${architecture}.feed_forward_length`]: intermediate,
      [`${architecture}.attention.head_count`]: heads,
      [`${architecture}.attention.head_count_kv`]: kvHeads,
      [`${architecture}.attention.layer_norm_rms_epsilon`]: 0.00001,
      [`${architecture}.rope.freq_base`]: 10000,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'smollm',
      'tokenizer.ggml.tokens': smallTokens,
      'tokenizer.ggml.token_type': smallTokens.map((_, id) => (id < 3 ? 3 : 1)),
      'tokenizer.ggml.merges': ['t h'],
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.chat_template': chatMl,
      ...metadata,
    },
    [...tensors, ...extra],
  );
}
