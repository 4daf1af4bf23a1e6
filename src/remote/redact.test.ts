import { describe, expect, test } from 'vitest';
import { findPersonalData } from '../safety/personal-data';
import { redact, restore, Restorer } from './redact';
import { evaluateRedaction } from './testing/redaction-set';

const kindsOf = (text: string): readonly string[] =>
  findPersonalData(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);

describe('personal data', () => {
  test('is found by its form and its check digits', () => {
    expect(kindsOf('Meu CPF é 529.982.247-25, e-mail ana@example.com.br.')).toEqual([
      'cpf:529.982.247-25',
      'email:ana@example.com.br',
    ]);
    expect(kindsOf('IBAN DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111.')).toEqual([
      'iban:DE89 3704 0044 0532 0130 00',
      'card:4111 1111 1111 1111',
    ]);
    expect(kindsOf('CNPJ 12.ABC.345/01DE-35 e 11.222.333/0001-81')).toEqual([
      'cnpj:12.ABC.345/01DE-35',
      'cnpj:11.222.333/0001-81',
    ]);
  });

  test('a wrong check digit is a number like any other', () => {
    expect(kindsOf('529.982.247-24 and 4111 1111 1111 1112 and DE89 3704 0044 0532 0130 01')).toEqual([]);
  });

  test('names by title, by list, by what stands before; not places and firms', () => {
    expect(kindsOf('Ask Maria de Souza or Dr. Xu about it.')).toEqual(['name:Maria de Souza', 'name:Xu']);
    expect(kindsOf('Banco Central, Golden Gate Bridge, New York, São Paulo')).toEqual([]);
    expect(kindsOf('Will it rain? Mark the date. Rosa é uma cor.')).toEqual([]);
  });

  test('keys, and passwords where they are said to be such', () => {
    expect(kindsOf('password: hunter2x! and the password policy')).toEqual(['key:hunter2x!']);
  });
});

describe('placeholders', () => {
  test('are the same for the same value in every text, and none was there before', () => {
    const { texts, values } = redact(['I am a@b.example. [EMAIL_1]?', 'a@b.example or c@d.example']);
    expect(texts).toEqual(['I am [EMAIL_2]. [EMAIL_1]?', '[EMAIL_2] or [EMAIL_3]']);
    expect(texts.map((text) => restore(text, values))).toEqual([
      'I am a@b.example. [EMAIL_1]?',
      'a@b.example or c@d.example',
    ]);
  });

  test('come back whole from pieces that cut them, escaped or not, and nothing else is held back for good', () => {
    const restorer = new Restorer(new Map([['[NAME_1]', 'Ana']]));
    const pieces = ['Dear [', 'NAME', '_1', '], see \\[NAME_1\\] and [1', '] and [NAME_9].', ' A list ['];
    expect(pieces.map((piece) => restorer.push(piece)).join('') + restorer.end()).toBe(
      'Dear Ana, see Ana and [1] and [NAME_9]. A list [',
    );
  });
});

test('300 seeded texts: what is planted is found, what is not is left alone, and all comes back', () => {
  const { kinds, falseMarks, restoredExactly, texts } = evaluateRedaction();
  expect(texts).toBe(300);
  for (const [kind, { recall, planted }] of Object.entries(kinds)) {
    expect(planted).toBeGreaterThan(20);
    expect(recall, kind).toBeGreaterThanOrEqual(kind === 'name' ? 0.9 : 0.98);
  }
  expect(falseMarks).toBeLessThanOrEqual(0.02);
  expect(restoredExactly).toBe(300);
});
