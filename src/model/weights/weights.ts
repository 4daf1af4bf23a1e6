// The weights on the GPU: buffers made once from the shape, filled from shard bytes as they arrive, kept packed.
import { AppError, invariant } from '../../base/errors';
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import type { TensorRecord } from '../../formats/mlc/manifest';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import type { ScaleType } from '../../kernels/common/q4';
import { TensorBytes } from './tensor-bytes';
import {
  checkRecord,
  modelTensors,
  tensorSpecs,
  type MatrixSpec,
  type TensorSpec,
} from '../../formats/decoder-tensors';

/** Rows first .. first + rows - 1 of a matrix: as many as the adapter binds at once. */
export interface WeightBlock {
  readonly first: number;
  readonly rows: number;
  readonly q: GPUBuffer; // u32 [rows, cols/8]
  readonly scales: GPUBuffer; // f16 or bf16, two to a u32 [rows, cols/32]
}

export interface WeightMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly scale: ScaleType;
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

  /** Allocates everything; call inside `gpu.buffers.guarded`. @throws AppError `gpu/limit-too-low`. */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
  ) {
    const specs = tensorSpecs(shape);
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.#missing = new Set(this.#specs.keys());
    const tensors = modelTensors(shape);
    this.embedding = this.#matrix(tensors.embedding);
    this.lmHead = shape.tied ? this.embedding : this.#matrix(tensors.lmHead);
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

  #receive({ name, dtype, nbytes }: TensorRecord, { part }: TensorSpec): TensorBytes {
    return new TensorBytes(nbytes, (byteOffset, bytes) => {
      if (part === 'norm')
        this.#writeNorm(name, dtype === 'float16' ? f16ToNumber : bf16ToNumber, byteOffset, bytes);
      else if (part === 'q_weight' || part === 'q_scale') this.#writeMatrix(name, part, byteOffset, bytes);
    });
  }

  #writeNorm(
    name: string,
    decode: (bits: number) => number,
    byteOffset: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): void {
    const buffer = this.#norms.get(name);
    if (!buffer) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A last word may hold one number and padding.
    const count = Math.min(bytes.byteLength, this.shape.hidden * 2 - byteOffset) / 2;
    const values = Float32Array.from({ length: count }, (_, i) => decode(view.getUint16(i * 2, true)));
    // Two bytes become four.
    this.gpu.device.queue.writeBuffer(buffer, byteOffset * 2, values);
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

  #matrix({ name, rows, cols }: MatrixSpec): WeightMatrix {
    const splits = name === 'transformer.embd' || name === 'lm_head';
    const rowBytes = cols / 2;
    // Even, so that a block of scales begins on a whole word.
    const most = splits ? Math.max(2, Math.floor(this.gpu.info.maxBindingBytes / rowBytes / 2) * 2) : rows;
    const blocks: WeightBlock[] = [];
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      blocks.push({
        first,
        rows: count,
        q: this.gpu.buffers.create(`${name}.q_weight`, count * rowBytes),
        scales: this.gpu.buffers.create(`${name}.q_scale`, (count * cols) / 16),
      });
    }
    const scale: ScaleType = this.shape.quantization === 'q4f16_1' ? 'f16' : 'bf16';
    const matrix: WeightMatrix = { rows, cols, scale, blocks };
    this.#matrices.set(name, matrix);
    return matrix;
  }
}
