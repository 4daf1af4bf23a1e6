import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng';
import { Sampler, samplerWords, type SamplerSettings } from './sampler';
import { StopFilter } from './stop';

const settings = (change: Partial<SamplerSettings> = {}): Uint32Array<ArrayBuffer> =>
  samplerWords({
    temperature: 1,
    topP: 1,
    repetitionPenalty: 1,
    seed: 1,
    ...change,
  });

/** How often each id comes in `n` draws from the same logits, every draw an answer of its own. */
function frequencies(logits: readonly number[], change: Partial<SamplerSettings>, n = 20_000): number[] {
  const counts = logits.map(() => 0);
  const sampler = new Sampler(settings(change));
  for (let i = 0; i < n; i++) {
    const id = sampler.sample(Float32Array.from(logits));
    counts[id] = (counts[id] ?? 0) + 1 / n;
  }
  return counts;
}

const softmax = (logits: readonly number[], temperature = 1): number[] => {
  const weights = logits.map((logit) => Math.exp(logit / temperature));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
};

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  // Four standard deviations of a share of 20,000 draws.
  actual.forEach((share, i) => {
    expect(Math.abs(share - (expected[i] ?? 0)), `id ${i}`).toBeLessThan(0.0142);
  });
}

describe('Sampler', () => {
  const logits = [1, -2, 3, 0.5, 2.9, -30];

  it('is greedy at temperature 0, whatever the rest, lowest id among equals', () => {
    const greedy = new Sampler(settings({ temperature: 0, topP: 0.1, seed: 5 }));
    expect(greedy.sample(Float32Array.from(logits))).toBe(2);
    expect(greedy.sample(Float32Array.of(-5, -1, -1, -3))).toBe(1);
    expect(greedy.sample(Float32Array.of(-3e38))).toBe(0);
  });

  it.each([0.3, 1, 2.5])('draws by softmax at temperature %d', (temperature) => {
    expectClose(frequencies(logits, { temperature }), softmax(logits, temperature));
  });

  it('draws by softmax however large the logits', () => {
    expectClose(frequencies([1000, 1001], {}), softmax([0, 1]));
    expect(frequencies([1000, -1000], { temperature: 1e-12 }, 64)).toEqual([1, 0]);
  });

  it('keeps to the fewest tokens that reach top-p, the one that crosses it included', () => {
    const shares = [0.5, 0.25, 0.15, 0.07, 0.03];
    const asLogits = shares.map(Math.log);
    expectClose(frequencies(asLogits, { topP: 0.7 }), [0.5 / 0.75, 0.25 / 0.75, 0, 0, 0]);
    expectClose(frequencies(asLogits, { topP: 0.8 }), [0.5 / 0.9, 0.25 / 0.9, 0.15 / 0.9, 0, 0]);
    expectClose(frequencies(asLogits, { topP: 1e-6 }), [1, 0, 0, 0, 0]);
    expectClose(frequencies(asLogits, { topP: 0.999999 }), shares);
  });

  it('finds the same nucleus as a full sort, on a whole vocabulary', () => {
    const random = prng(11);
    for (const topP of [0.2, 0.9, 0.99]) {
      const large = Float32Array.from({ length: 32064 }, () => (random() + random() + random()) * 8);
      const shares = softmax([...large]);
      const order = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
      let sum = 0;
      const nucleus = new Set<number>();
      for (const id of order) {
        if (sum >= topP) break;
        nucleus.add(id);
        sum += shares[id] ?? 0;
      }
      const sampler = new Sampler(settings({ topP, seed: 3 }));
      for (let i = 0; i < 60; i++) expect(nucleus.has(sampler.sample(large.slice()))).toBe(true);
    }
  });

  it('penalises tokens of the answer once each: positive divided, negative multiplied', () => {
    const sampler = new Sampler(settings({ temperature: 0, repetitionPenalty: 2 }));
    expect(sampler.sample(Float32Array.of(5, 4, -1))).toBe(0);
    // 5 / 2 < 4.
    expect(sampler.sample(Float32Array.of(5, 4, -1))).toBe(1);
    // 2.5 again, not 1.25, against 2 and 2.4.
    expect(sampler.sample(Float32Array.of(5, 4, 2.4))).toBe(0);
    // -1.2 becomes -2.4, below -2.
    expect(sampler.sample(Float32Array.of(-1.2, -9, -2))).toBe(2);
  });

  it('gives the same ids for the same seed and others for another', () => {
    const draw = (seed: number): number[] => {
      const sampler = new Sampler(settings({ seed }));
      const random = prng(2);
      return Array.from({ length: 50 }, () =>
        sampler.sample(Float32Array.from({ length: 100 }, () => random() * 4)),
      );
    };
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(2 ** 40)).not.toEqual(draw(2 ** 41));
    expect(draw(-1)).toEqual(draw(-1));
  });

  it.each([NaN, Infinity, -Infinity])('refuses a logit of %d, naming the token', (bad) => {
    const sampler = new Sampler(settings({ temperature: 0 }));
    expect(() => sampler.sample(Float32Array.of(1, 2, bad, 3))).toThrow(
      expect.objectContaining({ code: 'run/bad-logits', details: { token: 2, value: String(bad) } }),
    );
  });
});

