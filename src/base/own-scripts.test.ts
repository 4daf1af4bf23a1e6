import { expect, it } from 'vitest';
import { allowOwnScripts, frameWithoutNetwork } from './own-scripts';

type Rule = (text: string) => string | null;

/** What the policy that was made says of an address. */
const ruleFor = (origin: string): Rule => rulesFor(origin).address;

function rulesFor(origin: string): { address: Rule; html: Rule } {
  let rules: { address: Rule; html: Rule } | undefined;
  allowOwnScripts({
    origin,
    trustedTypes: {
      createPolicy: (name, { createScriptURL, createHTML = () => null }) => {
        expect(name).toBe('default');
        rules = { address: createScriptURL, html: createHTML };
      },
    },
  });
  if (!rules) throw new Error('No policy was made.');
  return rules;
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

it('no text becomes a document, but the frame that workers are started in', () => {
  const { html } = rulesFor('https://phield.example');
  expect(html(frameWithoutNetwork)).toBe(frameWithoutNetwork);
  for (const other of ['', '<b>x</b>', `${frameWithoutNetwork}<script src="./sw.js"></script>`])
    expect(html(other)).toBeNull();
});

it('a browser without trusted types does without', () => {
  expect(() => allowOwnScripts({ origin: 'https://phield.example' })).not.toThrow();
});
