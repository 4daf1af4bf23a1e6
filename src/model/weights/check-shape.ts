// Whether a model's sizes are ones that the kernels can do.
import { AppError } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';

const group = 32;

/** @throws AppError `model/unsupported-arch` for sizes the kernels cannot do, naming the number. */
export function checkShape(shape: ModelShape): void {
  const need = (ok: boolean, what: string): void => {
    if (!ok) throw new AppError('model/unsupported-arch', `Phield cannot run this model: ${what}.`);
  };
  const { layers, hidden, intermediate, heads, kvHeads, headDim, rotaryDim, vocab, longRope } = shape;
  for (const [name, n] of Object.entries({ layers, hidden, intermediate, heads, kvHeads, headDim, vocab })) {
    need(Number.isSafeInteger(n) && n > 0, `${name} is ${n}`);
  }
  need(hidden % group === 0, `hidden size ${hidden} is not a multiple of ${group}`);
  need(intermediate % group === 0, `intermediate size ${intermediate} is not a multiple of ${group}`);
  need(headDim % 8 === 0 && headDim <= 256, `head size ${headDim} is not a multiple of 8 up to 256`);
  need((heads * headDim) % group === 0, `${heads} heads of ${headDim} are not a multiple of ${group} wide`);
  need(heads % kvHeads === 0, `${heads} heads cannot share ${kvHeads} KV heads`);
  need(
    rotaryDim % 4 === 0 && rotaryDim > 0 && rotaryDim <= headDim,
    `${rotaryDim} of ${headDim} dimensions rotate, not a multiple of 4 of them`,
  );
  for (const factors of longRope ? [longRope.shortFactor, longRope.longFactor] : []) {
    need(
      factors.length === rotaryDim / 2,
      `${factors.length} rope factors for ${rotaryDim / 2} rotary pairs`,
    );
  }
}
