// The whole Phi-3 family in f64 on the CPU, from the bytes of an MLC folder: what the GPU's logits are measured
// against. Written from the published definition, sharing no code with the kernels or their own twins, so that a
// shared misunderstanding shows. Not an engine: never answers a person.
import { AppError } from '../base/errors';
import type { TensorRecord } from '../formats/mlc/manifest';
import type { ModelShape } from '../formats/model-config';
import { decodeFloats, decodeWords, dequantizeRow } from '../formats/mlc/quant';

export interface TwinTensor {
  readonly record: TensorRecord;
  readonly bytes: Uint8Array;
}

/**
 * Whose logits these are, where two programs give different ones of the same weights.
 * - `hf`: Transformers', as its `generate` gives them. A text longer than the original positions has long factors from its
 *   first token on: at the token that makes it so, all before it is computed again. Held to Transformers 5.24 in
 *   hf-golden.test.ts.
 * - `webllm`: long factors only in calls of more tokens than the original positions, which WebLLM's chunks never are, and
 *   no sliding window.
 */
export type Parity = 'hf' | 'webllm';

/** [rows, cols], row-major. Dequantised once: (q - 7) * scale is exact in f32 for 16-bit scales. */
interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array;
}

interface Layer {
  readonly inputNorm: Float32Array;
  readonly qkv: Matrix;
  readonly out: Matrix;
  readonly postNorm: Float32Array;
  readonly gateUp: Matrix;
  readonly down: Matrix;
  /** Rotated keys and values by position, [kvHeads * headDim] each. */
  readonly keys: Float64Array[];
  readonly values: Float64Array[];
}

export class Phi3Twin {
  private readonly embedding: Matrix;
  private readonly head: Matrix;
  private readonly norm: Float32Array;
  private readonly layers: readonly Layer[];
  /** Position -> id, of those cached. */
  private readonly ids: number[] = [];
  /** Whether what is cached was computed with long factors. */
  private long = false;

  /** @throws AppError `model/missing-tensor`. */
  constructor(
    private readonly shape: ModelShape,
    tensors: ReadonlyMap<string, TwinTensor>,
    private readonly parity: Parity = 'hf',
  ) {
    const find = (name: string): TwinTensor => {
      const tensor = tensors.get(name);
      if (tensor) return tensor;
      throw new AppError('model/missing-tensor', `The twin got no tensor ${name}.`, {
        details: { tensor: name },
      });
    };
    const floats = (name: string): Float32Array => {
      const { record, bytes } = find(name);
      return decodeFloats(record, bytes);
    };
    const matrix = (name: string): Matrix => {
      const weight = find(`${name}.q_weight`);
      const [rows = 0, words = 0] = weight.record.shape;
      const cols = words * 8;
      const values = new Float32Array(rows * cols);
      const packed = decodeWords(weight.bytes);
      const scales = floats(`${name}.q_scale`);
      for (let row = 0; row < rows; row++) dequantizeRow(packed, scales, cols, row, values, row * cols);
      return { rows, cols, values };
    };
    this.embedding = matrix('transformer.embd');
    this.head = shape.tied ? this.embedding : matrix('lm_head');
    this.norm = floats('transformer.norm.weight');
    this.layers = Array.from({ length: shape.layers }, (_, i) => {
      const name = `transformer.h.${i}`;
      return {
        inputNorm: floats(`${name}.ln.weight`),
        qkv: matrix(`${name}.mixer.qkv_proj`),
        out: matrix(`${name}.mixer.out_proj`),
        postNorm: floats(`${name}.post_attention_layernorm.weight`),
        gateUp: matrix(`${name}.mlp.gate_up_proj`),
        down: matrix(`${name}.mlp.down_proj`),
        keys: [],
        values: [],
      };
    });
  }

  /**
   * Runs tokens at position, position + 1, ... and caches their keys and values; what was cached from `position` on
   * is forgotten.
   * @param position at most the number of cached positions.
   * @returns [n, vocab].
   */
  logits(tokenIds: readonly number[], position: number): Float64Array {
    const { vocab } = this.shape;
    this.ids.length = position;
    const long = this.wantsLong(position + tokenIds.length, tokenIds.length);
    const again = this.parity === 'hf' && long !== this.long ? [...this.ids] : [];
    this.long = long;
    again.forEach((tokenId, i) => this.forward(tokenId, i));
    this.ids.push(...tokenIds);
    const all = new Float64Array(tokenIds.length * vocab);
    tokenIds.forEach((tokenId, i) => {
      const hidden = this.forward(tokenId, position + i);
      multiply(this.head, rmsNorm(hidden, this.norm, this.shape.rmsNormEps), all.subarray(i * vocab));
    });
    return all;
  }

