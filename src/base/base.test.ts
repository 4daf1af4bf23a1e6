import { describe, expect, it, vi } from 'vitest';
import { AppError, fromWire, invariant, isAbort, toAppError, toWire } from './errors';
import { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from './float16';
import { newId } from './ids';
import { prng } from './prng';

describe('AppError', () => {
  it('survives the wire with everything but its cause', () => {
    const error = new AppError('storage/quota', 'full', {
      details: { neededBytes: 3 },
      retryable: true,
      cause: new Error('inner'),
    });
    const back = fromWire(structuredClone(toWire(error)));
    expect(back).toBeInstanceOf(AppError);
    expect(back).toMatchObject({
      code: 'storage/quota',
      message: 'full',
      details: { neededBytes: 3 },
      retryable: true,
    });
    expect(back.stack).toBe(error.stack);
    expect(back.cause).toBeUndefined();
  });

  it.each([null, undefined, 3, 'x', {}, { code: 'no/such', message: 'm' }, { code: 'run/busy', message: 7 }])(
    'a malformed wire error %j becomes internal/unexpected',
    (wire) => expect(fromWire(wire).code).toBe('internal/unexpected'),
  );

  it('is total over thrown values', () => {
    const hostile = {
      toString() {
        throw new Error('no');
      },
    };
    for (const thrown of [undefined, null, 'text', 4, Symbol('s'), hostile, new TypeError('t')])
      expect(toAppError(thrown)).toBeInstanceOf(AppError);
    expect(toAppError(new TypeError('t'), 'network/offline').code).toBe('network/offline');
  });

  it('knows an abort in both its forms', () => {
    expect(isAbort(new DOMException('x', 'AbortError'))).toBe(true);
    expect(isAbort(new AppError('run/aborted', 'x'))).toBe(true);
    expect(isAbort(new AppError('run/busy', 'x'))).toBe(false);
    expect(toAppError(new DOMException('x', 'AbortError')).code).toBe('run/aborted');
  });

  it('invariant throws our own bug code', () => {
    expect(() => invariant(false, 'm')).toThrow(expect.objectContaining({ code: 'internal/invariant' }));
    expect(() => invariant(1, 'm')).not.toThrow();
  });
});

describe('half precision', () => {
  it('round-trips all 65536 bit patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = f16ToNumber(bits);
      if (Number.isNaN(value)) {
        if (!Number.isNaN(f16ToNumber(numberToF16(value)))) expect.fail(`${bits} is no number no more`);
      } else if (numberToF16(value) !== bits && !(value === 0))
        expect([bits, numberToF16(value)]).toEqual([bits, bits]);
    }
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0], // tie to even
    [1.5 * 2 ** -24, 2], // tie to even
    [2 ** -14 - 2 ** -26, 0x0400], // rounds up into the normals
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2047.5 / 1024, 0x4000], // the fraction carries into the exponent
  ])('%f is 0x%s', (value, bits) => expect(numberToF16(value)).toBe(bits));
});

describe('bfloat16', () => {
  it('round-trips every finite bit pattern', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = bf16ToNumber(bits);
      if (!Number.isNaN(value) && numberToBf16(value) !== bits) expect(numberToBf16(value)).toBe(bits);
    }
  });
  it('rounds ties to even', () => {
    expect(numberToBf16(1 + 2 ** -8)).toBe(0x3f80);
    expect(numberToBf16(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(Number.isNaN(bf16ToNumber(numberToBf16(NaN)))).toBe(true);
  });
});

describe('prng', () => {
  it('is the same for the same seed and differs for neighbours', () => {
    const first = Array.from({ length: 5 }, prng(7));
    expect(Array.from({ length: 5 }, prng(7))).toEqual(first);
    expect(Array.from({ length: 5 }, prng(8))).not.toEqual(first);
  });
  it('is uniform in [0, 1)', () => {
    const next = prng(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const x = next();
      if (!(x >= 0 && x < 1)) expect.fail(`${x} at ${i}`);
      counts[Math.floor(x * 10)]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('newId', () => {
  it('is a random UUID of version 4, with what an insecure page has', () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const ids = Array.from({ length: 200 }, newId);
    vi.unstubAllGlobals();
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(200);
  });
});
