// Values of a GGUF's head by name, each held against bounds: every complaint names the key and what was found.
import { badGguf, type GgufValue } from './header';

export class Metadata {
  constructor(private readonly values: ReadonlyMap<string, GgufValue>) {}

  has(key: string): boolean {
    return this.values.has(key);
  }

  string(key: string): string {
    const value = this.values.get(key);
    if (typeof value !== 'string') throw this.complaint(key, 'a text');
    return value;
  }

  /** Undefined where the file does not say. */
  flag(key: string): boolean | undefined {
    const value = this.values.get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.complaint(key, 'true or false');
  }

  number(key: string, min: number, max: number): number {
    const value = this.values.get(key);
    if (typeof value === 'number' && value >= min && value <= max) return value;
    throw this.complaint(key, `a number from ${min} to ${max}`);
  }

  whole(key: string, min: number, max: number): number {
    const value = this.number(key, min, max);
    if (Number.isInteger(value)) return value;
    throw this.complaint(key, 'a whole number');
  }

  wholeOr(key: string, min: number, max: number, otherwise: number): number {
    return this.has(key) ? this.whole(key, min, max) : otherwise;
  }

  strings(key: string): readonly string[] {
    const value = this.values.get(key);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw this.complaint(key, 'a list of texts');
    return value;
  }

  numbers(key: string): readonly number[] {
    const value = this.values.get(key);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'number'))
      throw this.complaint(key, 'a list of numbers');
    return value;
  }

  private complaint(key: string, wanted: string) {
    const value = this.values.get(key);
    const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
    return badGguf(`should have ${wanted} under ${key}, and has ${found}`, { key });
  }
}
