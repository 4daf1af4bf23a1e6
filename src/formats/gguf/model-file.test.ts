// How the head of a file is read, in as few bytes as it takes, and what holds for a model in several parts.
import { describe, expect, it } from 'vitest';
import { parseHeads, partNames, readHeads } from './model-file';
import { smallGguf } from './testing/small-model';
import { writeGguf, type WrittenTensor, type WrittenValue } from './write-gguf';

const MiB = 2 ** 20;

/** Files by name, and which of their bytes were read. */
function folder(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>) {
  const reads: (readonly [string, number, number])[] = [];
  const open = (name: string) => {
    const file = files[name];
    if (!file) return Promise.reject(new Error(`There is no ${name}`));
    return Promise.resolve({
      nbytes: file.byteLength,
      read: (from: number, to: number) => {
        reads.push([name, from, to]);
        return Promise.resolve(file.slice(from, to));
      },
    });
  };
  return { open, reads };
}

describe('a head', () => {
  it('of a small file is read with the file', async () => {
    const file = smallGguf();
    const { open, reads } = folder({ 'a.gguf': file });
    await readHeads('a.gguf', open);
    expect(reads).toEqual([['a.gguf', 0, file.byteLength]]);
  });

  it('of a long file takes its first mebibyte, and only what a longer head needs more', async () => {
    const data: WrittenTensor = {
      name: 'blk.0.rest.weight',
      type: 'f32',
      shape: [3 * MiB],
      bytes: new Uint8Array(12 * MiB),
    };
    const { open, reads } = folder({ 'a.gguf': smallGguf({ extra: [data] }) });
    await readHeads('a.gguf', open);
    expect(reads).toEqual([['a.gguf', 0, MiB]]);

    const longer = folder({
      'a.gguf': smallGguf({ extra: [data], metadata: { filler: 'x'.repeat(3 * MiB) } }),
    });
    const { model } = await readHeads('a.gguf', longer.open);
    expect(model.metadata.get('filler')).toHaveLength(3 * MiB);
    // Each goes on where the one before has ended: at once to the end of the text, then twice as far.
    const ends = longer.reads.map(([, , to]) => to);
    expect(longer.reads.map(([, from]) => from)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends).toHaveLength(3);
    expect(ends[0]).toBe(MiB);
    expect(ends[1]).toBeGreaterThan(3 * MiB);
    expect(ends[1]).toBeLessThan(3.1 * MiB);
    expect(ends[2]).toBe(2 * (ends[1] ?? NaN));
  });

  it('keeps its text as short as the head, not as long as the file', async () => {
    const rest = { name: 'rest.weight', type: 'f32', shape: [MiB], bytes: new Uint8Array(4 * MiB) } as const;
    const { open } = folder({ 'a.gguf': smallGguf({ extra: [rest] }) });
    const { model, text } = await readHeads('a.gguf', open);
    expect(text.length).toBeLessThan(MiB / 4);
    expect(parseHeads(text)).toEqual(model);
  });
});

describe('factors of the rotary embedding', () => {
  const factors = (count: number, type: 'f32' | 'q4_0' = 'f32'): WrittenTensor => ({
    name: 'rope_freqs.weight',
    type,
    shape: [count],
    bytes: type === 'f32' ? new Uint8Array(new Float32Array(count).fill(2).buffer) : new Uint8Array(count),
  });
  const read = async (tensor: WrittenTensor) => {
    const { open } = folder({ 'a.gguf': smallGguf({ extra: [tensor] }) });
    return (await readHeads('a.gguf', open)).model.factors;
  };

  it('are read up to as many as a head could have pairs, and left alone past that', async () => {
    expect((await read(factors(1024))).get('rope_freqs.weight')).toHaveLength(1024);
    expect((await read(factors(1025))).size).toBe(0);
  });

  it('are numbers, not codes', async () => {
    await expect(read(factors(32, 'q4_0'))).rejects.toThrow(/rope_freqs.weight in Q4_0/);
  });
});

describe('a model in several parts', () => {
  const names = partNames('m-00001-of-00002.gguf');
  const tensor = (name: string): WrittenTensor => ({
    name,
    type: 'f32',
    shape: [32],
    bytes: new Uint8Array(128),
  });
  const parts = (count: WrittenValue, second = 'b.weight') =>
    folder({
      [names[0] ?? '']: writeGguf({ 'general.name': 'Split', 'split.tensors.count': count }, [
        tensor('a.weight'),
      ]),
      [names[1] ?? '']: writeGguf({}, [tensor(second)]),
    });

  it('is all of them, in order, whichever was chosen', async () => {
    for (const name of names) {
      const { model } = await readHeads(name, parts(2).open);
      expect(model.files.map((file) => file.name)).toEqual(names);
      expect([...model.tensors.keys()]).toEqual(['a.weight', 'b.weight']);
      expect(model.metadata.get('general.name')).toBe('Split');
    }
  });

  it('is refused where a tensor is missing or there twice', async () => {
    for (const count of [1, 3])
      await expect(readHeads(names[0] ?? '', parts(count).open)).rejects.toThrow(
        `has 2 of its ${count} tensors`,
      );
    await expect(readHeads(names[0] ?? '', parts(2, 'a.weight').open)).rejects.toThrow(
      /a.weight in two parts/,
    );
  });

  it('has from one to 64 of them', () => {
    expect(partNames('m-00001-of-00064.gguf')).toHaveLength(64);
    expect(partNames('M-00001-of-00001.GGUF')).toEqual(['M-00001-of-00001.gguf']);
    for (const count of ['00065', '00000'])
      expect(() => partNames(`m-00001-of-${count}.gguf`)).toThrow(
        expect.objectContaining({ code: 'model/bad-gguf' }) as Error,
      );
    // A name of another shape is one file.
    expect(partNames('m-1-of-2.gguf')).toEqual(['m-1-of-2.gguf']);
  });
});
