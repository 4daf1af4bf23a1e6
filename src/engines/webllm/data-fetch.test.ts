import { expect, test } from 'vitest';
import { answerDataAddresses } from './data-fetch';

test('a picture’s own bytes come back under its type, and every other address goes to the browser', async () => {
  const asked: unknown[] = [];
  const refuse: typeof fetch = (input) => {
    asked.push(input);
    return Promise.reject(new TypeError('refused'));
  };
  const scope = { fetch: refuse };
  answerDataAddresses(scope);
  answerDataAddresses(scope);
  const answer = await scope.fetch('data:image/png;base64,iVBORwD/');
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
  await expect(scope.fetch('https://example.org/data:image/png;base64,AA')).rejects.toThrow('refused');
  expect(asked).toEqual(['https://example.org/data:image/png;base64,AA']);
});
