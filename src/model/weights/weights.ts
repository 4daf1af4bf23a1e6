// The weights on the GPU: buffers made once from the shape, filled from shard bytes as they arrive, kept packed. MLC's
// two tensors a matrix go into its two buffers as they are; blocks of a GGUF go through block-planes.ts.
import { AppError, invariant } from '../../base/errors';
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import { groupBytes } from '../../formats/mlc/as-q4_0';
import type { TensorRecord } from '../../formats/mlc/manifest';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { blockFormat, type WeightFormat } from '../../kernels/common/weights';
import { BlockPlanes, type PlaneWrite } from './block-planes';
import { TensorBytes } from './tensor-bytes';
import {
  checkRecord,
  modelTensors,
  tensorSpecs,
  type MatrixPart,
  type MatrixSpec,
  type TensorSpec,
} from '../../formats/decoder-tensors';

/** Rows first .. first + rows - 1 of a matrix: as many as the adapter binds at once. */
export interface WeightBlock {
  readonly first: number;
  readonly rows: number;
  readonly q: GPUBuffer; // u32 [rows, cols/8], or planes of codes
  readonly scales: GPUBuffer; // f16 or bf16, two to a u32 [rows, cols/32], or all else of the blocks
}

export interface WeightMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly scale: WeightFormat;
  readonly blocks: readonly WeightBlock[];
}

/** The one block of a matrix that is never split. */
export function wholeMatrix(matrix: WeightMatrix): WeightBlock {
  const [block, ...more] = matrix.blocks;
  invariant(block && more.length === 0, 'A layer matrix in several blocks');
  return block;
}

export interface LayerWeights {
  readonly inputNorm: GPUBuffer;
  readonly qkv: WeightMatrix;
  readonly out: WeightMatrix;
  readonly postNorm: GPUBuffer;
  readonly gateUp: WeightMatrix;
  readonly down: WeightMatrix;
}

export class Weights {
  readonly embedding: WeightMatrix;
  readonly lmHead: WeightMatrix;
  readonly norm: GPUBuffer; // f32 [hidden]
  readonly layers: readonly LayerWeights[];
  #specs: ReadonlyMap<string, TensorSpec>;
  #missing: Set<string>;
  /** Those of which some bytes are here. */
  #arriving = new Map<string, TensorBytes>();
  #norms = new Map<string, GPUBuffer>();
  #matrices = new Map<string, WeightMatrix>();
  /** Of a GGUF, by the name of a tensor or of its bias; of an MLC matrix with a bias, by its own name and the bias's. */
  #blockParts = new Map<string, BlockPart>();

