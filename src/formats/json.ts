// Reading JSON that nobody vouches for: model folders come from any address a person types. Caps on size and
// depth before JSON.parse runs, then typed access by field name where every complaint names the file, the field
// and what was found. Not a schema library: each parser states its own fields and bounds.
import { AppError, type ErrorCode } from '../base/errors';

export interface JsonSource {
  /** The file's name, for the error. */
  readonly file: string;
  /** The code every complaint about this file carries. */
  readonly code: ErrorCode;
  /** One sentence: what a person can do when this file is bad. */
  readonly advice: string;
}

export interface JsonLimits {
  /** UTF-16 units. */
  readonly maxChars: number;
  readonly maxDepth: number;
}

const defaultLimits: JsonLimits = { maxChars: 4 * 1024 * 1024, maxDepth: 32 };

/** @throws AppError with the source's code: too large, too deep, not JSON, or not an object at the top. */
export function parseJsonObject(text: string, source: JsonSource, limits = defaultLimits): Fields {
  if (text.length > limits.maxChars) {
    throw complaint(source, '', `is ${text.length} characters long; at most ${limits.maxChars} are read`);
  }
  if (isDeeperThan(text, limits.maxDepth)) {
    throw complaint(source, '', `nests deeper than ${limits.maxDepth} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw complaint(source, '', `is not valid JSON (${cause instanceof Error ? cause.message : '?'})`, cause);
  }
  return new Fields(value, source, '');
}

/** One JSON object. Reads own properties only, so `__proto__` and `constructor` are names like any other. */
export class Fields {
  private readonly object: Readonly<Record<string, unknown>>;

  /** @param path where this object sits in its file, '' at the top. */
  constructor(
    value: unknown,
    private readonly source: JsonSource,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw complaint(source, path, `should be an object, found ${describe(value)}`);
    }
    this.object = value as Readonly<Record<string, unknown>>;
  }

  /** Present and not null: MLC writes null for "not set". */
  has(name: string): boolean {
    return Object.hasOwn(this.object, name) && this.object[name] !== null;
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }

  /** The parsed object itself, for a library that wants the whole file. */
  whole(): Readonly<Record<string, unknown>> {
    return this.object;
  }

  string(name: string, options: { readonly maxChars?: number } = {}): string {
    const value = this.raw(name);
    const maxChars = options.maxChars ?? 100_000;
    if (typeof value !== 'string') throw this.error(name, `should be a string, found ${describe(value)}`);
    if (value.length > maxChars) {
      throw this.error(name, `is ${value.length} characters long; at most ${maxChars}`);
    }
    return value;
  }

  boolean(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== 'boolean')
      throw this.error(name, `should be true or false, found ${describe(value)}`);
    return value;
  }

  number(name: string, bounds: { readonly min: number; readonly max: number }): number {
    return this.checkNumber(name, this.raw(name), bounds, false);
  }

  integer(name: string, bounds: { readonly min: number; readonly max: number }): number {
    return this.checkNumber(name, this.raw(name), bounds, true);
  }

  fields(name: string): Fields {
    return new Fields(this.raw(name), this.source, this.pathOf(name));
  }

  /** A list of objects. */
  objects(name: string, maxLength: number): Fields[] {
    return this.list(name, maxLength).map(
      (item, i) => new Fields(item, this.source, `${this.pathOf(name)}[${i}]`),
    );
  }

  strings(name: string, maxLength: number): string[] {
    return this.list(name, maxLength).map((item, i) => {
      if (typeof item === 'string' && item.length <= 100_000) return item;
      throw this.error(`${name}[${i}]`, `should be a string, found ${describe(item)}`);
    });
  }

  integers(
    name: string,
    maxLength: number,
    bounds: { readonly min: number; readonly max: number },
  ): number[] {
    return this.list(name, maxLength).map((item, i) => this.checkNumber(`${name}[${i}]`, item, bounds, true));
  }

  numbers(name: string, maxLength: number, bounds: { readonly min: number; readonly max: number }): number[] {
    return this.list(name, maxLength).map((item, i) =>
      this.checkNumber(`${name}[${i}]`, item, bounds, false),
    );
  }

  /** @param problem continues "<file>: <field> ...". */
  error(name: string, problem: string): AppError {
    return complaint(this.source, this.pathOf(name), problem);
  }

  private list(name: string, maxLength: number): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.error(name, `should be a list, found ${describe(value)}`);
    if (value.length > maxLength) {
      throw this.error(name, `has ${value.length} entries; at most ${maxLength}`);
    }
    return value as readonly unknown[];
  }

  private checkNumber(
    name: string,
    value: unknown,
    { min, max }: { readonly min: number; readonly max: number },
    whole: boolean,
  ): number {
    if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
      throw this.error(name, `should be a ${whole ? 'whole ' : ''}number, found ${describe(value)}`);
    }
    // Written so that NaN, which JSON cannot hold but callers may compute, fails too.
    if (!(value >= min && value <= max)) {
      throw this.error(name, `is ${value}; it should be ${min} to ${max}`);
    }
    return value;
  }

  private pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function complaint(source: JsonSource, field: string, problem: string, cause?: unknown): AppError {
  const where = field === '' ? source.file : `${source.file}: ${field}`;
  return new AppError(source.code, `${where} ${problem}. ${source.advice}`, {
    details: { file: source.file, field },
    cause,
  });
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** One pass over the text, so that a hostile file cannot exhaust the parser's stack. */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) {
        if (text.charCodeAt(i) === 0x5c) i++;
      }
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--;
    }
  }
  return false;
}
