// Which positions of the context a model knows: what may be run next, and what must be refused.
import { AppError, invariant } from '../../base/errors';

export class KnownPositions {
  /** Positions whose K and V are known. */
  length = 0;
  /** Position after the token whose logits lie in memory; -1 when that is no single one. */
  logitsFor = -1;

  constructor(
    private readonly contextWindow: number,
    private readonly vocab: number,
  ) {}

  /** That these tokens may be run there. @throws AppError `run/context-full`, `tokenizer/unknown-token`. */
  check(tokenIds: readonly number[], position: number): void {
    invariant(tokenIds.length > 0, 'No tokens to run');
    this.checkKnown(position);
    this.checkEnd(position + tokenIds.length);
    const strange = tokenIds.find((id) => !Number.isInteger(id) || id < 0 || id >= this.vocab);
    if (strange !== undefined) {
      throw new AppError(
        'tokenizer/unknown-token',
        `Token id ${strange} is outside the model's vocabulary of ${this.vocab}: tokenizer and model do not belong together.`,
        { details: { token: strange, vocab: this.vocab } },
      );
    }
  }

  /** That all positions before this one are known. */
  checkKnown(position: number): void {
    invariant(position >= 0 && position <= this.length, `Position ${position} of ${this.length} known ones`);
  }

  /** @throws AppError `run/context-full`. */
  checkEnd(end: number): void {
    if (end <= this.contextWindow) return;
    throw new AppError(
      'run/context-full',
      `${end} tokens do not fit into this model's context of ${this.contextWindow}. Start a new chat or shorten the text.`,
      { details: { tokens: end, contextWindow: this.contextWindow } },
    );
  }
}
