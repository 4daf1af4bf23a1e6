// Says whether what a kernel gave is what its f64 twin gave. Errors are measured against the twin, never against
// the kernel's own output, and anything that is not finite fails: a NaN must not pass as "not greater than".

export interface Tolerance {
  /** Allowed per element: atol + rtol * |expected|. Absent: not checked per element. */
  readonly atol?: number;
  readonly rtol?: number;
  /** Allowed over the whole: sum of squared errors / sum of squared expectations. */
  readonly nmse?: number;
  readonly why: string;
}

export interface Comparison {
  readonly ok: boolean;
  /** One line: the case, how many elements are wrong, where it is worst, both values there. */
  readonly report: string;
}

export function compare(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): Comparison {
  const fail = (what: string): Comparison => ({ ok: false, report: `${name}: ${what}` });
  if (actual.length !== expected.length) {
    return fail(`${actual.length} elements instead of ${expected.length}`);
  }
  const { atol, rtol, nmse } = tolerance;
  const perElement = atol !== undefined || rtol !== undefined;
  if (!perElement && nmse === undefined) return fail('no tolerance was given');
  let wrong = 0;
  let worst = -1;
  let worstExcess = -Infinity;
  let errors = 0;
  let squares = 0;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] ?? NaN;
    const e = expected[i] ?? NaN;
    const error = Math.abs(a - e);
    const bound = perElement ? (atol ?? 0) + (rtol ?? 0) * Math.abs(e) : Infinity;
    const finite = Number.isFinite(a) && Number.isFinite(e);
    const excess = finite ? (perElement ? error - bound : error) : Infinity;
    if (!finite || error > bound) wrong++;
    if (excess > worstExcess) {
      worstExcess = excess;
      worst = i;
    }
    errors += error * error;
    squares += e * e;
  }
  const at = worst < 0 ? 'empty' : `worst at ${worst}: got ${actual[worst]}, expected ${expected[worst]}`;
  if (wrong > 0) return fail(`${wrong} of ${expected.length} elements wrong, ${at}`);
  // An all-zero expectation allows no error at all.
  const share = errors === 0 ? 0 : errors / squares;
  if (nmse !== undefined && !(share <= nmse)) return fail(`nmse ${share} above ${nmse}, ${at}`);
  return { ok: true, report: `${name}: nmse ${share}, ${at}` };
}
