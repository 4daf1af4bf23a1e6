// Vocabularies as GGUF files hold them -> ids of the nasty corpus, equal to those of the libraries that define each
// splitting (scripts/golden/gguf_tokenizers.py). The vocabularies are small ones of our own: it is the ways of splitting
// and merging that are held.
import { describe, expect, it } from 'vitest';
import type { GgufValue } from '../formats/gguf/header';
import { Metadata } from '../formats/gguf/metadata';
import { knownSplittings, tokenizerJson } from '../formats/gguf/tokenizer-json';
import golden from './testing/gguf-tokenizers-golden.json';
import { nastyTexts } from './testing/nasty-corpus';
import { Tokenizer } from './tokenizer';

interface Golden {
  readonly model: string;
  readonly pre: string;
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  readonly merges?: readonly string[];
  readonly scores?: readonly number[];
  readonly ids: readonly (readonly number[])[];
}

function tokenizerOf({ model, pre, tokens, types, merges, scores }: Golden): Tokenizer {
  const values = new Map<string, GgufValue>([
    ['tokenizer.ggml.model', model],
    ['tokenizer.ggml.pre', pre],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', types],
    ...(merges ? [['tokenizer.ggml.merges', merges] as const] : []),
    ...(scores ? [['tokenizer.ggml.scores', scores] as const] : []),
  ]);
  return Tokenizer.parse(tokenizerJson(new Metadata(values)));
}

describe.each((golden as readonly Golden[]).map((one) => [one.pre, one] as const))('%s', (_, one) => {
  const tokenizer = tokenizerOf(one);

  it('has the ids of the library for every text', () => {
    const differ = nastyTexts.flatMap((text, i) => {
      const ids = tokenizer.encodeData(text);
      return JSON.stringify(ids) === JSON.stringify(one.ids[i]) ? [] : [{ text, ids, wanted: one.ids[i] }];
    });
    expect(differ).toEqual([]);
  });

  it('another way of splitting would be noticed', () => {
    const others = (golden as readonly Golden[]).filter(({ pre }) => pre !== one.pre && one.model === 'gpt2');
    for (const { pre, model } of others.filter(({ model: kind }) => kind === 'gpt2')) {
      const wrong = tokenizerOf({ ...one, pre, model });
      expect(nastyTexts.map((text) => wrong.encodeData(text))).not.toEqual(one.ids);
    }
  });
});

it('every splitting that is read is held to its library', () => {
  expect(golden.map(({ pre }) => pre)).toEqual(expect.arrayContaining([...knownSplittings]));
});
