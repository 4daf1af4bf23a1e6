import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import { TensorBytes } from './tensor-bytes';

/** What a GPU buffer of that many bytes holds after the writes. */
function target(nbytes: number): { tensor: TensorBytes; held: Uint8Array; writes: number[] } {
  const held = new Uint8Array(Math.ceil(nbytes / 4) * 4).fill(0xee);
  const writes: number[] = [];
  const tensor = new TensorBytes(nbytes, (byteOffset, bytes) => {
    expect(byteOffset % 4).toBe(0);
    expect(bytes.byteLength % 4).toBe(0);
    held.set(bytes, byteOffset);
    writes.push(byteOffset);
  });
  return { tensor, held, writes };
}

function ramp(nbytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: nbytes }, (_, i) => (i % 250) + 1);
}

describe('a tensor in ranges', () => {
  it('is one write when it comes whole', () => {
    const { tensor, held, writes } = target(64);
    tensor.put(0, ramp(64));
    expect(tensor.whole).toBe(true);
    expect(writes).toEqual([0]);
    expect(held).toEqual(ramp(64));
  });

  it('pads its last word with zeros', () => {
    const { tensor, held } = target(6);
    tensor.put(0, ramp(6));
    expect(tensor.whole).toBe(true);
    expect([...held]).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
  });

  it('waits for the rest of a word that a cut went through', () => {
    const { tensor, held, writes } = target(8);
    tensor.put(3, ramp(8).subarray(3));
    expect(writes).toEqual([4]);
    expect(tensor.whole).toBe(false);
    tensor.put(1, ramp(8).subarray(1, 3));
    expect(writes).toEqual([4]);
    tensor.put(0, ramp(8).subarray(0, 1));
    expect(writes).toEqual([4, 0]);
    expect(tensor.whole).toBe(true);
    expect(held).toEqual(ramp(8));
  });

  it('comes out right whatever the cuts and the order are', () => {
    const next = prng(7);
    for (let round = 0; round < 300; round++) {
      const nbytes = 1 + Math.floor(next() * 40);
      const all = ramp(nbytes);
      const cuts = [0, nbytes, ...Array.from({ length: 6 }, () => Math.floor(next() * nbytes))];
      cuts.sort((a, b) => a - b);
      const ranges = cuts
        .slice(1)
        .map((end, i) => ({ start: cuts[i] ?? 0, end, order: next() }))
        .filter(({ start, end }) => end > start)
        .sort((a, b) => a.order - b.order);
      const { tensor, held } = target(nbytes);
      for (const { start, end } of ranges) {
        expect(tensor.whole).toBe(false);
        tensor.put(start, all.subarray(start, end));
      }
      expect(tensor.whole).toBe(true);
      expect(held.subarray(0, nbytes)).toEqual(all);
      expect(held.subarray(nbytes).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('is not whole by the same bytes twice', () => {
    const { tensor, held } = target(12);
    tensor.put(0, ramp(12).subarray(0, 7));
    tensor.put(0, ramp(12).subarray(0, 7));
    tensor.put(2, ramp(12).subarray(2, 6));
    expect(tensor.whole).toBe(false);
    tensor.put(5, ramp(12).subarray(5));
    expect(tensor.whole).toBe(true);
    expect(held).toEqual(ramp(12));
  });
});
