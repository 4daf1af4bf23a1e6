import { expect, test } from 'vitest';
import { endpointAddress, endpointParts, isBlockedAsMixed } from './address';

test.each([
  ['localhost:11434', 'http://localhost:11434/v1'],
  ['https://gw.example.com/openai/v1/chat/completions', 'https://gw.example.com/openai/v1'],
  [' api.example.com/v1/ ', 'https://api.example.com/v1'],
  ['http://192.168.0.7:8080', 'http://192.168.0.7:8080/v1'],
  ['http://[::1]:11434', 'http://localhost:11434/v1'],
  [
    'https://r.openai.azure.com/openai/deployments/gpt-x/chat/completions?api-version=2024-10-21&key=sk-1',
    'https://r.openai.azure.com/openai/deployments/gpt-x?api-version=2024-10-21',
  ],
  [
    'https://r.openai.azure.com/openai/v1/?api-version=preview',
    'https://r.openai.azure.com/openai/v1?api-version=preview',
  ],
  ['https://gw.example/v1?api-version=<script>', 'https://gw.example/v1'],
  ['https://müller.example/v1', 'https://xn--mller-kva.example/v1'],
])('%s is %s', (typed, address) => expect(endpointAddress(typed)).toBe(address));

test('of Azure’s addresses the version and the one model are known; of others neither', () => {
  expect(endpointParts('https://r.example/openai/deployments/gpt%20x?api-version=2024-10-21')).toEqual({
    base: 'https://r.example/openai/deployments/gpt%20x',
    apiVersion: '2024-10-21',
    deployment: 'gpt x',
  });
  expect(endpointParts('https://r.example/deployments/one')).toEqual({
    base: 'https://r.example/deployments/one',
    apiVersion: undefined,
    deployment: undefined,
  });
});

test.each([
  'javascript:alert(1)',
  'https://user:pass@example.com',
  'https://*.example.com',
  'http://[2001:db8::1]:8080',
  'http://[fe80::1%25eth0]/',
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
