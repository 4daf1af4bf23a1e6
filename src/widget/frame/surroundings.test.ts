import { expect, it } from 'vitest';
import { frameStorage, type Surroundings } from './surroundings';

const origin = 'https://phield.example';
/** A getter that throws cannot lie in a table of cases, which the runner would read. */
const refusing = (of: string): Surroundings =>
  Object.defineProperty({ origin: of }, 'indexedDB', {
    get: () => {
      throw new DOMException('Access is denied.', 'SecurityError');
    },
  });

it.each([
  ['a plain frame', () => ({ origin, indexedDB: {} }), 'kept'],
  ['a frame whose host isolates itself', () => ({ origin, indexedDB: {}, credentialless: false }), 'kept'],
  ['a credentialless frame', () => ({ origin, indexedDB: {}, credentialless: true }), 'until-closed'],
  ['a frame that is refused storage', () => refusing(origin), 'nothing'],
  ['a browser that has none', () => ({ origin }), 'nothing'],
  ['a sandbox without an origin', () => refusing('null'), 'no-origin'],
] as const)('%s', (_, frame, expected) => {
  expect(frameStorage(frame())).toBe(expected);
});
