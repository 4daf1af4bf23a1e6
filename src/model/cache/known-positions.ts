// Which positions of the context a model knows: what may be run next, and what must be refused.
import { AppError, invariant } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';
import { hasLongFactors } from '../weights/rope-table';
import type { KvExtent } from './kv-extent';

export class KnownPositions {
  /** Positions whose K and V are known, as far as anything still looks at them. */
  length = 0;
  /** Position after the token whose logits lie in memory; -1 when that is no single one. */
  logitsFor = -1;
  /** Whether they were computed with long factors. */
  #long = false;
  /** Past every position that was written since the first. */
  #written = 0;

  constructor(
    private readonly contextWindow: number,
    private readonly shape: ModelShape,
    private readonly extent: KvExtent,
  ) {}

  get long(): boolean {
    return this.#long;
  }

  /** The first position whose row has not been taken by another. */
  get kept(): number {
    return Math.max(0, this.#written - (this.extent.ring ?? Infinity));
  }

  /**
   * How many of so many first positions of a text need no computing when it will be `end` tokens long: all of them, or
   * none, where what the next one looks back at has been overwritten, or was computed with other factors.
   */
  usable(count: number, end: number): number {
    const same = this.#long === hasLongFactors(this.shape, end);
    return same && this.#sees(Math.min(count, this.length)) ? Math.min(count, this.length) : 0;
  }

  /** That these tokens may be run there. @throws AppError `run/context-full`, `tokenizer/unknown-token`. */
  check(tokenIds: readonly number[], position: number): void {
    const { vocab } = this.shape;
    invariant(tokenIds.length > 0, 'No tokens to run');
    this.checkKnown(position);
    this.checkEnd(position + tokenIds.length);
    const strange = tokenIds.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab);
    if (strange !== undefined) {
      throw new AppError(
        'tokenizer/unknown-token',
        `Token id ${strange} is outside the model's vocabulary of ${vocab}: tokenizer and model do not belong together.`,
        { details: { token: strange, vocab } },
      );
    }
  }

  /** That all positions before this one are known. */
  checkKnown(position: number): void {
    invariant(position >= 0 && position <= this.length, `Position ${position} of ${this.length} known ones`);
    invariant(this.#sees(position), `Position ${position} looks back at rows that are gone`);
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

  /**
   * That what follows is written from `position` on, as part of a text of that length, or with those factors.
   * @param what its length, or whether its factors are long.
   */
  enter(position: number, what: number | boolean): void {
    const long = typeof what === 'boolean' ? what : hasLongFactors(this.shape, what);
    invariant(position === 0 || long === this.#long, 'A text goes on with other rope factors: read it again');
    this.#long = long;
    if (position === 0) this.#written = 0;
  }

  /** That the rows of all positions before this one may have been written. */
  wrote(end: number): void {
    this.#written = Math.max(this.#written, end);
  }

  #sees(position: number): boolean {
    const { window = Infinity } = this.extent;
    return position === 0 || Math.max(0, position + 1 - window) >= this.kept;
  }
}
