// What a model sees by: read beside the model, held against it, and never a tensor of its own.
import { describe, expect, it } from 'vitest';
import type { Eyes } from '../model-config';
import { parseManifest } from '../mlc/parse-manifest';
import { ggufCard } from './card';
import { ggufConfig } from './config';
import { pictureTokens } from './eyes';
import { manifestOf, parseHeads, readHeads, type GgufModel } from './model-file';
import { smallEyes, smallSeeing, type SmallEyes } from './testing/small-eyes';

type File = Uint8Array<ArrayBuffer>;

const read = (eyes: File, model = smallSeeing()) =>
  readHeads(
    'small.gguf',
    (name) => {
      const file = name === 'mmproj.gguf' ? eyes : model;
      const bytes = (from: number, to: number) => Promise.resolve(file.slice(from, to));
      return Promise.resolve({ nbytes: file.byteLength, read: bytes });
    },
    'mmproj.gguf',
  );
const pairOf = async (options: SmallEyes = {}): Promise<GgufModel> => (await read(smallEyes(options))).model;

describe('a pair of files', () => {
  it('is one model, whose card says what it sees by; its text gives the same again', async () => {
    const { model, text } = await read(smallEyes());
    const config = ggufConfig(model);
    expect(config.eyes).toEqual({
      name: 'mmproj.gguf',
      nbytes: smallEyes().byteLength,
      kind: 'idefics3',
      imageSize: 32,
      patchSize: 8,
      merge: 2,
      longestEdge: 32,
      mostTiles: 1,
    });
    expect(ggufConfig(parseHeads(text))).toEqual(config);
    expect((await ggufCard(model)).eyes).toEqual({
      name: 'mmproj.gguf',
      nbytes: smallEyes().byteLength,
      kind: 'idefics3',
    });
  });

  it('has both files among its shards, and no tensor of the second', async () => {
    const { shards, totalBytes } = parseManifest(manifestOf(await pairOf()), 'small.gguf');
    expect(shards.map(({ dataPath, records }) => [dataPath, records.length > 0])).toEqual([
      ['small.gguf', true],
      ['mmproj.gguf', false],
    ]);
    expect(totalBytes).toBe(smallSeeing().byteLength + smallEyes().byteLength);
  });

  it.each([
    [
      'is a model of its own',
      { metadata: { 'general.architecture': 'llama' } },
      /mmproj\.gguf is not what.*alone/,
    ],
    ['was made for another model', { hidden: 96 }, /mmproj\.gguf was made for another.*96.*64.*Choose/],
    ['hears', { metadata: { 'clip.has_vision_encoder': false } }, /no vision encoder/],
    ['is of a kind nobody knows', { metadata: { 'clip.projector_type': 'dream' } }, /"dream".*idefics3/],
    ['is of a kind that objects have', { metadata: { 'clip.projector_type': 'toString' } }, /"toString"/],
  ] as const)('whose second file %s is refused in words', async (_, options, words) => {
    const model = await pairOf(options);
    const refused = expect.objectContaining({ code: 'model/unsupported-arch' });
    expect(() => ggufConfig(model)).toThrow(refused);
    expect(() => ggufConfig(model)).toThrow(words);
    await expect(ggufCard(model)).rejects.toThrow(words);
  });

  it.each([
    ['no last matrix', { without: 'mm.model.fc.weight' }, /mm\.model\.fc\.weight/],
    ['patches larger than its pictures', { metadata: { 'clip.vision.patch_size': 33 } }, /patch_size/],
    ['no heads', { metadata: { 'clip.vision.attention.head_count': 0 } }, /head_count/],
    ['two colours', { metadata: { 'clip.vision.image_std': [0.5, 0.5] } }, /three numbers.*image_std/],
    ['no kind', { metadata: { 'clip.projector_type': 3 } }, /projector_type/],
  ] as const)('whose second file has %s is bad', async (_, options, words) => {
    const model = await pairOf(options);
    expect(() => ggufConfig(model)).toThrow(expect.objectContaining({ code: 'model/bad-gguf' }));
    expect(() => ggufConfig(model)).toThrow(words);
  });

  it('whose second file is cut off is bad', async () => {
    const cut = smallEyes().slice(0, 2000);
    await expect(read(cut)).rejects.toThrow(expect.objectContaining({ code: 'model/bad-gguf' }));
  });
});

describe('pictureTokens', () => {
  // SmolVLM-256M's: tiles of 64 positions, a picture's longer side stretched to 2048 pixels.
  const smolVlm: Eyes = {
    name: 'mmproj.gguf',
    nbytes: 1,
    kind: 'idefics3',
    imageSize: 512,
    patchSize: 16,
    merge: 4,
    longestEdge: 2048,
    mostTiles: 1,
  };

  it('counts the tiles of a picture, and all of it once more', () => {
    const tags = 16;
    expect(pictureTokens(smolVlm, 100, 100)).toBe(17 * (64 + tags) + 8);
    expect(pictureTokens(smolVlm, 400, 300)).toBe(13 * (64 + tags) + 8);
    expect(pictureTokens(smolVlm, 10, 4000)).toBe(5 * (64 + tags) + 8);
  });

  it('counts the patches of one that is looked at whole', () => {
    const llava = { ...smolVlm, kind: 'mlp', imageSize: 336, patchSize: 14, merge: 1, longestEdge: 336 };
    expect(pictureTokens(llava, 400, 300)).toBeGreaterThanOrEqual(576);
    expect(pictureTokens(llava, 400, 300)).toBeLessThan(600);
  });
});
