import { expect, test } from 'vitest';
import { endpointAddress, isBlockedAsMixed } from './address';

test.each([
  ['localhost:11434', 'http://localhost:11434/v1'],
  ['https://gw.example.com/openai/v1/chat/completions', 'https://gw.example.com/openai/v1'],
  [' api.example.com/v1/ ', 'https://api.example.com/v1'],
  ['http://192.168.0.7:8080', 'http://192.168.0.7:8080/v1'],
  ['https://müller.example/v1', 'https://xn--mller-kva.example/v1'],
])('%s is %s', (typed, address) => expect(endpointAddress(typed)).toBe(address));

test.each([
  'javascript:alert(1)',
  'https://user:pass@example.com',
  'https://*.example.com',
  'http://[::1]:8080',
  'https://a b',
  '',
  'file:///etc/passwd',
  "https://example.com;connect-src '*'",
])('%s cannot be one', (typed) =>
  expect(() => endpointAddress(typed)).toThrow(expect.objectContaining({ code: 'network/bad-address' })),
);

test('an encrypted page may reach only its own machine in the clear', () => {
  expect(isBlockedAsMixed('http://localhost:1/v1', 'https:')).toBe(false);
  expect(isBlockedAsMixed('http://192.168.0.7/v1', 'https:')).toBe(true);
  expect(isBlockedAsMixed('http://192.168.0.7/v1', 'http:')).toBe(false);
});
