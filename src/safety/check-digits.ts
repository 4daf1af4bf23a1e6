// Numbers that carry digits to check themselves by: cards (ISO/IEC 7812, Luhn), IBAN (ISO 13616, mod 97), CPF and CNPJ
// (Receita Federal, mod 11; since 2026 a CNPJ may have letters, which count by their ASCII code less 48).

/** @param digits of a card, nothing between them. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Characters of an IBAN by country, for those where banks use them most; others may have 15 to 34. */
const ibanLengths: Readonly<Record<string, number>> = {
  AD: 24, AT: 20, BE: 16, BR: 29, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27,
  GB: 22, GR: 27, HR: 21, HU: 28, IE: 22, IL: 23, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27,
  MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, TR: 26,
}; // oxfmt-ignore

/** @param iban without spaces. */
export function passesIban(iban: string): boolean {
  const length = ibanLengths[iban.slice(0, 2)];
  if (length === undefined ? iban.length < 15 || iban.length > 34 : iban.length !== length) return false;
  let rest = 0;
  for (const letter of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(letter, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function mod11(values: readonly number[], weights: readonly number[]): number {
  const sum = weights.reduce((total, weight, at) => total + weight * (values[at] ?? 0), 0);
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
}

/** @param digits eleven, nothing between them. */
export function passesCpf(digits: string): boolean {
  // Eleven times the same digit passes the sums and is nobody's.
  if (!/^\d{11}$/.test(digits) || /^(\d)\1*$/.test(digits)) return false;
  const values = [...digits].map(Number);
  return (
    mod11(values, [10, 9, 8, 7, 6, 5, 4, 3, 2]) === values[9] &&
    mod11(values, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === values[10]
  );
}

/** @param cnpj fourteen characters, nothing between them. */
export function passesCnpj(cnpj: string): boolean {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(cnpj) || /^(.)\1*$/.test(cnpj)) return false;
  const values = [...cnpj].map((letter) => letter.charCodeAt(0) - 48);
  const weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return mod11(values, weights) === values[12] && mod11(values, [6, ...weights]) === values[13];
}
