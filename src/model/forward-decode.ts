// The model for one token as fused kernels, five per layer: what a GPU runs per token. The plain list in forward.ts
// says the same thing one op at a time. Nothing here depends on the position: that lives in the state buffer.
import { invariant } from '../base/errors';
import type { ModelShape } from '../formats/model-config';
import type { PlanBuilder } from '../gpu/plan';
import { attention, softwareFlash } from '../kernels/attention/attention';
import { attentionOut } from '../kernels/attention_out/attention_out';
import { attentionSplit, type SplitTuning } from '../kernels/attention_split/attention_split';
import type { MatvecTuning } from '../kernels/common/matvec';
import { embedGather } from '../kernels/embed_gather/embed_gather';
import { gateUpSilu } from '../kernels/gate_up_silu/gate_up_silu';
import { matvecQ4Add, matvecQ4Norm } from '../kernels/matvec_q4/matvec_q4';
import { qkvRope } from '../kernels/qkv_rope/qkv_rope';
import type { ModelMemory } from './memory';
import type { KernelTuning } from './tuning/tuning';
import { wholeMatrix, type LayerWeights, type Weights } from './weights/weights';

/** tokens[0] at position state[0] -> its K and V appended, its logits. */
export function forwardDecode(
  plan: PlanBuilder,
  shape: ModelShape,
  weights: Weights,
  memory: ModelMemory,
  tuning: KernelTuning,
): void {
  const { tokens, residual } = memory;
  for (const { first, rows: blockRows, q: table, scales } of weights.embedding.blocks) {
    const { scale } = weights.embedding;
    plan.add(embedGather, { rows: 1, dim: shape.hidden, first, blockRows, scale }, [
      tokens,
      table,
      scales,
      residual,
    ]);
  }
  weights.layers.forEach((_, i) => {
    const layer = new DecodeLayer(plan, shape, weights, memory, i);
    layer.qkv(tuning.qkv);
    layer.split(tuning.split);
    layer.out(tuning.out, tuning.split);
    layer.gateUp(tuning.gateUp);
    layer.down(tuning.down);
  });
  addLogits(plan, shape, weights, memory, tuning.logits, 0);
}

/** The five kernels of one layer, each of which tuning also runs alone. */
export class DecodeLayer {
  readonly #layer: LayerWeights;
  readonly #kv: GPUBuffer;

  constructor(
    private readonly plan: PlanBuilder,
    private readonly shape: ModelShape,
    weights: Weights,
    private readonly memory: ModelMemory,
    index: number,
  ) {
    const layer = weights.layers[index];
    const kv = memory.kv.layers[index];
    invariant(layer && kv, `Layer ${index} of ${weights.layers.length}`);
    this.#layer = layer;
    this.#kv = kv;
  }

  qkv(tuning: MatvecTuning): void {
    const { hidden: K, heads, kvHeads, headDim, rotaryDim, rmsNormEps: eps } = this.shape;
    const { residual, rope, state, q, kv, kvRow } = this.memory;
    const { format, ring } = kv;
    const weights = wholeMatrix(this.#layer.qkv);
    const { scale } = this.#layer.qkv;
    const args = { scale, format, ring, K, heads, kvHeads, headDim, rotaryDim, eps, tuning };
    this.plan.add(qkvRope, args, [
      residual,
      this.#layer.inputNorm,
      weights.q,
      weights.scales,
      rope,
      state,
      q,
      // A row of codes needs the whole head: the attention makes it of this one.
      format === 'int8' ? kvRow : this.#kv,
    ]);
  }

  split(split: SplitTuning): void {
    const { heads, kvHeads, headDim } = this.shape;
    const { q, state, shares, shareStats, attended, kv, kvRow } = this.memory;
    const { format, window, ring } = kv;
    if (this.#isWhole(split)) {
      const args = { ...softwareFlash, format, window, ring, rows: 1, heads, kvHeads, headDim };
      this.plan.add(attention, args, [q, this.#kv, state, attended]);
      return;
    }
    this.plan.add(attentionSplit, { format, window, ring, heads, kvHeads, headDim, ...split }, [
      q,
      this.#kv,
      state,
      shares,
      shareStats,
      ...(format === 'int8' ? [kvRow] : []),
    ]);
  }

  out(tuning: MatvecTuning, split: SplitTuning): void {
    const { hidden: N, heads, headDim } = this.shape;
    const { shares, shareStats, attended, state, residual, kv } = this.memory;
    const { q, scales } = wholeMatrix(this.#layer.out);
    const { splits, span } = split;
    const { window } = kv;
    const { scale } = this.#layer.out;
    if (this.#isWhole(split)) {
      const args = { scale, N, K: heads * headDim, first: 0, tuning };
      this.plan.add(matvecQ4Add, args, [attended, q, scales, residual]);
      return;
    }
    const args = { scale, N, heads, headDim, splits, span, window, tuning };
    this.plan.add(attentionOut, args, [shares, shareStats, state, q, scales, residual]);
  }

  gateUp(tuning: MatvecTuning): void {
    const { intermediate: width, hidden: K, rmsNormEps: eps } = this.shape;
    const { residual, activated } = this.memory;
    const { q, scales } = wholeMatrix(this.#layer.gateUp);
    const { scale } = this.#layer.gateUp;
    const args = { scale, width, K, eps, tuning };
    this.plan.add(gateUpSilu, args, [residual, this.#layer.postNorm, q, scales, activated]);
  }

  down(tuning: MatvecTuning): void {
    const { hidden: N, intermediate: K } = this.shape;
    const { activated, residual } = this.memory;
    const { q, scales } = wholeMatrix(this.#layer.down);
    const { scale } = this.#layer.down;
    this.plan.add(matvecQ4Add, { scale, N, K, first: 0, tuning }, [activated, q, scales, residual]);
  }

  #isWhole({ whole = false }: SplitTuning): boolean {
    return whole && this.memory.kv.format !== 'int8';
  }
}

/** Logits [vocab] of one row of the residual. */
export function addLogits(
  plan: PlanBuilder,
  { hidden: K, rmsNormEps: eps }: ModelShape,
  { lmHead, norm }: Weights,
  { residual, logits }: ModelMemory,
  tuning: MatvecTuning,
  xRow: number,
): void {
  const { scale } = lmHead;
  for (const { first, rows: N, q, scales } of lmHead.blocks) {
    plan.add(matvecQ4Norm, { scale, N, K, first, eps, xRow, tuning }, [residual, norm, q, scales, logits]);
  }
}
