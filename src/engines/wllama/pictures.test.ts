// Pictures on their way to llama.cpp: nothing is handed on that this browser does not read as a picture.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Eyes } from '../../formats/model-config';
import { Pictures, tokensOf } from './pictures';

const eyes: Eyes = {
  name: 'mmproj.gguf',
  nbytes: 1,
  kind: 'mlp',
  imageSize: 32,
  patchSize: 8,
  merge: 1,
  longestEdge: 32,
  mostTiles: 1,
};
const image = `data:image/jpeg;base64,${btoa('jpeg')}`;
const user = (images: readonly string[]) => [{ role: 'user', content: 'What?', images }] as const;
/** What the browser makes of bytes: Node has no decoder. */
const decode = vi.fn((_: Blob) => Promise.resolve({ width: 40, height: 30, close: () => undefined }));

beforeEach(() => {
  decode.mockClear();
  vi.stubGlobal('createImageBitmap', decode);
});
afterEach(() => vi.unstubAllGlobals());

describe('Pictures', () => {
  it('gives the bytes in order, and how much of the context they take; each is decoded once', async () => {
    const pictures = new Pictures(eyes);
    const other = `data:image/png;base64,${btoa('png')}`;
    const messages = [
      ...user([image, other]),
      { role: 'assistant', content: 'A' } as const,
      ...user([image]),
    ];
    const found = await pictures.of(messages);
    expect(found.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['jpeg', 'png', 'jpeg']);
    expect(tokensOf(found)).toBe(3 * (16 + 16 + 2));
    await pictures.of(messages);
    expect(decode).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['an address of the network', 'https://example.org/a.png'],
    ['a kind that draws', `data:image/svg+xml;base64,${btoa('<svg/>')}`],
    ['words', 'data:image/png;base64,no words!'],
    ['half a base64', 'data:image/png;base64,A'],
    ['nothing', 'data:image/png;base64,'],
  ])('refuses %s, naming the message', async (_, address) => {
    const refused = new Pictures(eyes).of(user([address]));
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'run/bad-request' }));
    await expect(refused).rejects.toThrow(/messages\[0\]\.images/);
    expect(decode).not.toHaveBeenCalled();
  });

  it('refuses what the browser cannot read, and what is larger than anybody needs', async () => {
    decode.mockRejectedValueOnce(new DOMException('broken', 'InvalidStateError'));
    await expect(new Pictures(eyes).of(user([image]))).rejects.toThrow(/no picture/);
    decode.mockResolvedValueOnce({ width: 60_000, height: 60_000, close: () => undefined });
    await expect(new Pictures(eyes).of(user([image]))).rejects.toThrow(/60000 by 60000/);
  });

  it('refuses more than four in a message, and any where the model sees none', async () => {
    await expect(new Pictures(eyes).of(user(Array(5).fill(image)))).rejects.toThrow(/more than the 4/);
    await expect(new Pictures(undefined).of(user([image]))).rejects.toThrow(/reads text only/);
    expect(await new Pictures(undefined).of(user([]))).toEqual([]);
  });
});
