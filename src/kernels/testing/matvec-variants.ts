// The ways of running the decode kernels that tests go through: every source of x, both sums, lanes from one to more
// than any subgroup here has, each with both kinds of scales somewhere. 4 is the least size a subgroup may have.
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { matvecName, matvecNmse, matvecObstacle, type MatvecTuning } from '../common/matvec';
import type { ScaleType } from '../common/q4';

export interface MatvecVariant {
  readonly name: string;
  readonly scale: ScaleType;
  readonly tuning: MatvecTuning;
  /** Whether mistakes are planted in it: in the two that all others are variations of. */
  readonly plant: boolean;
}

const way = (
  x: MatvecTuning['x'],
  lanes: number,
  slots: number,
  subgroup: number,
  scale: ScaleType,
): MatvecVariant => {
  const tuning = { x, lanes, slots, subgroup };
  return { name: `${matvecName(tuning)} ${scale}`, scale, tuning, plant: x === 'direct' && lanes === 32 };
};

const all: readonly MatvecVariant[] = [
  way('direct', 1, 16, 0, 'f16'),
  way('direct', 32, 2, 0, 'bf16'),
  way('direct', 4, 16, 4, 'f16'),
  way('f32', 32, 4, 0, 'bf16'),
  way('f32', 16, 8, 4, 'f16'),
  way('f16', 8, 8, 0, 'bf16'),
  way('f16', 64, 4, 4, 'f16'),
  way('i8', 32, 2, 0, 'f16'),
  way('i8', 128, 1, 4, 'bf16'),
];

/** Those that this adapter can run; says which it cannot, and why. Empty lists would hide a suite, so all without GPU. */
export async function matvecVariants(): Promise<readonly MatvecVariant[]> {
  if (await skipReason()) return all;
  const { info } = await sharedNodeGpu();
  return all.filter(({ name, tuning }) => {
    const obstacle = matvecObstacle(tuning, info);
    if (obstacle) console.log(`Skipped, ${name}: this adapter has ${obstacle}`);
    return obstacle === undefined;
  });
}

export const fewDigits = ({ tuning: { x } }: MatvecVariant): boolean => x === 'f16' || x === 'i8';

export const variantTolerance = (variant: MatvecVariant, why: string) => ({
  nmse: matvecNmse[variant.tuning.x],
  why: fewDigits(variant) ? `${why}, x in ${variant.tuning.x}` : why,
});

/**
 * Of x in few digits a single output says little, since what it lost is large beside a sum that nearly cancelled:
 * such ways are held to their bound over many.
 */
export const enoughRows = (variant: MatvecVariant, N: number): number => (fewDigits(variant) ? N + 60 : N);
