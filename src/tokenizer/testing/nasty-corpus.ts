// Texts that tokenizers stumble over. Held against llama.cpp by `npm run check:llamacpp`, and against the libraries that
// define each splitting by gguf-tokenizers.test.ts.
import { readFileSync } from 'node:fs';
import { Metadata } from '../../formats/gguf/metadata';
import { readHeads } from '../../formats/gguf/model-file';
import { tokenizerJson } from '../../formats/gguf/tokenizer-json';
import { Tokenizer } from '../tokenizer';
import texts from './nasty-texts.json';

export const nastyTexts: readonly string[] = texts;

/** Ids of the texts, none of whose tags are obeyed, and of a text, by the tokenizer of a GGUF file. */
export async function idsOf(
  path: string,
  prose: string,
): Promise<{
  readonly texts: readonly string[];
  readonly ids: readonly number[][];
  readonly prose: number[];
}> {
  const file = readFileSync(path);
  const { model } = await readHeads('model.gguf', () =>
    Promise.resolve({
      nbytes: file.byteLength,
      read: (from: number, to: number) => Promise.resolve(new Uint8Array(file.subarray(from, to))),
    }),
  );
  const tokenizer = Tokenizer.parse(tokenizerJson(new Metadata(model.metadata)));
  return {
    texts: nastyTexts,
    ids: nastyTexts.map((text) => tokenizer.encodeData(text)),
    prose: tokenizer.encodeData(prose),
  };
}
