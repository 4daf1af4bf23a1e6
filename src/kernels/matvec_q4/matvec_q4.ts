// One row of x by 4-bit weights, for decode: added to y (the residual), or of the normed x (logits).
import { invariant } from '../../base/errors';
import type { KernelSpec, ParamFields } from '../../gpu/kernel';
import {
  matvecCode,
  matvecConstants,
  matvecGrid,
  matvecKey,
  normedMatvecCode,
  type MatvecKey,
  type MatvecTuning,
} from '../common/matvec';
import { groupSize, type ScaleType } from '../common/q4';
import add from './matvec_q4_add.wgsl?raw';
import norm from './matvec_q4_norm.wgsl?raw';

export interface MatvecArgs {
  readonly scale: ScaleType;
  readonly N: number;
  readonly K: number;
  /** Element of y where the bound weights' first row goes. */
  readonly first: number;
  /** Of the norm; unused where x is taken as it is. */
  readonly eps: number;
  readonly tuning: MatvecTuning;
}

const fields: ParamFields = [
  ['N', 'u32'],
  ['K', 'u32'],
  ['first', 'u32'],
  ['eps', 'f32'],
];
const shared: Pick<
  KernelSpec<MatvecArgs, MatvecKey>,
  'fields' | 'check' | 'key' | 'constants' | 'params' | 'dispatch'
> = {
  fields,
  check({ N, K }) {
    invariant(N > 0 && K > 0 && K % groupSize === 0, `matvec_q4 of [${K}] by [${N}, ${K}]`);
  },
  key: ({ scale, tuning }) => matvecKey(scale, tuning),
  constants: matvecConstants,
  params: ({ N, K, first, eps }) => ({ N, K, first, eps }),
  dispatch: ({ N, tuning }) => matvecGrid(Math.ceil(N / 4), tuning),
};

/** y += W x. Tensors: x, q_weight, q_scale, y. */
export const matvecQ4Add: KernelSpec<MatvecArgs, MatvecKey> = {
  op: 'matvec_q4_add',
  ...shared,
  source: ({ scale }) => ({ code: matvecCode(add, scale), bindings: 'rrrw' }),
};

/** y = W norm(x). Tensors: x, gamma, q_weight, q_scale, y. */
export const matvecQ4Norm: KernelSpec<MatvecArgs, MatvecKey> = {
  op: 'matvec_q4_norm',
  ...shared,
  source: ({ scale }) => ({ code: normedMatvecCode(norm, scale), bindings: 'rrrrw' }),
};
