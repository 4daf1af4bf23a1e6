// The cuts of the decode kernels that tests run: one thread per row set, lanes that share.
import type { MatvecTuning } from '../common/matvec';
import type { ScaleType } from '../common/q4';

export const matvecVariants: readonly (MatvecTuning & { readonly scale: ScaleType })[] = [
  { lanes: 1, slots: 16, scale: 'f16' },
  { lanes: 32, slots: 2, scale: 'bf16' },
];
