// Norm, both halves of the MLP's first matrix and the gated activation in one kernel, for one row.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import {
  matvecConstants,
  matvecGrid,
  matvecKey,
  normedMatvecCode,
  type MatvecKey,
  type MatvecTuning,
} from '../common/matvec';
import { groupSize } from '../common/q4';
import type { WeightFormat } from '../common/weights';
import main from './gate_up_silu.wgsl?raw';

export interface GateUpSiluArgs {
  readonly scale: WeightFormat;
  readonly width: number;
  readonly K: number;
  readonly eps: number;
  readonly tuning: MatvecTuning;
}

/** Tensors: x, gamma, q_weight, q_scale, y. */
export const gateUpSilu: KernelSpec<GateUpSiluArgs, MatvecKey> = {
  op: 'gate_up_silu',
  fields: [
    ['F', 'u32'],
    ['K', 'u32'],
    ['eps', 'f32'],
    ['pad0', 'u32'],
  ],
  check({ width, K }) {
    invariant(width > 0 && K > 0 && K % groupSize === 0, `gate_up_silu of [${K}] by [2 * ${width}, ${K}]`);
  },
  key: ({ scale, tuning, K }) => matvecKey(scale, tuning, K),
  source: (key) => ({ code: normedMatvecCode(main, key), bindings: 'rrrrw' }),
  constants: matvecConstants,
  params: ({ width, K, eps }) => ({ F: width, K, eps }),
  dispatch: ({ width, tuning }) => matvecGrid(Math.ceil(width / 2), tuning),
};
