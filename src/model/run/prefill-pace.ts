// How a prompt is cut: into chunks of rows, as many as share what a kernel reads of the weights, and each chunk's
// kernels into submits that end within a budget of time on this GPU, found out from the submits before. Windows resets
// a GPU that works on one submit for two seconds, a desktop stutters at a tenth, and Stop waits for a submit or two.
// Cutting between kernels keeps chunks large on a slow GPU, where small ones would cost most: of 8 rows every weight is
// read and unpacked for 8 products.
import type { Plan } from '../../gpu/plan';

/** Fewer would read all weights for next to nothing. */
const leastRows = 8;
/** Products a millisecond, of a GPU nothing is known of: 100 GFLOP/s, which integrated ones of 2017 reach. */
const unmeasuredRate = 5e7;
/** One submit may say this much more than the one before: a guess from little work may be far off. */
const mostGrowth = 4;

export class PrefillPace {
  #rate = unmeasuredRate;

  /** @param most rows at any speed. @param budgetMs of a submit; Infinity: all of a chunk in one. */
  constructor(
    readonly most: number,
    private readonly budgetMs: number,
  ) {}

  /** Submits under way at once: with the next one waiting the GPU never does. */
  get ahead(): number {
    return Number.isFinite(this.budgetMs) ? 2 : 1;
  }

  /** Products that a submit may hold. */
  get budget(): number {
    return this.#rate * this.budgetMs;
  }

  /**
   * Of the next chunk: a power of two, so that few plans serve, or the most.
   * @param heaviest products per row of the kernel that has most; no submit is less than a kernel.
   */
  rows(heaviest: number): number {
    const fitting = this.budget / heaviest;
    if (fitting >= this.most) return this.most;
    return Math.min(this.most, 2 ** Math.floor(Math.log2(Math.max(fitting, leastRows))));
  }

  /** What a submit of so many products took. */
  measured(products: number, ms: number): void {
    if (!(products > 0) || !Number.isFinite(this.budgetMs)) return;
    const rate = products / Math.max(ms, 0.01);
    // Little work says nothing against more that was fast enough.
    if (ms <= this.budgetMs && rate < this.#rate) return;
    this.#rate = Math.min(rate, this.#rate * mostGrowth);
  }
}

export interface Cut {
  /** Kernels from here to before `to`. */
  readonly to: number;
  readonly products: number;
}

/** The submit that begins with kernel `from`: one that has products, and as many as stay within the budget. */
export function cutAt(
  plan: Pick<Plan, 'dispatches' | 'products'>,
  from: number,
  positions: number,
  budget: number,
): Cut {
  let products = plan.products(from, positions);
  let to = from + 1;
  for (; to < plan.dispatches; to++) {
    const more = plan.products(to, positions);
    if (products > 0 && more > 0 && products + more > budget) break;
    products += more;
  }
  return { to, products };
}
