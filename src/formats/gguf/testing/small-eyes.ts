// What a model of a few thousand weights sees by, as a GGUF file: a seeded vision tower of llama.cpp's kind `idefics3`
// (SmolVLM's), and the small model that goes with it, whose vocabulary has the tags that llama.cpp puts around a picture.
import { prng } from '../../../base/prng';
import { writeGguf, type WrittenTensor, type WrittenValue } from '../write-gguf';
import { randomMatrix } from '../random-blocks';
import { smallGguf, smallTokens, type SmallModel } from './small-model';

export interface SmallEyes {
  /** Width of the text model. */
  readonly hidden?: number;
  readonly seed?: number;
  readonly metadata?: Readonly<Record<string, WrittenValue>>;
  /** Left out of the file. */
  readonly without?: string;
}

const [imageSize, patchSize, merge, width, inside, heads, layers] = [32, 8, 2, 32, 64, 2, 2];

export function smallEyes({
  hidden = 64,
  seed = 1,
  metadata = {},
  without = '',
}: SmallEyes = {}): Uint8Array<ArrayBuffer> {
  const random = prng(seed);
  const floats = (name: string, shape: readonly number[], value: () => number): WrittenTensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    const numbers = Float32Array.from({ length: count }, value);
    return { name, type: 'f32', shape, bytes: new Uint8Array(numbers.buffer) };
  };
  // Rows keep the size of what they are multiplied with.
  const matrix = (name: string, rows: number, ...inner: number[]): WrittenTensor => {
    const size = Math.sqrt(3 / inner.reduce((product, count) => product * count, 1));
    return floats(name, [rows, ...inner], () => size * (2 * random() - 1));
  };
  const norm = (name: string): WrittenTensor[] => [
    floats(`${name}.weight`, [width], () => 0.5 + random()),
    floats(`${name}.bias`, [width], () => 0.2 * random() - 0.1),
  ];
  const linear = (name: string, rows: number, cols: number): WrittenTensor[] => [
    matrix(`${name}.weight`, rows, cols),
    floats(`${name}.bias`, [rows], () => 0.2 * random() - 0.1),
  ];
  const patches = (imageSize / patchSize) ** 2;
  const tensors = [
    matrix('v.patch_embd.weight', width, 3, patchSize, patchSize),
    floats('v.patch_embd.bias', [width], () => 0),
    floats('v.position_embd.weight', [patches, width], () => 0.4 * random() - 0.2),
    ...Array.from({ length: layers }, (_, i) => `v.blk.${i}`).flatMap((layer) => [
      ...norm(`${layer}.ln1`),
      ...norm(`${layer}.ln2`),
      ...['q', 'k', 'v', 'out'].flatMap((name) => linear(`${layer}.attn_${name}`, width, width)),
      ...linear(`${layer}.ffn_up`, inside, width),
      ...linear(`${layer}.ffn_down`, width, inside),
    ]),
    ...norm('v.post_ln'),
    matrix('mm.model.fc.weight', hidden, width * merge ** 2),
  ];
  return writeGguf(
    {
      'general.architecture': 'clip',
      'general.name': 'Small eyes',
      'clip.has_vision_encoder': true,
      'clip.projector_type': 'idefics3',
      'clip.use_gelu': true,
      'clip.vision.image_size': imageSize,
      'clip.vision.patch_size': patchSize,
      'clip.vision.embedding_length': width,
      'clip.vision.feed_forward_length': inside,
      'clip.vision.block_count': layers,
      'clip.vision.attention.head_count': heads,
      'clip.vision.attention.layer_norm_epsilon': 0.000001,
      'clip.vision.projection_dim': hidden,
      'clip.vision.projector.scale_factor': merge,
      'clip.vision.preproc_image_size': imageSize,
      'clip.vision.image_mean': [0.5, 0.5, 0.5],
      'clip.vision.image_std': [0.5, 0.5, 0.5],
      ...metadata,
    },
    tensors.filter(({ name }) => name !== without),
  );
}

/** Tags around a picture and its only tile, and the empty line before it, in the letters of a vocabulary of bytes. */
const tags = ['<fake_token_around_image>', '<global-img>', '<row_1_col_1>'];
const emptyLine = 'ĊĊ';

/** A small model that such eyes were made for. It says letters only, and which ones hangs on all that it has read. */
export function smallSeeing(options: SmallModel = {}): Uint8Array<ArrayBuffer> {
  const { hidden = 64, seed = 1 } = options;
  const tokens = [...smallTokens, emptyLine, ...tags];
  const bytes = randomMatrix('q8_0', tokens.length, hidden, prng(seed));
  const rowBytes = bytes.byteLength / tokens.length;
  // Of what has no letter, a logit of nothing.
  for (const [id, token] of tokens.entries())
    if (!/^[a-z]$/.test(token)) bytes.fill(0, id * rowBytes, (id + 1) * rowBytes);
  return smallGguf({
    // The codes of this type lie around nothing: what was read is not drowned in one direction.
    type: () => 'q8_0',
    ...options,
    vocab: tokens.length,
    extra: [{ name: 'output.weight', type: 'q8_0', shape: [tokens.length, hidden], bytes }],
    metadata: {
      'llama.context_length': 1024,
      // As converters write it, which llama.cpp insists on.
      'llama.rope.freq_base': { float: 10_000 },
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': tokens.map((token, id) => (id < 3 || tags.includes(token) ? 3 : 1)),
      'tokenizer.ggml.merges': ['t h', 'Ċ Ċ'],
      ...options.metadata,
    },
  });
}