  /** Forgets every cached position. */
  reset(): void {
    this.ids.length = 0;
    for (const { keys, values } of this.layers) keys.length = values.length = 0;
  }

  /** Residual stream [hidden] after the last layer. */
  private forward(tokenId: number, position: number): Float64Array {
    const { hidden, rmsNormEps } = this.shape;
    const x = Float64Array.from(this.embedding.values.subarray(tokenId * hidden, (tokenId + 1) * hidden));
    for (const layer of this.layers) {
      const attended = this.attention(layer, rmsNorm(x, layer.inputNorm, rmsNormEps), position);
      addTo(x, attended);
      addTo(x, this.mlp(layer, rmsNorm(x, layer.postNorm, rmsNormEps)));
    }
    return x;
  }

  private attention(layer: Layer, x: Float64Array, position: number): Float64Array {
    const { heads, kvHeads, headDim } = this.shape;
    const qkv = multiply(layer.qkv, x);
    // Q and K heads lie side by side and rotate alike.
    for (let head = 0; head < heads + kvHeads; head++) {
      this.rotate(qkv.subarray(head * headDim, (head + 1) * headDim), position);
    }
    layer.keys.length = layer.values.length = position;
    layer.keys.push(qkv.slice(heads * headDim, (heads + kvHeads) * headDim));
    layer.values.push(qkv.slice((heads + kvHeads) * headDim));
    const window = this.parity === 'hf' ? this.shape.slidingWindow : undefined;
    const first = Math.max(0, position + 1 - (window ?? Infinity));
    const mixed = new Float64Array(heads * headDim);
    for (let head = 0; head < heads; head++) {
      const from = Math.floor((head * kvHeads) / heads) * headDim;
      const query = qkv.subarray(head * headDim, (head + 1) * headDim);
      const scores = layer.keys.slice(first).map((key) => {
        let dot = 0;
        for (let d = 0; d < headDim; d++) dot += (query[d] ?? 0) * (key[from + d] ?? 0);
        return dot / Math.sqrt(headDim);
      });
      const weights = softmax(scores);
      layer.values.slice(first).forEach((value, t) => {
        const weight = weights[t] ?? 0;
        for (let d = 0; d < headDim; d++) {
          const at = head * headDim + d;
          mixed[at] = (mixed[at] ?? 0) + weight * (value[from + d] ?? 0);
        }
      });
    }
    return multiply(layer.out, mixed);
  }

  /** In place: the first rotaryDim dimensions turn, pair d being (d, d + rotaryDim / 2). */
  private rotate(head: Float64Array, position: number): void {
    const { rotaryDim, ropeTheta, longRope } = this.shape;
    const half = rotaryDim / 2;
    const factors = this.long ? longRope?.longFactor : longRope?.shortFactor;
    const magnitude = longRope?.attentionFactor ?? 1;
    for (let d = 0; d < half; d++) {
      const angle = position / ((factors?.[d] ?? 1) * ropeTheta ** ((2 * d) / rotaryDim));
      const cos = Math.cos(angle) * magnitude;
      const sin = Math.sin(angle) * magnitude;
      const [a, b] = [head[d] ?? 0, head[d + half] ?? 0];
      head[d] = a * cos - b * sin;
      head[d + half] = b * cos + a * sin;
    }
  }

  private wantsLong(length: number, callLength: number): boolean {
    const { longRope } = this.shape;
    const reach = this.parity === 'hf' ? length : callLength;
    return longRope !== undefined && reach > longRope.originalMaxPosition;
  }

  private mlp(layer: Layer, x: Float64Array): Float64Array {
    const { intermediate } = this.shape;
    const gateUp = multiply(layer.gateUp, x);
    const activated = new Float64Array(intermediate);
    for (let i = 0; i < intermediate; i++) {
      const gate = gateUp[i] ?? 0;
      activated[i] = ((gateUp[intermediate + i] ?? 0) * gate) / (1 + Math.exp(-gate));
    }
    return multiply(layer.down, activated);
  }
}

function multiply(
  { rows, cols, values }: Matrix,
  x: Float64Array,
  out = new Float64Array(rows),
): Float64Array {
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let k = 0; k < cols; k++) sum += (values[at++] ?? 0) * (x[k] ?? 0);
    out[row] = sum;
  }
  return out;
}

function rmsNorm(x: Float64Array, weight: Float32Array, eps: number): Float64Array {
  let squares = 0;
  for (const value of x) squares += value * value;
  const scale = 1 / Math.sqrt(squares / x.length + eps);
  return x.map((value, i) => value * scale * (weight[i] ?? 0));
}

function softmax(scores: readonly number[]): number[] {
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = scores.map((score) => Math.exp(score - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

function addTo(x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + (y[i] ?? 0);
}
