// Personal data in a text, found on this device by fixed forms, check digits and names: a help for whoever is about to
// send it, never a promise that there is no more.
import { passesCnpj, passesCpf, passesIban, passesLuhn } from './check-digits';
import { findNames } from './names';

/** `address`: of a document: a link or a path. Order is precedence where two would take the same characters. */
export const personalKinds = [
  'key',
  'email',
  'iban',
  'cnpj',
  'cpf',
  'card',
  'address',
  'phone',
  'name',
] as const;
export type PersonalKind = (typeof personalKinds)[number];

export interface Finding {
  readonly kind: PersonalKind;
  /** UTF-16 units into the text; the end is behind it. */
  readonly start: number;
  readonly end: number;
}

interface Rule {
  readonly pattern: RegExp;
  /** Of the match, or of its first group where there is one. */
  readonly holds?: (value: string, before: string) => boolean;
}

const bare = (value: string): string => value.replace(/[\s.\-/]/g, '');
const digitsOf = (value: string): number => value.replace(/\D/g, '').length;
const alone = { before: String.raw`(?<![\p{L}\p{N}])`, after: String.raw`(?![\p{L}\p{N}])` };
const word = (source: string, flags = ''): RegExp =>
  new RegExp(`${alone.before}(?:${source})${alone.after}`, `gu${flags}`);

const phoneCue =
  /(?:phone|call|text|tel|cell|mobile|whats\s?app|fax|reach (?:me|us)|fone|telefone|celular|ligu?e|ligar|contato|zap)[^\n]{0,24}$/iu;

const rules: Readonly<Record<Exclude<PersonalKind, 'name'>, readonly Rule[]>> = {
  key: [
    { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g },
    { pattern: word(String.raw`(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{16,}`) },
    {
      pattern: word(
        String.raw`gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{16,}`,
      ),
    },
    {
      pattern: word(
        String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}`,
      ),
    },
    { pattern: word(String.raw`(?:hf|npm|pypi)_[A-Za-z0-9]{20,}`) },
    { pattern: word(String.raw`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`) },
    {
      pattern:
        /(?:password|passwd|pwd|passcode|secret|token|api[ _-]?key|bearer|senha|segredo|chave)(?:\s+(?:is|é))?\s*[:=]?\s*["'“]?([^\s"'”,;]{6,})/giu,
      // A word of prose is none.
      holds: (value) => /\d/.test(value) && /[^\d.]/.test(value),
    },
    {
      pattern: word(String.raw`[A-Za-z0-9_\-+/]{32,}={0,2}`),
      holds: (value) =>
        /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d.*\d/.test(value) && entropy(value) > 4,
    },
  ],
  email: [
    {
      pattern:
        /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu,
    },
  ],
  iban: [
    {
      pattern: word(String.raw`[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?`),
      holds: (value) => passesIban(bare(value)),
    },
  ],
  cnpj: [
    {
      pattern: word(String.raw`[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}`),
      holds: (value) => passesCnpj(bare(value)),
    },
  ],
  cpf: [
    {
      pattern: word(String.raw`\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d{2}`),
      holds: (value) => passesCpf(bare(value)),
    },
  ],
  card: [
    {
      pattern: word(String.raw`[2-6]\d{3}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,7})?|3\d{3}[ -]?\d{6}[ -]?\d{4,5}`),
      holds: (value) => {
        const digits = bare(value);
        return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);
      },
    },
  ],
  address: [
    { pattern: /\b(?:https?|ftp|file|smb):\/\/[^\s<>"'”)\]]+/giu },
    { pattern: /(?<![\p{L}\p{N}])(?:[A-Za-z]:\\|\\\\)[^\s"<>|]+/gu },
    { pattern: /(?<![\p{L}\p{N}./])(?:~|\/(?:home|Users|var|etc|mnt|srv|opt|media))\/[^\s"<>|,;)]+/gu },
  ],
  phone: [
    {
      pattern: /(?<![\p{L}\p{N}+])\+\d{1,3}[ .-]?(?:\(?\d{1,5}\)?[ .-]?){1,5}\d{2,4}(?![\p{L}\p{N}])/gu,
      holds: (value) => digitsOf(value) >= 8 && digitsOf(value) <= 15,
    },
    { pattern: /(?<![\p{L}\p{N}])\(0?\d{2,3}\) ?9? ?\d{3,4}[-. ]?\d{4}(?![\p{L}\p{N}])/gu },
    { pattern: word(String.raw`(?<![.-])[2-9]\d{2}[-.]\d{3}[-.]\d{4}(?![.-]\d)`) },
    { pattern: word(String.raw`0?[1-9]\d 9\d{4}[- ]\d{4}|9\d{4}-\d{4}|[1-9]{2} [2-5]\d{3}-\d{4}`) },
    {
      pattern: word(String.raw`\d(?:[ .-]?\d){6,12}`),
      holds: (value, before) => phoneCue.test(before) && !/^\d{4}-\d\d-\d\d/.test(value),
    },
  ],
};

/** Every finding, in the order of the text; none overlaps another. */
export function findPersonalData(text: string): readonly Finding[] {
  const taken: Finding[] = [];
  const take = (kind: PersonalKind, start: number, end: number): void => {
    if (!taken.some((other) => start < other.end && other.start < end)) taken.push({ kind, start, end });
  };
  for (const kind of personalKinds) {
    if (kind === 'name') {
      for (const { start, end } of findNames(text)) take(kind, start, end);
      continue;
    }
    for (const { pattern, holds } of rules[kind])
      for (const match of text.matchAll(pattern)) {
        const whole = match[0];
        const value = trimmed(match[1] ?? whole, kind);
        const start = match.index + (match[1] === undefined ? 0 : whole.lastIndexOf(match[1]));
        if (holds?.(value, text.slice(Math.max(0, start - 40), start)) === false) continue;
        take(kind, start, start + value.length);
      }
  }
  return taken.sort((a, b) => a.start - b.start);
}

/** Without the full stop of the sentence that a link ends. */
function trimmed(value: string, kind: PersonalKind): string {
  if (kind === 'key') return value.replace(/[.,;:]+$/, '');
  return kind === 'address' ? value.replace(/[.,;:!?]+$/, '') : value;
}

/** Bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
