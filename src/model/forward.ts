// The model as one flat list of kernel calls, for many rows at once. Reads like the paper; the kernels and
// their variants are chosen here and nowhere else.
import type { ModelShape } from '../formats/model-config';
import type { PlanBuilder } from '../gpu/plan';
import { attention, flashRows, softwareFlash, usualFlash } from '../kernels/attention/attention';
import { attentionCombine, attentionShares } from '../kernels/attention_shares/attention_shares';
import { isMlc, type WeightFormat } from '../kernels/common/weights';
import { embedGather } from '../kernels/embed_gather/embed_gather';
import {
  matmulQ4,
  readsCodes,
  smallTileRows,
  softwareTile,
  usualTile,
  type MatmulWay,
  type TileTuning,
} from '../kernels/matmul_q4/matmul_q4';
import { rmsNorm } from '../kernels/rms_norm/rms_norm';
import { ropeAppend, softwareRope } from '../kernels/rope_append/rope_append';
import { siluMul } from '../kernels/silu_mul/silu_mul';
import { addLogits } from './forward-decode';
import type { ModelMemory } from './memory';
import type { KernelTuning, ProductKernel } from './tuning/tuning';
import type { WeightMatrix, Weights } from './weights/weights';

/** Which rows' logits a pass ends with. */
export type LogitsRows = 'none' | 'last' | 'all';

export interface ForwardOptions {
  readonly rows: number;
  readonly logitsRows: LogitsRows;
  readonly tuning: Pick<KernelTuning, 'logits' | 'flash' | 'split' | ProductKernel>;
  /** Where `all` logits go, [rows, vocab]; `last` go to the memory's own. */
  readonly allLogits?: GPUBuffer;
  /** Whether so few rows share each weight that no tile would be full: at most `fewRows`. */
  readonly few?: boolean;
}

/**
 * A product of attention in products of a matrix: no tile of weights is shared by a chunk, and exponentials come on
 * top. Only how a prompt is cut hangs on it.
 */
const attentionWeight = 4;
const attentionProducts = (
  { heads, headDim, slidingWindow = Infinity }: ModelShape,
  positions: number,
): number => attentionWeight * 2 * heads * headDim * Math.min(positions, slidingWindow);

/** Products per row of the call that has most of them. */
export function heaviestCall(shape: ModelShape, positions: number): number {
  return Math.max(2 * shape.intermediate * shape.hidden, attentionProducts(shape, positions));
}

/** How a pass of so many rows multiplies by a matrix. @param tuned how one of many rows does. */
export function productWay(
  tuned: TileTuning,
  format: WeightFormat,
  { rows, few, fallback }: { readonly rows: number; readonly few: boolean; readonly fallback: boolean },
): MatmulWay {
  if (few) return { variant: 'few' };
  const way = rows > smallTileRows ? tuned : fallback ? softwareTile : usualTile;
  // Some ways know MLC's layout alone.
  return isMlc(format) || !readsCodes(way.variant) ? way : usualTile;
}

/** tokens[0..rows) at positions state[0].. -> K and V appended, logits of the rows asked for. */
export function forward(
  plan: PlanBuilder,
  shape: ModelShape,
  weights: Weights,
  memory: ModelMemory,
  { rows, logitsRows, tuning, allLogits, few = false }: ForwardOptions,
): void {
  const { hidden: dim, intermediate, heads, kvHeads, headDim, rotaryDim, rmsNormEps: eps } = shape;
  const { state, tokens, rope, residual, normed, qkv, q, attended, gateUp, activated, shares, shareStats } =
    memory;
  const { format, window, ring } = memory.kv;
  const { fallback } = plan.info;
  const turn = fallback ? softwareRope(format) : {};
  const { splits, span } = tuning.split;
  // So few rows make too few workgroups of a head each for a GPU to be busy with.
  const inShares = !fallback && rows <= flashRows && rows <= memory.shareRows;
  const flash = rows > flashRows ? tuning.flash : fallback ? softwareFlash : usualFlash;
  const linear = (
    kernel: ProductKernel,
    x: GPUBuffer,
    matrix: WeightMatrix,
    y: GPUBuffer,
    { M = rows, accumulate = false } = {},
  ): void => {
    const way = productWay(tuning[kernel], matrix.scale, { rows, few, fallback });
    for (const block of matrix.blocks) {
      const { rows: N, first } = block;
      const { scale, cols: K, rows: stride } = matrix;
      const args = { ...way, scale, M, N, K, first, stride, accumulate };
      plan.add(matmulQ4, args, [x, block.q, block.scales, y], () => M * N * K);
    }
  };

  for (const { first, rows: blockRows, q: table, scales } of weights.embedding.blocks) {
    const { scale } = weights.embedding;
    plan.add(embedGather, { rows, dim, first, blockRows, scale }, [tokens, table, scales, residual]);
  }
  weights.layers.forEach((layer, i) => {
    const kv = memory.kv.layers[i];
    if (!kv) return;
    plan.add(rmsNorm, { rows, dim, eps }, [residual, layer.inputNorm, normed]);
    linear('prefillQkv', normed, layer.qkv, qkv);
    plan.add(ropeAppend, { format, ring, rows, heads, kvHeads, headDim, rotaryDim, ...turn }, [
      qkv,
      rope,
      state,
      q,
      kv,
    ]);
    const products = (positions: number): number => rows * attentionProducts(shape, positions);
    if (inShares) {
      const args = { format, window, ring, rows, heads, kvHeads, headDim, splits, span };
      plan.add(attentionShares, args, [q, kv, state, shares, shareStats], products);
      plan.add(attentionCombine, args, [shares, shareStats, state, attended]);
    } else {
      const args = { ...flash, format, window, ring, rows, heads, kvHeads, headDim };
      plan.add(attention, args, [q, kv, state, attended], products);
    }
    linear('prefillOut', attended, layer.out, residual, { accumulate: true });
    plan.add(rmsNorm, { rows, dim, eps }, [residual, layer.postNorm, normed]);
    linear('prefillGateUp', normed, layer.gateUp, gateUp);
    plan.add(siluMul, { rows, width: intermediate }, [gateUp, activated]);
    linear('prefillDown', activated, layer.down, residual, { accumulate: true });
  });
  if (logitsRows === 'last' && fallback) {
    // By kernels that the layers have had compiled: where that is dear, the first token need not wait for another.
    plan.add(rmsNorm, { rows: 1, dim, eps, first: rows - 1 }, [residual, weights.norm, normed]);
    linear('prefillGateUp', normed, weights.lmHead, memory.logits, { M: 1 });
  } else if (logitsRows === 'last') addLogits(plan, shape, weights, memory, tuning.logits, rows - 1);
  if (logitsRows !== 'all' || !allLogits) return;
  plan.add(rmsNorm, { rows, dim, eps }, [residual, weights.norm, normed]);
  linear('prefillGateUp', normed, weights.lmHead, allLogits);
}
