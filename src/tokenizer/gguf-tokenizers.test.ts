// Vocabularies as GGUF files hold them -> ids of the nasty corpus, equal to those of the libraries that define each
// splitting (scripts/golden/gguf_tokenizers.py). The vocabularies are small ones of our own: it is the ways of splitting
// and merging that are held.
import { describe, expect, it } from 'vitest';
import { Metadata } from '../formats/gguf/metadata';
import { knownSplittings, tokenizerJson } from '../formats/gguf/tokenizer-json';
import { nastyTexts } from './testing/nasty-corpus';
import { splittings, vocabularyOf, type SplittingGolden } from './testing/splittings';
import { Tokenizer } from './tokenizer';

function tokenizerOf(one: SplittingGolden): Tokenizer {
  return Tokenizer.parse(tokenizerJson(new Metadata(new Map(Object.entries(vocabularyOf(one))))));
}

describe.each(splittings.map((one) => [one.pre, one] as const))('%s', (_, one) => {
  const tokenizer = tokenizerOf(one);

  it('has the ids of the library for every text', () => {
    const differ = nastyTexts.flatMap((text, i) => {
      const ids = tokenizer.encodeData(text);
      return JSON.stringify(ids) === JSON.stringify(one.ids[i]) ? [] : [{ text, ids, wanted: one.ids[i] }];
    });
    expect(differ).toEqual([]);
  });

  it('another way of splitting would be noticed', () => {
    const others = splittings.filter(({ pre }) => pre !== one.pre && one.model === 'gpt2');
    for (const { pre, model } of others.filter(({ model: kind }) => kind === 'gpt2')) {
      const wrong = tokenizerOf({ ...one, pre, model });
      expect(nastyTexts.map((text) => wrong.encodeData(text))).not.toEqual(one.ids);
    }
  });
});

it('every splitting that is read is held to its library', () => {
  expect(splittings.map(({ pre }) => pre)).toEqual(expect.arrayContaining([...knownSplittings]));
});
