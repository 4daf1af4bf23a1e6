import { expect, it } from 'vitest';
import { frameStorage, type Surroundings } from './surroundings';

/** A getter that throws cannot lie in a table of cases, which the runner would read. */
const refusing = (): Surroundings =>
  Object.defineProperty({}, 'indexedDB', {
    get: () => {
      throw new DOMException('Access is denied.', 'SecurityError');
    },
  });

it.each([
  ['a plain frame', () => ({ indexedDB: {} }), 'kept'],
  ['a frame whose host isolates itself', () => ({ indexedDB: {}, credentialless: false }), 'kept'],
  ['a credentialless frame', () => ({ indexedDB: {}, credentialless: true }), 'until-closed'],
  ['a frame that is refused storage', () => refusing(), 'nothing'],
  [
    'a frame that is given storage which refuses everything',
    () => ({
      indexedDB: { databases: () => Promise.reject(new DOMException('Denied.', 'UnknownError')) },
    }),
    'nothing',
  ],
  ['a browser that has none', () => ({}), 'nothing'],
] as const)('%s', async (_, frame, expected) => {
  expect(await frameStorage(frame())).toBe(expected);
});