describe('StopFilter', () => {
  const run = (stops: readonly string[], pieces: readonly string[]): string[] => {
    const filter = new StopFilter(stops);
    const shown: string[] = [];
    for (const piece of pieces) {
      const { text, stopped } = filter.push(piece);
      shown.push(text);
      if (stopped) return [...shown, 'STOP'];
    }
    return [...shown, filter.flush()];
  };

  it('lets text pass at once when nothing can follow', () => {
    expect(run([], ['a', 'b'])).toEqual(['a', 'b', '']);
    expect(run(['###'], ['a', 'b'])).toEqual(['a', 'b', '']);
  });

  it('finds a stop string across pieces and shows nothing of it', () => {
    expect(run(['<|end|>'], ['Hi <', '|en', 'd|', '> there'])).toEqual(['Hi ', '', '', '', 'STOP']);
    expect(run(['\n\n'], ['a\n', '\nb'])).toEqual(['a', '', 'STOP']);
  });

  it('gives back what only looked like one', () => {
    expect(run(['<|end|>'], ['a <|e', 'x'])).toEqual(['a ', '<|ex', '']);
    expect(run(['aab'], ['aa', 'a', 'b'])).toEqual(['', 'a', '', 'STOP']);
    expect(run(['ab'], ['xa'])).toEqual(['x', 'a']);
  });

  it('stops at the earliest of several', () => {
    expect(run(['END', 'E'], ['xEND'])).toEqual(['x', 'STOP']);
    expect(run(['b', 'a'], ['xxaybz'])).toEqual(['xx', 'STOP']);
  });

  it('agrees with a search of the whole text, wherever the pieces are cut', () => {
    const random = prng(9);
    for (let round = 0; round < 500; round++) {
      const letters = Array.from({ length: 30 }, () => 'ab'[Math.floor(random() * 2)] ?? '').join('');
      const stops = ['abab', 'bbba'];
      const cuts: string[] = [];
      for (let from = 0; from < letters.length;) {
        const to = from + 1 + Math.floor(random() * 4);
        cuts.push(letters.slice(from, to));
        from = to;
      }
      const found = stops.map((stop) => letters.indexOf(stop)).filter((at) => at >= 0);
      const expected = letters.slice(0, Math.min(...found, letters.length));
      // A later cut may reveal an earlier match only if both overlap; with equal lengths that cannot be.
      expect(
        run(stops, cuts)
          .filter((text) => text !== 'STOP')
          .join(''),
      ).toBe(expected);
    }
  });
});
