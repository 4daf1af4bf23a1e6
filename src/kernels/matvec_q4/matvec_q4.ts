// One row of x by 4-bit weights, for decode: added to y (the residual), or of the normed x (logits).
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import {
  matvecCode,
  matvecConstants,
  matvecGrid,
  matvecKey,
  type MatvecKey,
  type MatvecTuning,
} from '../common/matvec';
import { groupSize } from '../common/q4';
import type { WeightFormat } from '../common/weights';
import add from './matvec_q4_add.wgsl?raw';
import norm from './matvec_q4_norm.wgsl?raw';

export interface MatvecArgs {
  readonly scale: WeightFormat;
  readonly N: number;
  readonly K: number;
  /** Element of y where the bound weights' first row goes. */
  readonly first: number;
  readonly tuning: MatvecTuning;
}

export interface MatvecNormArgs extends MatvecArgs {
  readonly eps: number;
  /** Row of x that is meant. */
  readonly xRow: number;
}

const shared: Pick<KernelSpec<MatvecArgs, MatvecKey>, 'check' | 'key' | 'constants' | 'dispatch'> = {
  check({ N, K }) {
    invariant(N > 0 && K > 0 && K % groupSize === 0, `matvec_q4 of [${K}] by [${N}, ${K}]`);
  },
  key: ({ scale, tuning, K }) => matvecKey(scale, tuning, K),
  constants: matvecConstants,
  dispatch: ({ N, tuning }) => matvecGrid(Math.ceil(N / 4), tuning),
};

/** y += W x. Tensors: x, q_weight, q_scale, y. */
export const matvecQ4Add: KernelSpec<MatvecArgs, MatvecKey> = {
  op: 'matvec_q4_add',
  ...shared,
  fields: [
    ['N', 'u32'],
    ['K', 'u32'],
    ['first', 'u32'],
    ['pad0', 'u32'],
  ],
  params: ({ N, K, first }) => ({ N, K, first }),
  source: (key) => ({ code: matvecCode(add, key), bindings: 'rrrw' }),
};

/** y = W norm(x). Tensors: x, gamma, q_weight, q_scale, y. */
export const matvecQ4Norm: KernelSpec<MatvecNormArgs, MatvecKey> = {
  op: 'matvec_q4_norm',
  ...shared,
  fields: [
    ['N', 'u32'],
    ['K', 'u32'],
    ['first', 'u32'],
    ['eps', 'f32'],
    ['x_offset', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  params: ({ N, K, first, eps, xRow }) => ({ N, K, first, eps, x_offset: xRow * K }),
  source: (key) => ({ code: matvecCode(norm, key), bindings: 'rrrrw' }),
};
