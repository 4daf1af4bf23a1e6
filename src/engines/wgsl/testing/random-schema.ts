// JSON schemas by seed: objects, arrays, choices, numbers and short strings, nested a little, each with a bound so that an
// answer that obeys comes to an end.
import { prng } from '../../../base/prng';

export type Schema = Readonly<Record<string, unknown>>;

export function randomSchema(seed: number): Schema {
  const random = prng(seed);
  const upTo = (count: number): number => Math.floor(random() * count);
  const name = (): string => ['name', 'year', 'items', 'ok', 'kind', 'über', 'a b', 'note'][upTo(8)] ?? 'x';
  const make = (depth: number): Schema => {
    switch (upTo(depth > 0 ? 7 : 5)) {
      case 0:
        return { type: 'boolean' };
      case 1: {
        const minimum = upTo(50) - 20;
        return { type: 'integer', minimum, maximum: minimum + upTo(300) };
      }
      case 2:
        return { enum: ['red', 'light green', 'ação', 7, null].slice(0, 1 + upTo(5)) };
      case 3:
        return { type: 'string', maxLength: 1 + upTo(12) };
      case 4:
        return { const: ['fixed', 42, true, 'a "quote"'][upTo(4)] };
      case 5:
        return { type: 'array', items: make(depth - 1), minItems: upTo(2), maxItems: 1 + upTo(3) };
      default:
        return object(depth - 1);
    }
  };
  const object = (depth: number): Schema => {
    const names = [...new Set(Array.from({ length: 1 + upTo(4) }, name))];
    return {
      type: 'object',
      properties: Object.fromEntries(names.map((one) => [one, make(depth)])),
      required: names.filter(() => random() < 0.8),
      additionalProperties: false,
    };
  };
  return object(2);
}
