// The whole model composed of the per-op f64 twins, straight from shard bytes: what DecoderModel's logits are held
// against. Slow and obvious; tiny shapes only.
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import type { KvFormat } from '../../base/kv-format';
import type { ModelShape } from '../../formats/model-config';
import { attentionTwin } from '../../reference/attention';
import { embedGatherTwin } from '../../reference/embed_gather';
import { roundKv } from '../../reference/kv_format';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import type { Q4Matrix } from '../../reference/q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { siluMulTwin } from '../../reference/silu_mul';
import { hasLongFactors, ropeTable } from '../weights/rope-table';
import { modelTensors, type MatrixSpec } from '../../formats/decoder-tensors';
import type { SyntheticTensor } from './synthetic';

/** Logits [tokens, vocab] of a sequence from position 0. */
export function modelTwin(
  shape: ModelShape,
  tensors: readonly SyntheticTensor[],
  tokenIds: readonly number[],
  kvFormat: KvFormat = 'f32',
): Float64Array {
  const byName = new Map(tensors.map((tensor) => [tensor.record.name, tensor]));
  const halves = (name: string): Uint16Array => {
    const tensor = byName.get(name);
    if (!tensor) throw new Error(`No tensor ${name}`);
    return new Uint16Array(tensor.bytes.slice().buffer);
  };
  const scale = shape.quantization === 'q4f16_1' ? 'f16' : 'bf16';
  const matrix = ({ name, rows, cols }: MatrixSpec): Q4Matrix => {
    const q = new Uint32Array(halves(`${name}.q_weight`).buffer);
    return { rows, cols, q, scales: halves(`${name}.q_scale`), scale };
  };
  const norm = (name: string): Float64Array =>
    Float64Array.from(halves(name), scale === 'f16' ? f16ToNumber : bf16ToNumber);
  const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + (b[i] ?? NaN));

  const rows = tokenIds.length;
  const { hidden, intermediate, rmsNormEps: eps } = shape;
  const names = modelTensors(shape);
  const table = ropeTable(shape, rows, hasLongFactors(shape, rows));
  let h = embedGatherTwin(tokenIds, matrix(names.embedding));
  for (const layer of names.layers) {
    const qkv = matmulQ4Twin(
      rmsNormTwin(h, norm(layer.inputNorm), rows, hidden, eps),
      rows,
      matrix(layer.qkv),
    );
    const { q, k, v } = ropeAppendTwin(qkv, table, 0, { ...shape, rows });
    const kept = roundKv(kvFormat, k, v, shape.kvHeads, shape.headDim);
    const attended = attentionTwin(q, kept.k, kept.v, 0, { ...shape, rows, window: shape.slidingWindow });
    h = add(h, matmulQ4Twin(attended, rows, matrix(layer.out)));
    const gateUp = matmulQ4Twin(
      rmsNormTwin(h, norm(layer.postNorm), rows, hidden, eps),
      rows,
      matrix(layer.gateUp),
    );
    h = add(h, matmulQ4Twin(siluMulTwin(gateUp, rows, intermediate), rows, matrix(layer.down)));
  }
  return matmulQ4Twin(rmsNormTwin(h, norm(names.norm), rows, hidden, eps), rows, matrix(names.lmHead));
}
