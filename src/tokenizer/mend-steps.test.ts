// Golden ids by the Rust library from PyPI; training/steps_golden.py makes them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mendSteps } from './mend-steps';
import { referenceTokenizer } from './testing/mlc-tokenizer';
import { Tokenizer } from './tokenizer';

interface Golden {
  readonly tokenizer: object;
  readonly texts: readonly string[];
  readonly cases: readonly { readonly name: string; readonly step: object; readonly ids: number[][] }[];
}
const golden = JSON.parse(
  readFileSync(new URL('./testing/steps-golden.json', import.meta.url), 'utf8'),
) as Golden;

describe.each(golden.cases)('$name', ({ step, ids }) => {
  const json = JSON.stringify({ ...golden.tokenizer, pre_tokenizer: step });

  it.each(golden.texts.map((text, i) => [text, ids[i] ?? []] as const))('%j', (text, expected) => {
    expect(Tokenizer.parse(json).encodeData(text)).toEqual(expected);
  });

  it('means the same to the build of that library that WebLLM uses', async () => {
    const theirs = await referenceTokenizer(json);
    expect(golden.texts.map((text) => theirs.encode(text))).toEqual(ids);
  });
});

it('leaves what is no step to the library, and an escaped backslash alone', () => {
  for (const nothing of [null, undefined, 3, 'Digits', []]) expect(mendSteps(nothing)).toBe(nothing);
  expect(mendSteps({ type: 'Sequence', pretokenizers: 3 })).toEqual({ type: 'Sequence', pretokenizers: 3 });
  const split = (Regex: string): object => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated' });
  expect(mendSteps(split('\\\\s[^\\s]\\D'))).toEqual(split('\\\\s[^\\p{White_Space}]\\P{Nd}'));
  const literal = { type: 'Split', pattern: { String: '\\s' } };
  expect(mendSteps(literal)).toBe(literal);
});
