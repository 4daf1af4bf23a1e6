// Personal data out of what is sent, and back into what comes: each value has one placeholder, the same wherever it
// stands, and no placeholder is a text that was there before. What a placeholder stands for never leaves this device.
import { findPersonalData, type Finding, type PersonalKind } from '../safety/personal-data';

export interface Redaction {
  readonly texts: readonly string[];
  /** Placeholder -> what it stands for. */
  readonly values: ReadonlyMap<string, string>;
}

const labels: Readonly<Record<PersonalKind, string>> = {
  key: 'KEY',
  email: 'EMAIL',
  iban: 'IBAN',
  cnpj: 'CNPJ',
  cpf: 'CPF',
  card: 'CARD',
  address: 'ADDRESS',
  phone: 'PHONE',
  name: 'NAME',
};

/** @param texts of one request: what stands in two of them gets one placeholder. */
export function redact(
  texts: readonly string[],
  find: (text: string) => readonly Finding[] = findPersonalData,
): Redaction {
  const placeholders = new Map<string, string>();
  const values = new Map<string, string>();
  const counts = new Map<string, number>();
  const all = texts.join('\n');
  const placeholderOf = (kind: PersonalKind, value: string): string => {
    const known = placeholders.get(value);
    if (known !== undefined) return known;
    let count = counts.get(kind) ?? 0;
    // With or without its brackets, escaped or not: none may be there before.
    do count++;
    while (all.includes(`${labels[kind]}_${count}`));
    const made = `[${labels[kind]}_${count}]`;
    counts.set(kind, count);
    placeholders.set(value, made);
    values.set(made, value);
    return made;
  };
  const redacted = texts.map((text) => {
    let at = 0;
    let out = '';
    for (const { kind, start, end } of find(text)) {
      out += text.slice(at, start) + placeholderOf(kind, text.slice(start, end));
      at = end;
    }
    return out + text.slice(at);
  });
  return { texts: redacted, values };
}

const placeholder = /\\?\[([A-Z]{3,8}_\d{1,6})\\?\]/g;
/** What may be the beginning of one at the end of a piece; none is longer than 17 characters. */
const begun = /\\?(?:\[(?:[A-Z]{1,8}(?:_\d{0,6}\\?)?)?)?$/;

/** The text with every placeholder put back, one that a model has escaped for Markdown too. */
export function restore(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(placeholder, (whole, name: string) => values.get(`[${name}]`) ?? whole);
}

/** Puts placeholders back into a text that comes in pieces, and may cut one in two. */
export class Restorer {
  readonly #values: ReadonlyMap<string, string>;
  #held = '';

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** @returns what is certain by now. */
  push(piece: string): string {
    if (this.#values.size === 0) return piece;
    const text = this.#held + piece;
    const from = begun.exec(text)?.index ?? text.length;
    this.#held = text.slice(from);
    return restore(text.slice(0, from), this.#values);
  }

  /** @returns the rest, once no more comes. */
  end(): string {
    const rest = restore(this.#held, this.#values);
    this.#held = '';
    return rest;
  }
}
