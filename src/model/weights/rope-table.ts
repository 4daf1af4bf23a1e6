// cos and sin of every position and rotary pair, in f64 on the CPU once: WGSL's own sin and cos promise only
// 2^-11, and only near zero.
// Of a model with long rope a text has long factors, all of it, once it is longer than the original positions, as
// transformers' generate() has it: at the token that makes it so, it computes everything before it again. Held to that in
// model/hf-golden.gpu.test.ts: a table that changes factors at a position, as if keys computed before could stay, gives
// logits that differ by more than their own size from there on.
import type { ModelShape } from '../../formats/model-config';

/** Whether a text of so many tokens has long factors. */
export function hasLongFactors({ longRope }: Pick<ModelShape, 'longRope'>, length: number): boolean {
  return longRope !== undefined && length > longRope.originalMaxPosition;
}

/** @returns f32 [positions, rotaryDim/2, (cos, sin)] */
export function ropeTable(shape: ModelShape, positions: number, long: boolean): Float32Array<ArrayBuffer> {
  const pairs = shape.rotaryDim / 2;
  const { longRope } = shape;
  const magnitude = longRope?.attentionFactor ?? 1;
  const stretched = long ? longRope?.longFactor : longRope?.shortFactor;
  const factors = stretched ?? shape.ropeFactors;
  const frequencies = Array.from(
    { length: pairs },
    (_, d) => shape.ropeTheta ** ((-2 * d) / shape.rotaryDim) / (factors?.[d] ?? 1),
  );
  const table = new Float32Array(positions * pairs * 2);
  for (let position = 0, at = 0; position < positions; position++) {
    for (const frequency of frequencies) {
      const angle = position * frequency;
      table[at++] = Math.cos(angle) * magnitude;
      table[at++] = Math.sin(angle) * magnitude;
    }
  }
  return table;
}
