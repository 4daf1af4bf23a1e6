// A file as Microsoft publishes it, Phi-3-mini in Q4_K_M, with seeded weights: blocks are made once and come again and again.
import { closeSync, openSync, writeSync } from 'node:fs';
import { prng } from '../../src/base/prng';
import { tensorSpecs } from '../../src/formats/decoder-tensors';
import { ggufTypes, type GgufType } from '../../src/formats/gguf/types';
import { chatMl, smallTokens } from '../../src/formats/gguf/testing/small-model';
import { randomBlocks } from '../../src/formats/gguf/random-blocks';
import { ggufHead, paddedBytes } from '../../src/formats/gguf/write-gguf';
import { mixedBlocks, shapes } from '../decode';

/** Weights of the blocks that are made of each type. */
const madeWeights = 1 << 20;

/** @returns bytes written. */
export function writePhi3Gguf(path: string, layers: number): number {
  const full = shapes['phi-3-mini'];
  if (!full) throw new Error('There is no shape of Phi-3-mini.');
  const shape = mixedBlocks({ ...full, layers }, full.layers);
  const tensors = tensorSpecs(shape).map(({ name, dtype, shape: size, nbytes }) => ({
    name,
    // Of a GGUF's shape they are all the file's own types.
    type: dtype as GgufType,
    shape: size,
    nbytes,
  }));
  const tokens = [
    ...smallTokens,
    ...Array.from({ length: shape.vocab - smallTokens.length }, (_, i) => `tok${i}`),
  ];
  const key = (name: string): string => `phi3.${name}`;
  const head = ggufHead(
    {
      'general.architecture': 'phi3',
      'general.name': 'Phi-3-mini, seeded',
      [key('block_count')]: layers,
      [key('context_length')]: 4096,
      [key('embedding_length')]: shape.hidden,
      [key('feed_forward_length')]: shape.intermediate,
      [key('attention.head_count')]: shape.heads,
      [key('attention.head_count_kv')]: shape.kvHeads,
      [key('attention.layer_norm_rms_epsilon')]: 0.00001,
      [key('rope.dimension_count')]: shape.rotaryDim,
      [key('rope.freq_base')]: 10000,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'smollm',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': tokens.map((_, id) => (id < 3 ? 3 : 1)),
      'tokenizer.ggml.merges': ['t h'],
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.chat_template': chatMl,
    },
    tensors,
  );
  const random = prng(15);
  const made = new Map<GgufType, Uint8Array>();
  const file = openSync(path, 'w');
  let written = writeSync(file, head);
  for (const [index, { type, nbytes }] of tensors.entries()) {
    let blocks = made.get(type);
    if (!blocks) made.set(type, (blocks = randomBlocks(type, madeWeights, random)));
    // Each tensor begins at another of them.
    let at = ((index * 977) % (madeWeights / ggufTypes[type].weights)) * ggufTypes[type].bytes;
    for (let left = nbytes; left > 0; at = 0) {
      const part = blocks.subarray(at, Math.min(blocks.length, at + left));
      left -= part.length;
      written += writeSync(file, part);
    }
    written += writeSync(file, new Uint8Array(paddedBytes(nbytes) - nbytes));
  }
  closeSync(file);
  return written;
}
