// One assertion for kernel tests: the kernel's numbers against the twin's.
import { expect } from 'vitest';
import { compare, type Tolerance } from '../../reference/compare';

export function expectMatch(
  name: string,
  actual: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): void {
  const { ok, report } = compare(name, actual ?? [], expected, tolerance);
  expect(ok, report).toBe(true);
}

/** That the tolerance notices a planted mistake. */
export function expectMismatch(
  name: string,
  actual: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): void {
  const { ok, report } = compare(name, actual ?? [], expected, tolerance);
  expect(ok, `${report}: a kernel with a mistake passed`).toBe(false);
}
