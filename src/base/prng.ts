// A small seeded generator: the same seed gives the same numbers in every realm and on every machine.

/** Uniform numbers in [0, 1) with 32 random bits each. Source: sfc32, Chris Doty-Humphrey's PractRand. */
export function prng(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = (seed ^ 0xdeadbeef) >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 0x1_0000_0000;
  };
  // The first outputs still resemble the seed.
  for (let i = 0; i < 15; i++) next();
  return next;
}
