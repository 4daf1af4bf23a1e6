// Seeded weights of any shape, in MLC's layout or in a GGUF file's blocks: for tests and benches, never for answers. Sizes
// are such that activations stay near 1, as in a trained model.
import { numberToBf16, numberToF16 } from '../../base/float16';
import { prng } from '../../base/prng';
import { randomBlocks, randomMatrix } from '../../formats/gguf/random-blocks';
import { isBlockType } from '../../formats/gguf/types';
import type { TensorRecord } from '../../formats/mlc/manifest';
import type { ModelShape } from '../../formats/model-config';
import { tensorSpecs, type TensorSpec } from '../../formats/decoder-tensors';

export interface SyntheticTensor {
  readonly record: TensorRecord;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Every tensor of the shape, one at a time, in manifest order; the same seed gives the same bytes. */
export function* syntheticTensors(shape: ModelShape, seed: number): Generator<SyntheticTensor> {
  let byteOffset = 0;
  let index = 0;
  for (const spec of tensorSpecs(shape)) {
    if (shape.types) {
      const { name, shape: sizes, dtype, nbytes } = spec;
      yield {
        record: { name, shape: sizes, dtype, format: 'raw', nbytes, byteOffset },
        bytes: blocks(spec, prng(seed * 7919 + index++)),
      };
      byteOffset += nbytes;
      continue;
    }
    const f32 = shape.quantization === 'q4f32_1' && spec.part !== 'q_weight';
    const dtype = spec.part === 'q_weight' ? 'uint32' : f32 ? 'float32' : 'float16';
    const { name, shape: sizes, nbytes } = spec;
    const record: TensorRecord = { name, shape: sizes, dtype, format: 'f32-to-bf16', nbytes, byteOffset };
    byteOffset += nbytes;
    yield { record, bytes: fill(spec, f32 ? numberToBf16 : numberToF16, prng(seed * 7919 + index++)) };
  }
}

function blocks(
  { dtype, shape: [rows = 1, cols = 1] }: TensorSpec,
  random: () => number,
): Uint8Array<ArrayBuffer> {
  if (isBlockType(dtype)) return randomMatrix(dtype, rows, cols, random);
  return randomBlocks('f32', rows, random, 1);
}

function fill(
  spec: TensorSpec,
  encode: (x: number) => number,
  random: () => number,
): Uint8Array<ArrayBuffer> {
  if (spec.part === 'q_weight') {
    const words = new Uint32Array(spec.nbytes / 4);
    for (let i = 0; i < words.length; i++) words[i] = codes(random);
    return new Uint8Array(words.buffer);
  }
  const halves = new Uint16Array(spec.nbytes / 2);
  // Codes -7..7 have a deviation of 4.2; times this scale a row of `cols` inputs keeps the size of x.
  const cols = (spec.shape[1] ?? 1) * 32;
  const middle = { norm: 1, bias: 0.3 }[spec.part as string] ?? 1 / (4.2 * Math.sqrt(cols));
  for (let i = 0; i < halves.length; i++) halves[i] = encode(middle * (0.7 + 0.6 * random()));
  return new Uint8Array(halves.buffer);
}

/** Eight codes 0..14, since a quantiser never produces 15; their mean is 7, which stands for 0. */
function codes(random: () => number): number {
  const word = Math.floor(random() * 0x1_0000_0000);
  // Each 15 loses its highest bit.
  const fifteen = word & (word >>> 1) & (word >>> 2) & (word >>> 3) & 0x11111111;
  return (word ^ (fifteen << 3)) >>> 0;
}
