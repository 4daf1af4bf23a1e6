// 300 seeded texts with planted personal data, in English and Portuguese, and what a finder makes of them. Half of the
// names are of people whom no list of common names knows; between the planted values stand traps: dates, versions,
// order numbers, places, companies.
import { prng } from '../../base/prng';
import { passesCpf, passesIban, passesLuhn, passesCnpj } from '../../safety/check-digits';
import { findPersonalData, personalKinds, type PersonalKind } from '../../safety/personal-data';
import { redact, restore } from '../redact';

type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');

/** The characters after the stem that make it pass. */
function completed(stem: string, count: number, passes: (whole: string) => boolean): string {
  for (let at = 0; at < 10 ** count; at++) {
    const whole = stem + String(at).padStart(count, '0');
    if (passes(whole)) return whole;
  }
  throw new Error(`${stem} cannot be completed.`);
}

const people = {
  known: ['Maria Oliveira', 'João Santos', 'John Smith', 'Emily Johnson', 'Ana Paula Costa', 'Michael Brown',
    'Fernanda Lima', 'Carlos Eduardo Pereira', 'Sarah Connolly', 'David Kowalski', 'Beatriz Almeida', 'Rafael',
    'Juliana', 'Thomas', 'Lucas Ferreira da Silva', 'Patricia van Dyk', 'Mariana', 'Christopher Lee', 'Daniel', 'Letícia Moraes'],
  unknown: ['Zoraide Ferreira', 'Kwabena Johnson', 'Ludmila Carvalho', 'Thandiwe Clark', 'Jocasta Pereira', 'Edvaldo dos Santos',
    'Saoirse Murphy', 'Adalgisa Ribeiro', 'Eustáquio Barbosa', 'Ottilie Baker', 'Nkechi Williams', 'Irineu Rocha', 'Bertolt Weber',
    'Perpétua Gomes', 'Ximena Lopez', 'Cosmo Evans', 'Tarsila Andrade', 'Leocádia Nunes', 'Dagny Fischer', 'Ubirajara Teixeira'],
} as const; // oxfmt-ignore

