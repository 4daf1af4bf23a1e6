// The head of a GGUF file: what it says of itself, and where its tensors lie. Files come from any address and any
// stick, so every count, length and offset is held against what the file can hold before anything is made of it.
// Layout: ggml docs/gguf.md, versions 2 and 3.
import { AppError } from '../../base/errors';
import { ggufTypes, nameOfId, typeOfId, type GgufType } from './types';

export type GgufScalar = string | number | boolean;
export type GgufValue = GgufScalar | readonly GgufScalar[];

export interface GgufTensor {
  readonly name: string;
  readonly type: GgufType;
  /** Outermost first, as everywhere here; the file has them innermost first. */
  readonly shape: readonly number[];
  readonly nbytes: number;
  /** From the start of the file. */
  readonly byteOffset: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Where the tensors' bytes begin; the head ends before. */
  readonly dataOffset: number;
}

/** Longest head that is read: a vocabulary of a quarter million is 12 MB. */
export const maxHeaderBytes = 32 * 2 ** 20;
const maxEntries = 4096;
/** Of all lists together: a vocabulary of a quarter million has four lists of about its length. */
const maxItems = 4 * 2 ** 20;
const maxTensors = 20_000;
const maxKeyBytes = 4096;
const maxDims = 4;
const maxWeights = 2 ** 36;

export function badGguf(problem: string, details: Record<string, string | number> = {}): AppError {
  return new AppError('model/bad-gguf', `This GGUF file ${problem}. Fetch it again, or choose another one.`, {
    details,
  });
}

/**
 * @param bytes the file's first bytes, as many as are here.
 * @param fileBytes of the whole file.
 * @returns the head, or how many bytes are needed at least to read on.
 * @throws AppError `model/bad-gguf`; `model/unsupported-arch` for a type of tensor that is not read.
 */
export function parseHeader(bytes: Uint8Array, fileBytes: number): GgufHeader | number {
  try {
    return new HeadReader(bytes, fileBytes).read();
  } catch (thrown) {
    if (!(thrown instanceof NeedsMore)) throw thrown;
    if (thrown.bytes > fileBytes) throw badGguf('ends in the middle of its head', { fileBytes });
    if (thrown.bytes > maxHeaderBytes)
      throw badGguf(`has a head of more than ${maxHeaderBytes} bytes`, { headerBytes: thrown.bytes });
    return thrown.bytes;
  }
}

class NeedsMore extends Error {
  constructor(readonly bytes: number) {
    super();
  }
}

/** The value types of GGUF in the order of their numbers, and their bytes; those of strings and arrays at least. */
const valueTypes = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'bool',
  'string',
  'array',
  'u64',
  'i64',
  'f64',
] as const;
type ValueType = (typeof valueTypes)[number];
const leastBytes: Readonly<Record<ValueType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  string: 8,
  array: 12,
  u64: 8,
  i64: 8,
  f64: 8,
};

