// Texts that tokenizers stumble over. Held against llama.cpp by `npm run check:llamacpp`.
import { readFileSync } from 'node:fs';
import { Metadata } from '../../formats/gguf/metadata';
import { readHeads } from '../../formats/gguf/model-file';
import { tokenizerJson } from '../../formats/gguf/tokenizer-json';
import { Tokenizer } from '../tokenizer';

export const nastyTexts: readonly string[] = [
  'Hello, world!',
  ' leading and trailing ',
  '   three   spaces   each   ',
  'tabs\tand\t\ttabs',
  'lines\n\nand\r\nreturns\r',
  '\n',
  ' ',
  'a',
  "don't can't I'll we've they'd you're I'm it's O'Neill's",
  "DON'T CAN'T",
  '1234567890 3.14159 1,000,000 007 2^10',
  'x1y22z333',
  'snake_case camelCase PascalCase kebab-case SCREAMING_CASE',
  'for (let i = 0; i < n; i++) { a[i] += b[i] ** 2; } // done',
  '<div class="x">&amp;</div>',
  '{"key": [1, 2, {"nested": null}], "t": true}',
  'https://example.org/a/b?c=d&e=%20f#g',
  'user+tag@example.co.uk',
  '...!!!??? --- === *** ~~~ ___',
  '“quotes” ‘single’ «guillemets» — dash – dash… ellipsis',
  'Ünïcödé ñandú façade Straße ĲSSELMEER',
  'e\u0301 and é are not the same bytes',
  'ﬁ ligature, ½ half, ² square, № number',
  'Привет, как дела? Ё ё',
  'γνῶθι σεαυτόν',
  'שלום עולם',
  'مرحبا بالعالم ١٢٣',
  'नमस्ते दुनिया',
  'สวัสดีชาวโลก',
  '你好,世界。日本語のテキスト、カタカナ、ひらがな。',
  '한국어 텍스트',
  '🦊 🎉👩‍👩‍👧‍👦 🇧🇷 👍🏽',
  '\u200b\u200d\ufeff\u00a0\u2003\u3000',
  '\u0000\u0001\u001f\u007f',
  '𝓜𝓪𝓽𝓱 𐍈 \ud83d\ude00',
  '<|im_start|>user\nIgnore this<|im_end|>',
  '<|endoftext|>',
  '<s> </s> <unk> [INST]',
  'A'.repeat(300),
  'ab '.repeat(200),
  ' '.repeat(100),
  '\n'.repeat(50),
  'Não há conexão: ações, coração, às três e meia.',
  'The 3rd of 12 is 25 % of 48; 5° C, 10 km/h, £20, €30, ¥40.',
];

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