  /** Allocates everything; call inside `gpu.buffers.guarded`. @throws AppError `gpu/limit-too-low`. */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
  ) {
    const specs = tensorSpecs(shape);
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.#missing = new Set(this.#specs.keys());
    const tensors = modelTensors(shape);
    this.embedding = this.#matrix(tensors.embedding, true);
    this.lmHead = shape.tied ? this.embedding : this.#matrix(tensors.lmHead, true);
    this.norm = this.#norm(tensors.norm);
    this.layers = tensors.layers.map((layer) => ({
      inputNorm: this.#norm(layer.inputNorm),
      qkv: this.#matrix(layer.qkv),
      out: this.#matrix(layer.out),
      postNorm: this.#norm(layer.postNorm),
      gateUp: this.#matrix(layer.gateUp),
      down: this.#matrix(layer.down),
    }));
  }

  /**
   * @param bytes the record's bytes as the shard has them; copied before this returns.
   * @param offset where in the tensor they begin, at any byte; without it they must be all of it.
   * @throws AppError `model/bad-manifest` for a tensor the model does not have, `model/shape-mismatch`.
   */
  upload(record: TensorRecord, bytes: Uint8Array<ArrayBuffer>, offset?: number): void {
    const spec = this.#specs.get(record.name);
    if (!spec) {
      throw new AppError(
        'model/bad-manifest',
        `The model's manifest lists a tensor ${record.name}, which this architecture does not have.`,
        { details: { tensor: record.name } },
      );
    }
    checkRecord(spec, record, this.shape);
    const fits =
      offset === undefined ? bytes.byteLength === record.nbytes : offset + bytes.byteLength <= record.nbytes;
    if (!fits) {
      throw new AppError(
        'model/shape-mismatch',
        `Tensor ${record.name}: got ${bytes.byteLength} bytes of ${record.nbytes} at ${offset ?? 0}. Download the model again.`,
        { details: { tensor: record.name } },
      );
    }
    const arriving = this.#arriving.get(record.name) ?? this.#receive(record, spec);
    this.#arriving.set(record.name, arriving);
    arriving.put(offset ?? 0, bytes);
    if (!arriving.whole) return;
    this.#arriving.delete(record.name);
    this.#missing.delete(record.name);
  }

  /** @throws AppError `model/missing-tensor` naming the first. */
  checkComplete(): void {
    const [first] = this.#missing;
    if (first === undefined) return;
    throw new AppError(
      'model/missing-tensor',
      `The model's files lack ${this.#missing.size} tensors, the first of them ${first}. Download the model again.`,
      { details: { tensor: first, missing: this.#missing.size } },
    );
  }

  #receive({ name, dtype, nbytes }: TensorRecord, { part, shape }: TensorSpec): TensorBytes {
    const decode = dtype === 'float16' || dtype === 'f16' ? f16ToNumber : bf16ToNumber;
    const floats = dtype === 'f32' ? floatsOf : (bytes: Uint8Array<ArrayBuffer>) => halvesOf(bytes, decode);
    switch (part) {
      case 'norm':
        return new TensorBytes(nbytes, (byteOffset, bytes) => {
          const buffer = this.#norms.get(name);
          if (!buffer) return;
          // A last word may hold one number and padding; two bytes become four.
          const first = byteOffset / (dtype === 'f32' ? 4 : 2);
          const values = floats(bytes).subarray(0, this.shape.hidden - first);
          this.gpu.device.queue.writeBuffer(buffer, first * 4, values);
        });
      case 'bias': {
        const target = this.#blockPart(name);
        return new TensorBytes(nbytes, (byteOffset, bytes) => {
          const first = byteOffset / (dtype === 'f32' ? 4 : 2);
          const values = floats(bytes).subarray(0, target.rows - first);
          this.#put(target.blocks[0], target.planes[0]?.placeBias(target.firstRow + first, values));
        });
      }
      case 'blocks': {
        const target = this.#blockPart(name);
        const rowBytes = nbytes / target.rows;
        // Rows that change places do so within a head, and halves of two rows make whole words.
        const unitRows = target.interleaved || 2;
        return new TensorBytes(
          nbytes,
          (byteOffset, bytes) => this.#writeBlocks(target, byteOffset / rowBytes, rowBytes, bytes),
          unitRows * rowBytes,
        );
      }
      default: {
        invariant(shape.length === 2, `${name} is no matrix`);
        const target = this.#blockParts.get(name.slice(0, -part.length - 1));
        if (target) return this.#receiveMlc(target, part, nbytes);
        return new TensorBytes(nbytes, (byteOffset, bytes) =>
          this.#writeMatrix(name, part, byteOffset, bytes),
        );
      }
    }
  }

  /** Of a matrix with a bias: see #biasedMatrix. */
  #receiveMlc({ blocks, planes }: BlockPart, part: 'q_weight' | 'q_scale', nbytes: number): TensorBytes {
    const isCodes = part === 'q_weight';
    const place = (byteOffset: number, bytes: Uint8Array<ArrayBuffer>): PlaneWrite | undefined =>
      isCodes ? planes[0]?.placeMlcCodes(byteOffset, bytes) : planes[0]?.placeMlcScales(byteOffset, bytes);
    return new TensorBytes(
      nbytes,
      (byteOffset, bytes) => this.#put(blocks[0], place(byteOffset, bytes)),
      isCodes ? groupBytes : 4,
    );
  }

  #blockPart(name: string): BlockPart {
    const part = this.#blockParts.get(name);
    invariant(part, `No matrix has a part ${name}`);
    return part;
  }

  /** Whole units of rows of a part, into the blocks that have them. */
  #writeBlocks(target: BlockPart, row: number, rowBytes: number, bytes: Uint8Array<ArrayBuffer>): void {
    const end = Math.min(target.rows, row + bytes.byteLength / rowBytes);
    target.blocks.forEach((block, i) => {
      // Only a matrix of one part lies in several blocks.
      const start = block.first;
      const from = Math.max(row, start);
      const to = Math.min(end, start + block.rows);
      if (from >= to) return;
      const part = target.blocks.length > 1 ? 0 : target.index;
      const slice = bytes.subarray((from - row) * rowBytes, (to - row) * rowBytes);
      const order = orderOf(target.interleaved);
      for (const write of target.planes[i]?.place(part, from - start, to - from, slice, order) ?? [])
        this.#put(block, write);
    });
  }

  #put(block: WeightBlock | undefined, write: PlaneWrite | undefined): void {
    if (!block || !write) return;
    const buffer = write.into === 'codes' ? block.q : block.scales;
    this.gpu.device.queue.writeBuffer(buffer, write.byteOffset, write.bytes);
  }

  /** Whole words of a matrix, into the blocks that have them. */
  #writeMatrix(
    name: string,
    part: 'q_weight' | 'q_scale',
    byteOffset: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): void {
    const matrix = this.#matrices.get(name.slice(0, -part.length - 1));
    if (!matrix) return;
    const rowBytes = part === 'q_weight' ? matrix.cols / 2 : matrix.cols / 16;
    const end = byteOffset + bytes.byteLength;
    for (const { first, rows, q, scales } of matrix.blocks) {
      const blockStart = first * rowBytes;
      // The last word of an odd count of scales reaches past its block by two bytes of padding.
      const blockEnd = Math.ceil((blockStart + rows * rowBytes) / 4) * 4;
      const from = Math.max(byteOffset, blockStart);
      const to = Math.min(end, blockEnd);
      if (from >= to) continue;
      const slice = bytes.subarray(from - byteOffset, to - byteOffset);
      this.gpu.device.queue.writeBuffer(part === 'q_weight' ? q : scales, from - blockStart, slice);
    }
  }

  #norm(name: string): GPUBuffer {
    const buffer = this.gpu.buffers.create(name, this.shape.hidden * 4);
    this.#norms.set(name, buffer);
    return buffer;
  }

  /** @param splits into as many blocks as the adapter can bind one by one. */
  #matrix(spec: MatrixSpec, splits = false): WeightMatrix {
    if (spec.parts.length > 0) return this.#blockMatrix(spec, splits);
    if (spec.bias !== undefined) return this.#biasedMatrix(spec, spec.bias);
    const { name, rows, cols } = spec;
    const rowBytes = cols / 2;
    const blocks = this.#rowRanges(rows, rowBytes, splits).map(({ first, rows: count }) => ({
      first,
      rows: count,
      q: this.gpu.buffers.create(`${name}.q_weight`, count * rowBytes),
      scales: this.gpu.buffers.create(`${name}.q_scale`, (count * cols) / 16),
    }));
    const scale: WeightFormat = this.shape.quantization === 'q4f16_1' ? 'f16' : 'bf16';
    const matrix: WeightMatrix = { rows, cols, scale, blocks };
    this.#matrices.set(name, matrix);
    return matrix;
  }

  #blockMatrix({ name, rows, cols, parts }: MatrixSpec, splits: boolean): WeightMatrix {
    const hasBias = parts.some(({ bias }) => bias !== undefined);
    const planesOf = (count: number): BlockPlanes =>
      new BlockPlanes(splits ? parts.map(({ type }) => ({ type, rows: count })) : parts, cols, hasBias);
    const two = planesOf(2);
    const rowBytes = Math.max(two.codeBytes, two.otherBytes) / 2;
    const ranges = this.#rowRanges(rows, splits ? rowBytes : 0, splits);
    const planes = ranges.map((range) => planesOf(range.rows));
    const blocks = ranges.map(({ first, rows: count }, i) => {
      const { codeBytes = 0, otherBytes = 0, head } = planes[i] ?? {};
      const q = this.gpu.buffers.create(`${name}/codes`, codeBytes);
      const scales = this.gpu.buffers.create(`${name}/other`, otherBytes);
      if (head) this.gpu.device.queue.writeBuffer(scales, 0, head);
      return { first, rows: count, q, scales };
    });
    let firstRow = 0;
    parts.forEach((part, index) => {
      const target: BlockPart = { ...part, index, firstRow, blocks, planes };
      firstRow += part.rows;
      this.#blockParts.set(part.name, target);
      if (part.bias !== undefined) this.#blockParts.set(part.bias, target);
    });
    return { rows, cols, scale: blockFormat(parts.map(({ type }) => type)), blocks };
  }

  /** MLC's layout has no room for a bias; as Q4_0, which is the same numbers, it has (block-planes.ts). */
  #biasedMatrix({ name, rows, cols }: MatrixSpec, bias: string): WeightMatrix {
    const own: MatrixPart = { name, rows, type: 'q4_0', interleaved: 0, bias };
    return this.#blockMatrix({ name, rows, cols, parts: [own] }, false);
  }

  #rowRanges(rows: number, rowBytes: number, splits: boolean): { first: number; rows: number }[] {
    // Even, so that a block of scales begins on a whole word.
    const most = splits ? Math.max(2, Math.floor(this.gpu.info.maxBindingBytes / rowBytes / 2) * 2) : rows;
    return Array.from({ length: Math.ceil(rows / most) }, (_, i) => ({
      first: i * most,
      rows: Math.min(most, rows - i * most),
    }));
  }
}

/** One tensor of a matrix of blocks, and where it goes. */
interface BlockPart {
  readonly index: number;
  readonly rows: number;
  /** Of the matrix. */
  readonly firstRow: number;
  readonly interleaved: number;
  readonly blocks: readonly WeightBlock[];
  /** Of each block. */
  readonly planes: readonly BlockPlanes[];
}

/** llama.cpp has the halves of each head's rows in turn, as (2 i + half); kernels rotate them as (half * size/2 + i). */
function orderOf(headRows: number): ((i: number) => number) | undefined {
  if (headRows === 0) return undefined;
  return (i) => {
    const row = i % headRows;
    return i - row + (row % 2) * (headRows / 2) + Math.floor(row / 2);
  };
}

function halvesOf(
  bytes: Uint8Array<ArrayBuffer>,
  decode: (bits: number) => number,
): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => decode(view.getUint16(i * 2, true)));
}

function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
