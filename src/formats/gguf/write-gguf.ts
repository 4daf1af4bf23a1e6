// Writes GGUF files: what a folder of another format is made into, and whatever tests ask for, right or wrong.
import { ggufTypes, type GgufType } from './types';

/** A bare whole number is written as one: `float` where a reader wants the other kind. */
export type WrittenValue =
  | string
  | number
  | boolean
  | { readonly float: number }
  | readonly string[]
  | readonly number[];

export interface WrittenTensor {
  readonly name: string;
  readonly type: GgufType;
  /** Outermost first. */
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

class Bytes {
  readonly parts: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.length += bytes.byteLength;
    return this;
  }
  u32(value: number): this {
    return this.add(new Uint8Array(Uint32Array.of(value).buffer));
  }
  u64(value: number): this {
    return this.add(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }
  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.u64(bytes.byteLength).add(bytes);
  }
  f32(value: number): this {
    return this.add(new Uint8Array(Float32Array.of(value).buffer));
  }
  pad(alignment: number): this {
    return this.add(new Uint8Array((alignment - (this.length % alignment)) % alignment));
  }
  joined(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      out.set(part, at);
      at += part.byteLength;
    }
    return out;
  }
}

/** Whole numbers become u32, others f32; lists of numbers i32 or f32. */
function addValue(out: Bytes, value: WrittenValue): void {
  if (typeof value === 'string') out.u32(8).text(value);
  else if (typeof value === 'boolean') out.u32(7).add(Uint8Array.of(Number(value)));
  else if (typeof value === 'number') {
    if (Number.isInteger(value)) out.u32(4).u32(value);
    else out.u32(6).f32(value);
  } else if ('float' in value) {
    out.u32(6).f32(value.float);
  } else {
    const texts = value.every((item) => typeof item === 'string');
    const whole = value.every((item) => Number.isInteger(item));
    out
      .u32(9)
      .u32(texts ? 8 : whole ? 5 : 6)
      .u64(value.length);
    for (const item of value) {
      if (typeof item === 'string') out.text(item);
      else if (whole) out.add(new Uint8Array(Int32Array.of(item).buffer));
      else out.f32(item);
    }
  }
}

/** A tensor whose bytes come later, behind the head. */
export type PlannedTensor = Omit<WrittenTensor, 'bytes'> & { readonly nbytes: number };

/** Every tensor begins at a multiple of this. */
const alignment = 32;

/** What comes before the tensors, each of which follows padded to `paddedBytes`. */
export function ggufHead(
  metadata: Readonly<Record<string, WrittenValue>>,
  tensors: readonly PlannedTensor[],
): Uint8Array<ArrayBuffer> {
  return headOf(metadata, tensors).joined();
}

export const paddedBytes = (nbytes: number): number => Math.ceil(nbytes / alignment) * alignment;

export function writeGguf(
  metadata: Readonly<Record<string, WrittenValue>>,
  tensors: readonly WrittenTensor[],
): Uint8Array<ArrayBuffer> {
  const planned = tensors.map((tensor) => ({ ...tensor, nbytes: tensor.bytes.byteLength }));
  const out = headOf(metadata, planned);
  for (const { bytes } of tensors) out.add(bytes).pad(alignment);
  return out.joined();
}

function headOf(metadata: Readonly<Record<string, WrittenValue>>, tensors: readonly PlannedTensor[]): Bytes {
  const out = new Bytes().u32(0x46554747).u32(3).u64(tensors.length).u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    out.text(key);
    addValue(out, value);
  }
  let offset = 0;
  for (const { name, type, shape, nbytes } of tensors) {
    out.text(name).u32(shape.length);
    for (const size of [...shape].reverse()) out.u64(size);
    out.u32(ggufTypes[type].id).u64(offset);
    offset = paddedBytes(offset + nbytes);
  }
  return out.pad(alignment);
}
