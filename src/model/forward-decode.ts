// The model for one token as fused kernels, five per layer: what a GPU runs per token. The plain list in forward.ts
// says the same thing one op at a time. Nothing here depends on the position: that lives in the state buffer.
import type { ModelShape } from '../formats/model-config';
import type { PlanBuilder } from '../gpu/plan';
import { attentionOut } from '../kernels/attention_out/attention_out';
import { attentionSplit, type SplitTuning } from '../kernels/attention_split/attention_split';
import type { MatvecTuning } from '../kernels/common/matvec';
import { embedGather } from '../kernels/embed_gather/embed_gather';
import { gateUpSilu } from '../kernels/gate_up_silu/gate_up_silu';
import { matvecQ4Add, matvecQ4Norm } from '../kernels/matvec_q4/matvec_q4';
import { qkvRope } from '../kernels/qkv_rope/qkv_rope';
import type { ModelMemory } from './memory';
import { wholeMatrix, type Weights } from './weights';

export interface DecodeTuning {
  readonly matvec: MatvecTuning;
  readonly split: SplitTuning;
}

/** tokens[0] at position state[0] -> its K and V appended, its logits. */
export function forwardDecode(
  plan: PlanBuilder,
  shape: ModelShape,
  weights: Weights,
  memory: ModelMemory,
  { matvec: tuning, split }: DecodeTuning,
): void {
  const { hidden, intermediate, heads, kvHeads, headDim, rotaryDim, rmsNormEps: eps } = shape;
  const { state, tokens, rope, residual, q, shares, shareStats, activated } = memory;
  const { format } = memory.kv;
  // A row of codes needs the whole head: the attention makes it of the staged row.
  const staged = format === 'int8';

  for (const { first, rows: blockRows, q: table, scales } of weights.embedding.blocks) {
    const { scale } = weights.embedding;
    plan.add(embedGather, { rows: 1, dim: hidden, first, blockRows, scale }, [
      tokens,
      table,
      scales,
      residual,
    ]);
  }
  weights.layers.forEach((layer, i) => {
    const kv = memory.kv.layers[i];
    if (!kv) return;
    const qkv = wholeMatrix(layer.qkv);
    const out = wholeMatrix(layer.out);
    const gateUp = wholeMatrix(layer.gateUp);
    const down = wholeMatrix(layer.down);
    const { scale } = layer.qkv;
    plan.add(qkvRope, { scale, format, K: hidden, heads, kvHeads, headDim, rotaryDim, eps, tuning }, [
      residual,
      layer.inputNorm,
      qkv.q,
      qkv.scales,
      rope,
      state,
      q,
      staged ? memory.kvRow : kv,
    ]);
    plan.add(attentionSplit, { format, heads, kvHeads, headDim, ...split }, [
      q,
      kv,
      state,
      shares,
      shareStats,
      ...(staged ? [memory.kvRow] : []),
    ]);
    plan.add(attentionOut, { scale, N: hidden, heads, headDim, ...split, tuning }, [
      shares,
      shareStats,
      state,
      out.q,
      out.scales,
      residual,
    ]);
    plan.add(gateUpSilu, { scale, width: intermediate, K: hidden, eps, tuning }, [
      residual,
      layer.postNorm,
      gateUp.q,
      gateUp.scales,
      activated,
    ]);
    plan.add(matvecQ4Add, { scale, N: hidden, K: intermediate, first: 0, tuning }, [
      activated,
      down.q,
      down.scales,
      residual,
    ]);
  });
  addLogits(plan, shape, weights, memory, tuning, 0);
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
