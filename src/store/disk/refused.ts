// A browser may give a page no storage at all: a frame whose visitor blocks it, a sandbox. A model that runs from memory
// has no need of any; what would be looked up first is then nothing.
import { AppError } from '../../base/errors';

/**
 * @param reading of what storage holds.
 * @param nothing what an empty store would say.
 * @throws what `reading` throws, but for a refusal where nothing is to be kept.
 */
export async function heldOrNothing<T>(reading: Promise<T>, nothing: T, memoryOnly: boolean): Promise<T> {
  try {
    return await reading;
  } catch (thrown) {
    if (memoryOnly && thrown instanceof AppError && thrown.code === 'storage/unavailable') return nothing;
    throw thrown;
  }
}