const make: Readonly<Record<PersonalKind, (random: Random) => string>> = {
  name: (random) => pick(random, random() < 0.5 ? people.known : people.unknown),
  email: (random) => {
    const user = pick(random, ['maria.silva', 'j.smith', 'contato', 'ana_p', 'b+news', 'x9', 'lúcia-m']);
    return `${user}${Math.floor(random() * 99)}@${pick(random, ['example.com', 'mail.example.com.br', 'empresa.example', 'uni-x.example.edu'])}`;
  },
  phone: (random) =>
    pick(random, [
      () => `+55 11 9${digits(random, 4)}-${digits(random, 4)}`,
      () => `(21) 9${digits(random, 4)}-${digits(random, 4)}`,
      () => `(31) 3${digits(random, 3)}-${digits(random, 4)}`,
      () => `+1 (415) 555-${digits(random, 4)}`,
      () => `(212) 555-${digits(random, 4)}`,
      () => `415-555-${digits(random, 4)}`,
      () => `+44 20 7946 0${digits(random, 3)}`,
      () => `+351 91${digits(random, 1)} ${digits(random, 3)} ${digits(random, 3)}`,
      () => `11 9${digits(random, 4)}-${digits(random, 4)}`,
    ])(),
  cpf: (random) => {
    const whole = completed(digits(random, 9), 2, passesCpf);
    return random() < 0.7 ? whole.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4') : whole;
  },
  cnpj: (random) => {
    const stem =
      random() < 0.3 ? `A${digits(random, 1)}B${digits(random, 5)}0001` : `${digits(random, 8)}0001`;
    const whole = completed(stem, 2, passesCnpj);
    return random() < 0.7 ? whole.replace(/(..)(...)(...)(....)(..)/, '$1.$2.$3/$4-$5') : whole;
  },
  iban: (random) => {
    const [country, length] = pick(random, [['DE', 18], ['PT', 21], ['ES', 20], ['FR', 23], ['BR', 25], ['NL', 14]] as const); // oxfmt-ignore
    const account = country === 'NL' ? `ABNA${digits(random, 10)}` : digits(random, length);
    for (let check = 2; check < 99; check++) {
      const whole = `${country}${String(check).padStart(2, '0')}${account}`;
      if (passesIban(whole)) return random() < 0.6 ? whole.replace(/(.{4})(?=.)/g, '$1 ') : whole;
    }
    throw new Error('No IBAN.');
  },
  card: (random) => {
    const amex = random() < 0.2;
    const whole = completed(amex ? `37${digits(random, 12)}` : `${pick(random, ['4', '51', '60', '36'])}${digits(random, 14)}`.slice(0, 15), 1, passesLuhn); // oxfmt-ignore
    if (amex) return whole.replace(/(.{4})(.{6})(.{5})/, '$1 $2 $3');
    return random() < 0.6 ? whole.replace(/(.{4})(?=.)/g, random() < 0.7 ? '$1 ' : '$1-') : whole;
  },
  key: (random) => {
    const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789';
    const some = (count: number): string =>
      Array.from({ length: count }, () => letters[Math.floor(random() * letters.length)]).join('');
    return pick(random, [
      () => `sk-${some(40)}`,
      () => `ghp_${some(36)}`,
      () => `AKIA${some(16).toUpperCase()}`,
      () => `eyJ${some(20)}.${some(30)}.${some(43)}`,
      () => `xoxb-${digits(random, 11)}-${some(24)}`,
    ])();
  },
  address: (random) =>
    pick(random, [
      () => `https://docs.example.com/d/${digits(random, 6)}/edit`,
      () => `C:\\Users\\files\\report-${digits(random, 3)}.docx`,
      () => `/home/files/contracts/${digits(random, 4)}.pdf`,
    ])(),
};

const places: Readonly<Record<PersonalKind, readonly string[]>> = {
  name: ['Please write to {} about the offer.', 'I talked with {} yesterday and we agreed.', 'The contract was signed by {} in Lisbon.', '{} asked for a refund.', 'Falei com {} sobre a entrega.', 'O laudo foi assinado por {} em Recife.', 'A reunião com {} ficou para sexta.', '{} pediu o reembolso.'],
  email: ['Reach me at {}.', 'Send it to {}, please.', 'Meu e-mail é {}.', 'Mande para {} até amanhã.'],
  phone: ['My number is {}.', 'Call {} after six.', 'Meu telefone é {}.', 'Ligue para {} depois das seis.'],
  cpf: ['CPF {} is on the form.', 'Meu CPF é {}.', 'O cadastro está no CPF {}.'],
  cnpj: ['The company (CNPJ {}) pays.', 'A empresa de CNPJ {} vai faturar.'],
  iban: ['Transfer it to {} today.', 'O IBAN é {}.'],
  card: ['Charge card {} for it.', 'O cartão é {}.'],
  key: ['The key {} stopped working.', 'Use a chave {} no servidor.'],
  address: ['The draft is at {}', 'O arquivo está em {}'],
}; // oxfmt-ignore

