import { expect, it } from 'vitest';
import { allowOwnScripts } from './own-scripts';

/** What the policy that was made says of an address. */
function ruleFor(origin: string): (address: string) => string | null {
  let rule: ((address: string) => string | null) | undefined;
  allowOwnScripts({
    origin,
    trustedTypes: {
      createPolicy: (name, { createScriptURL }) => {
        expect(name).toBe('default');
        rule = createScriptURL;
      },
    },
  });
  if (!rule) throw new Error('No policy was made.');
  return rule;
}

it('scripts of this origin and those made in the page may start', () => {
  const rule = ruleFor('https://phield.example');
  for (const address of [
    './sw.js',
    '/app/assets/worker-a1.js',
    'https://phield.example/app/assets/worker-a1.js',
    'blob:https://phield.example/0c4e',
  ])
    expect(rule(address)).toBe(address);
});

it('no others may', () => {
  const rule = ruleFor('https://phield.example');
  for (const address of [
    'https://phield.example.evil/x.js',
    '//evil.example/x.js',
    'data:text/javascript,0',
    'javascript:0',
    'blob:https://evil.example/0c4e',
    'blob:null/0c4e',
    'http://phield.example/x.js',
  ])
    expect(rule(address)).toBeNull();
});

it('a browser without trusted types does without', () => {
  expect(() => allowOwnScripts({ origin: 'https://phield.example' })).not.toThrow();
});
