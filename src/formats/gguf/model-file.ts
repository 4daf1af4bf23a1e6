// A model in GGUF: one file, or the parts of one that was split. Its heads are read first, by ranges, and kept as one
// small text beside the bytes, so that everything a model's card and its loading need is known before anything big.
import { AppError } from '../../base/errors';
import { Fields, parseJsonObject, type JsonSource } from '../json';
import { dequantizeBlocks } from './dequantize';
import {
  badGguf,
  parseHeader,
  maxHeaderBytes,
  type GgufHeader,
  type GgufTensor,
  type GgufValue,
} from './header';
import { isFloatType, type GgufType } from './types';

export interface GgufFile {
  readonly name: string;
  readonly nbytes: number;
  readonly header: GgufHeader;
}

export interface GgufModel {
  readonly files: readonly GgufFile[];
  /** What it sees by: a file of its own, chosen together with these. */
  readonly eyes?: GgufFile;
  /** Of the first file: the others of a split model have nothing but tensors. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly types: Readonly<Record<string, GgufType>>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** Numbers of the small tensors that the shape hangs on, by name: factors of the rotary embedding. */
  readonly factors: ReadonlyMap<string, readonly number[]>;
}

/** Bytes of one file, by range. */
export interface GgufSource {
  readonly nbytes: number;
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What the text of the heads is stored under. */
export const ggufHeadFile = 'gguf-head.json';

const headOf = ({ name, nbytes, head }: StoredHead): StoredHead => ({ name, nbytes, head });
const factorNames = ['rope_freqs.weight', 'rope_factors_long.weight', 'rope_factors_short.weight'];
const maxFactors = 1024;
const maxFiles = 64;
const firstReadBytes = 2 ** 20;
const source: JsonSource = { file: ggufHeadFile, code: 'model/bad-gguf', advice: 'Import the file again.' };

/** The names of all parts, of which one is given; itself alone where it is not of a split model. */
export function partNames(name: string): readonly string[] {
  const [, stem, , count = '0'] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(name) ?? [];
  if (stem === undefined) return [name];
  if (Number(count) < 1 || Number(count) > maxFiles)
    throw badGguf(`says it is one of ${Number(count)} parts`, { parts: Number(count) });
  return Array.from(
    { length: Number(count) },
    (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
}

/**
 * Reads the heads, and the text that they are kept as.
 * @param open gives the part of that name.
 * @param eyes name of the file that it sees by, where it has one.
 * @throws AppError `model/bad-gguf`, `model/unsupported-arch`, and what `open` and its reads throw
 */
export async function readHeads(
  name: string,
  open: (name: string) => Promise<GgufSource>,
  eyes?: string,
): Promise<{ readonly model: GgufModel; readonly text: string }> {
  const files: StoredHead[] = [];
  const factors: Record<string, number[]> = {};
  let headBytes = 0;
  const read = async (part: string): Promise<StoredHead & { from: GgufSource; header: GgufHeader }> => {
    const from = await open(part);
    const { header, bytes } = await readHead(from);
    headBytes += bytes.byteLength;
    if (headBytes > maxHeaderBytes) throw badGguf(`has heads of ${headBytes} bytes`, { headBytes });
    return { name: part, nbytes: from.nbytes, head: toBase64(bytes), from, header };
  };
  for (const part of partNames(name)) {
    const { from, header, ...file } = await read(part);
    files.push(file);
    for (const tensor of header.tensors) {
      if (!factorNames.includes(tensor.name) || tensor.nbytes > 4 * maxFactors) continue;
      if (!isFloatType(tensor.type)) throw badGguf(`has ${tensor.name} in ${tensor.type.toUpperCase()}`);
      const data = await from.read(tensor.byteOffset, tensor.byteOffset + tensor.nbytes);
      factors[tensor.name] = [...dequantizeBlocks(tensor.type, data)];
    }
  }
  const seesBy = eyes === undefined ? {} : { eyes: headOf(await read(eyes)) };
  const text = JSON.stringify({ version: 1, files, factors, ...seesBy });
  return { model: parseHeads(text), text };
}

interface StoredHead {
  readonly name: string;
  readonly nbytes: number;
  /** Its bytes in base64. */
  readonly head: string;
}

export async function readHead(from: GgufSource): Promise<{ header: GgufHeader; bytes: Uint8Array }> {
  let bytes = new Uint8Array(0);
  for (let wanted = firstReadBytes; ; wanted *= 2) {
    const end = Math.min(wanted, from.nbytes, maxHeaderBytes);
    const more = await from.read(bytes.byteLength, end);
    if (bytes.byteLength + more.byteLength !== end || more.byteLength === 0)
      throw badGguf('ends in the middle of its head', { fileBytes: from.nbytes });
    const joined = new Uint8Array(end);
    joined.set(bytes);
    joined.set(more, bytes.byteLength);
    bytes = joined;
    const header = parseHeader(bytes, from.nbytes);
    if (typeof header !== 'number')
      return { header, bytes: bytes.subarray(0, Math.min(header.dataOffset, end)) };
    wanted = Math.max(wanted, header / 2);
  }
}

/** What readHeads made, read again. @throws AppError `model/bad-gguf` */
export function parseHeads(text: string): GgufModel {
  const root = parseJsonObject(text, source, { maxChars: 128 * 2 ** 20, maxDepth: 6 });
  const fileIn = (fields: Fields): GgufFile => {
    const nbytes = fields.integer('nbytes', { min: 1, max: Number.MAX_SAFE_INTEGER });
    const header = parseHeader(fromBase64(fields.raw('head')), nbytes);
    if (typeof header === 'number') throw badGguf('has lost the end of its head');
    return { name: fields.string('name', { maxChars: 255 }), nbytes, header };
  };
  const files = root.objects('files', maxFiles).map(fileIn);
  const eyes = root.has('eyes') ? { eyes: fileIn(root.fields('eyes')) } : {};
  const [first] = files;
  if (!first) throw badGguf('has no parts');
  const { metadata } = first.header;
  const tensors = new Map<string, GgufTensor>();
  for (const { header } of files) {
    for (const tensor of header.tensors) {
      if (tensors.has(tensor.name)) throw badGguf(`has the tensor ${tensor.name} in two parts`);
      tensors.set(tensor.name, tensor);
    }
  }
  const counted = metadata.get('split.tensors.count');
  if (files.length > 1 && typeof counted === 'number' && counted !== tensors.size)
    throw badGguf(`has ${tensors.size} of its ${counted} tensors`, { tensors: tensors.size });
  const types = Object.fromEntries([...tensors].map(([name, { type }]) => [name, type]));
  return { files, ...eyes, metadata, tensors, types, factors: readFactors(root.fields('factors')) };
}

function readFactors(fields: Fields): ReadonlyMap<string, readonly number[]> {
  return new Map(
    factorNames
      .filter((name) => fields.has(name))
      .map((name) => [name, fields.numbers(name, maxFactors, { min: 1e-6, max: 1e6 })]),
  );
}

/**
 * In the schema of an MLC folder's manifest, which the store goes by: each file a shard, its tensors by their places.
 * What the model sees by is a shard without any: our engine has no use for them, and none may stand in for one of its own.
 */
export function manifestOf({ files, eyes }: GgufModel): string {
  return JSON.stringify({
    metadata: {},
    records: [...files, ...(eyes ? [{ ...eyes, header: { tensors: [] } }] : [])].map(
      ({ name, nbytes, header }) => ({
        dataPath: name,
        format: 'raw-shard',
        nbytes,
        records: header.tensors.map((tensor) => ({
          name: tensor.name,
          shape: tensor.shape,
          dtype: tensor.type,
          format: 'raw',
          nbytes: tensor.nbytes,
          byteOffset: tensor.byteOffset,
        })),
      }),
    ),
  });
}

/** A name that a store and an address can carry as it is. @throws AppError `network/bad-address` */
export function checkPartName(name: string): void {
  if (/^[\w-][\w.-]*\.gguf$/i.test(name) && !name.includes('..')) return;
  throw new AppError('network/bad-address', `${name} is no plain name of a .gguf file: rename it.`, {
    details: { file: name },
  });
}

const chunk = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.byteLength; at += chunk)
    binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary);
}

function fromBase64(text: unknown): Uint8Array {
  try {
    if (typeof text !== 'string') throw new TypeError('No text');
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch (cause) {
    throw new AppError('model/bad-gguf', 'The stored head of this GGUF file is damaged: import it again.', {
      cause,
    });
  }
}