const traps = [
  'The meeting on 2026-03-14 moved to 15:30, room 204.', 'Version 10.2.1 replaces 9.14.0 on Windows and Linux.',
  'Order 4815162342 left New York on Monday for San Francisco.', 'The United Nations met in Geneva from 1990-1994 about trade.',
  'A população do Brasil passou de 190755799 para 203080756 entre 2010 e 2022.', 'O pedido 20260314001 saiu de São Paulo para Belo Horizonte.',
  'O Banco Central subiu a taxa para 13,75% em agosto.', 'A Universidade Federal do Rio Grande do Sul abriu vagas.',
  'Revenue grew from 1,234,567 to 2,345,678 dollars.', 'The Golden Gate Bridge opened in 1937 and is 2737 metres long.',
  'Machine Learning models such as Phi run on WebGPU in Google Chrome.', 'ISBN 978-3-16-148410-0 is a sample number.',
  'Please summarise the following text in three sentences for a general reader.', 'Por favor, resuma o texto em três frases para um leitor leigo.',
  'The recipe needs 200 g of flour, 3 eggs and 150 ml of milk, baked at 180 degrees for 40 minutes.',
  'O relatório do segundo trimestre mostra queda de 4 pontos nas vendas da região Sul.',
  'Write a short story about a lighthouse keeper who finds a letter in a bottle one winter morning.',
  'Explique a diferença entre juros simples e juros compostos com um exemplo de 12 meses.',
]; // oxfmt-ignore

export interface PlantedText {
  readonly text: string;
  readonly planted: readonly { readonly kind: PersonalKind; readonly start: number; readonly end: number }[];
}

export function redactionSet(seed = 17, count = 300): readonly PlantedText[] {
  const random = prng(seed);
  return Array.from({ length: count }, () => {
    let text = '';
    const planted: { kind: PersonalKind; start: number; end: number }[] = [];
    const parts = 3 + Math.floor(random() * 4);
    for (let part = 0; part < parts; part++) {
      if (part > 0) text += pick(random, [' ', '\n']);
      // Every third text at most is harmless from end to end.
      if (random() < 0.5) text += pick(random, traps);
      else {
        const kind = pick(random, [...personalKinds, 'name', 'name', 'phone', 'email'] as const);
        const value = make[kind](random);
        const sentence = pick(random, places[kind]);
        const start = text.length + sentence.indexOf('{}');
        planted.push({ kind, start, end: start + value.length });
        text += sentence.replace('{}', () => value);
      }
    }
    return { text, planted };
  });
}

export interface RedactionReport {
  readonly texts: number;
  readonly kinds: Readonly<Record<PersonalKind, { readonly planted: number; readonly recall: number }>>;
  /** Words marked that hold nothing planted, of all words. */
  readonly falseMarks: number;
  readonly restoredExactly: number;
  readonly missed: readonly string[];
  readonly wronglyMarked: readonly string[];
}

export function evaluateRedaction(set = redactionSet()): RedactionReport {
  const counts = Object.fromEntries(personalKinds.map((kind) => [kind, { planted: 0, found: 0 }])) as Record<
    PersonalKind,
    { planted: number; found: number }
  >;
  let words = 0;
  let marked = 0;
  let restoredExactly = 0;
  const missed: string[] = [];
  const wronglyMarked: string[] = [];
  for (const { text, planted } of set) {
    const found = findPersonalData(text);
    for (const { kind, start, end } of planted) {
      counts[kind].planted++;
      // Covered whole, whatever it was taken for: nothing of it goes out.
      const covered = found.some((one) => one.start <= start && one.end >= end);
      if (covered) counts[kind].found++;
      else missed.push(`${kind}: ${text.slice(Math.max(0, start - 20), end + 10)}`);
    }
    for (const word of text.matchAll(/\S+/g)) {
      words++;
      const [start, end] = [word.index, word.index + word[0].length];
      const meets = (one: { start: number; end: number }): boolean => one.start < end && start < one.end;
      if (found.some(meets) && !planted.some(meets)) {
        marked++;
        wronglyMarked.push(`${word[0]} in: ${text.slice(Math.max(0, start - 20), end + 20)}`);
      }
    }
    const { texts, values } = redact([text]);
    if (restore(texts[0] ?? '', values) === text) restoredExactly++;
  }
  const kinds = Object.fromEntries(
    personalKinds.map((kind) => [
      kind,
      { planted: counts[kind].planted, recall: counts[kind].found / counts[kind].planted },
    ]),
  ) as RedactionReport['kinds'];
  return { texts: set.length, kinds, falseMarks: marked / words, restoredExactly, missed, wronglyMarked };
}
