// The f64 twin against transformers' own Phi3ForCausalLM in float64: the window, long rope below, at and over the end of
// its original positions, grouped queries, partial rotary, and each spelling of a configuration.
import { describe, expect, it } from 'vitest';
import { differenceOf, goldenCases, type GoldenCase, type GoldenRow } from '../model/testing/hf-golden';
import { Phi3Twin, type Parity } from './phi3';

const cases = goldenCases();
const named = cases.map((one) => [one.name, one] as const);
const long = cases.flatMap((one) => (one.grown ? [[one.name, one] as const] : []));

function twinOf({ shape, tensors }: GoldenCase, parity?: Parity): Phi3Twin {
  return new Phi3Twin(shape, new Map(tensors.map((tensor) => [tensor.record.name, tensor])), parity);
}

/** Ten digits are recorded. */
function expectAlike(logits: ArrayLike<number>, rows: readonly GoldenRow[] = []): void {
  const { worst, others } = differenceOf(logits, rows);
  expect(others).toEqual([]);
  expect(worst).toBeLessThan(2e-9);
}

describe('the twin and transformers', () => {
  it('are held together on windows of 8 and 30 and on long rope', () => {
    const windows = new Set(cases.map(({ shape }) => shape.slidingWindow));
    expect([...windows].sort()).toEqual([30, 8, undefined]);
    expect(long.length).toBeGreaterThanOrEqual(6);
  });

  it.each(named)('a text in one call: %s', (_name, one) => {
    expectAlike(twinOf(one).logits(one.ids, 0), one.whole);
  });

  it.each(long)('texts that just fit, and just do not: %s', (_name, one) => {
    one.first?.forEach((rows) => expectAlike(twinOf(one).logits(one.ids.slice(0, rows.length), 0), rows));
  });

  it.each(long)('token by token, as generate() goes: %s', (_name, one) => {
    const twin = twinOf(one);
    expectAlike(
      one.ids.flatMap((id, i) => [...twin.logits([id], i)]),
      one.grown,
    );
  });

  it('are apart where the window, or that everything is read again, is left out', () => {
    const window = cases.find(({ name }) => name === 'window of 30');
    const crossing = cases.find(({ name }) => name === 'long rope');
    if (!window || !crossing) throw new Error('The golden cases have other names');
    expect(differenceOf(twinOf(window, 'webllm').logits(window.ids, 0), window.whole).worst).toBeGreaterThan(
      0.1,
    );
    const twin = twinOf(crossing, 'webllm');
    const steps = crossing.ids.flatMap((id, i) => [...twin.logits([id], i)]);
    expect(differenceOf(steps, crossing.grown ?? []).worst).toBeGreaterThan(0.1);
  });
});
