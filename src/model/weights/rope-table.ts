// cos and sin of every position and rotary pair, in f64 on the CPU once: WGSL's own sin and cos promise only
// 2^-11, and only near zero. Long factors apply from the position where the original window ends, as they do
// when a model is run token by token.
import type { ModelShape } from '../../formats/model-config';

/** @returns f32 [positions, rotaryDim/2, (cos, sin)] */
export function ropeTable(shape: ModelShape, positions: number): Float32Array<ArrayBuffer> {
  const pairs = shape.rotaryDim / 2;
  const { longRope } = shape;
  const magnitude = longRope?.attentionFactor ?? 1;
  const frequencies = (factors: readonly number[] | undefined): number[] =>
    Array.from(
      { length: pairs },
      (_, d) => shape.ropeTheta ** ((-2 * d) / shape.rotaryDim) / (factors?.[d] ?? 1),
    );
  const short = frequencies(longRope?.shortFactor ?? shape.ropeFactors);
  const long = frequencies(longRope?.longFactor);
  const table = new Float32Array(positions * pairs * 2);
  for (let position = 0, at = 0; position < positions; position++) {
    const chosen = longRope && position >= longRope.originalMaxPosition ? long : short;
    for (const frequency of chosen) {
      const angle = position * frequency;
      table[at++] = Math.cos(angle) * magnitude;
      table[at++] = Math.sin(angle) * magnitude;
    }
  }
  return table;
}