class HeadReader {
  private at = 0;
  private items = 0;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly fileBytes: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): GgufHeader {
    if (this.number('u32') !== 0x46554747) throw badGguf('does not begin as one: it is something else');
    const version = this.number('u32');
    if (version !== 2 && version !== 3) throw badGguf(`is of version ${version}; versions 2 and 3 are read`);
    const tensorCount = this.count('tensors', maxTensors, 24);
    const entryCount = this.count('entries', maxEntries, 13);
    const metadata = new Map<string, GgufValue>();
    for (let i = 0; i < entryCount; i++) {
      const key = this.string(maxKeyBytes);
      if (metadata.has(key)) throw badGguf(`has ${key} twice`);
      metadata.set(key, this.value(key, this.type(key)));
    }
    const alignment = metadata.get('general.alignment') ?? 32;
    const isPowerOfTwo = typeof alignment === 'number' && Number.isInteger(Math.log2(alignment));
    if (!isPowerOfTwo || alignment < 1 || alignment > 65_536)
      throw badGguf(`aligns its tensors to ${String(alignment)} bytes, which is no power of two`);
    const infos = Array.from({ length: tensorCount }, () => this.tensor());
    const dataOffset = Math.ceil(this.at / alignment) * alignment;
    const tensors = infos.map(({ offset, ...info }) => {
      if (offset % alignment !== 0) throw badGguf(`has ${info.name} at a place that is not aligned`);
      const byteOffset = dataOffset + offset;
      if (byteOffset + info.nbytes > this.fileBytes)
        throw badGguf(`ends before its tensor ${info.name} does`, {
          tensor: info.name,
          fileBytes: this.fileBytes,
        });
      return { ...info, byteOffset };
    });
    checkApart(tensors);
    return { version, metadata, tensors, dataOffset };
  }

  private tensor(): Omit<GgufTensor, 'byteOffset'> & { readonly offset: number } {
    const name = this.string(maxKeyBytes);
    const dims = this.number('u32');
    if (dims < 1 || dims > maxDims) throw badGguf(`gives ${name} ${dims} dimensions`);
    const inner = Array.from({ length: dims }, () => this.number('u64'));
    const typeId = this.number('u32');
    const offset = this.number('u64');
    const type = typeOfId(typeId);
    if (!type) {
      throw new AppError(
        'model/unsupported-arch',
        `The tensor ${name} is of type ${nameOfId(typeId)}, which this engine does not read: choose another file of the model, such as Q4_K_M.`,
        { details: { tensor: name, type: nameOfId(typeId) } },
      );
    }
    let weights = 1;
    for (const size of inner) {
      weights *= size;
      if (!(size >= 1 && weights <= maxWeights))
        throw badGguf(`gives ${name} the shape [${inner.join(', ')}]`);
    }
    const block = ggufTypes[type];
    if ((inner[0] ?? 0) % block.weights !== 0)
      throw badGguf(`has rows of ${inner[0] ?? 0} in ${name}, which blocks of ${block.weights} do not fill`);
    return { name, type, shape: inner.reverse(), nbytes: (weights / block.weights) * block.bytes, offset };
  }

  private type(key: string): ValueType {
    const id = this.number('u32');
    const type = valueTypes[id];
    if (!type) throw badGguf(`has a value of unknown type ${id} under ${key}`);
    return type;
  }

  private value(key: string, type: ValueType): GgufValue {
    if (type !== 'array') return this.scalar(type);
    const of = this.type(key);
    if (of === 'array') throw badGguf(`has lists of lists under ${key}`);
    const length = this.count(key, maxItems - this.items, leastBytes[of]);
    this.items += length;
    return Array.from({ length }, () => this.scalar(of));
  }

  private scalar(type: Exclude<ValueType, 'array'>): GgufScalar {
    if (type === 'string') return this.string(maxHeaderBytes);
    if (type === 'bool') return this.number('u8') !== 0;
    return this.number(type);
  }

  /** Of things that take so many bytes at least: more than the head may have are refused before any is read. */
  private count(what: string, most: number, eachBytes: number): number {
    const count = this.number('u64');
    if (count > most || count * eachBytes > maxHeaderBytes)
      throw badGguf(`counts ${count} ${what}`, { count });
    this.need(count * eachBytes);
    return count;
  }

  private string(mostBytes: number): string {
    const length = this.number('u64');
    if (length > mostBytes) throw badGguf(`has a text of ${length} bytes in its head`, { length });
    this.need(length);
    const text = this.utf8.decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }

  private number(type: Exclude<ValueType, 'string' | 'array' | 'bool'>): number {
    const size = leastBytes[type];
    this.need(size);
    const { view, at } = this;
    this.at += size;
    switch (type) {
      case 'u8':
        return view.getUint8(at);
      case 'i8':
        return view.getInt8(at);
      case 'u16':
        return view.getUint16(at, true);
      case 'i16':
        return view.getInt16(at, true);
      case 'u32':
        return view.getUint32(at, true);
      case 'i32':
        return view.getInt32(at, true);
      case 'f32':
        return view.getFloat32(at, true);
      case 'f64':
        return view.getFloat64(at, true);
      // Past 2^53 neighbours fall together; no count or offset of a file that exists is there.
      case 'u64':
        return Number(view.getBigUint64(at, true));
      case 'i64':
        return Number(view.getBigInt64(at, true));
    }
  }

  private need(count: number): void {
    if (this.at + count > this.bytes.byteLength) throw new NeedsMore(this.at + count);
  }
}

function checkApart(tensors: readonly GgufTensor[]): void {
  const names = new Set<string>();
  let end = 0;
  for (const { name, byteOffset, nbytes } of [...tensors].sort((a, b) => a.byteOffset - b.byteOffset)) {
    if (names.has(name)) throw badGguf(`has the tensor ${name} twice`);
    names.add(name);
    if (byteOffset < end) throw badGguf(`has another tensor where ${name} lies`);
    end = byteOffset + nbytes;
  }
}
