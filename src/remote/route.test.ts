import { describe, expect, test } from 'vitest';
import { route, unsureBelow, type RouteInput } from './route';
import { evaluateRouter, train } from './testing/eval-router';
import { judge } from './testing/eval-surety';
import weights from './router-weights.json';

const asked = (text: string, change: Partial<RouteInput> = {}): RouteInput => ({
  text,
  mode: 'ask',
  isPrivate: false,
  hasDocuments: false,
  allowsDocuments: false,
  hasImages: false,
  local: { parameters: 3.8e9, seesImages: false, contextWindow: 4096 },
  ...change,
});
const hard = 'Prove the theorem step by step and compare three detailed options.';

describe('the router', () => {
  test('says why', () => {
    expect(route(asked('What is the price of Bitcoin right now?'))).toMatchObject({ reason: 'recent' });
    expect(route(asked('日本の歴史を教えてください'))).toMatchObject({ reason: 'language' });
    expect(route(asked('Write a haiku.'))).toEqual({ to: 'here' });
    expect(route(asked('Hello', { promptTokens: 4000 }))).toMatchObject({ reason: 'length' });
    expect(route(asked('What is this?', { hasImages: true }))).toMatchObject({ reason: 'images' });
  });

  test.each<Partial<RouteInput>>([{ mode: 'off' }, { isPrivate: true }, { hasDocuments: true }])(
    'keeps everything here with %o',
    (change) => {
      expect(route(asked(hard)).to).toBe('larger');
      expect(route(asked(hard, change))).toEqual({ to: 'here' });
    },
  );

  test('asks for more where the model here was guessing at its words, and only there', () => {
    expect(route(asked('Write a haiku.', { meanLogprob: unsureBelow - 0.1 }))).toMatchObject({
      to: 'larger',
      reason: 'unsure',
    });
    expect(route(asked('Write a haiku.', { meanLogprob: unsureBelow + 0.1 }))).toEqual({ to: 'here' });
    const here = asked('Write a haiku.', { meanLogprob: -9, isPrivate: true });
    expect(route(here)).toEqual({ to: 'here' });
  });

  test('thinks of documents where a person allows it', () =>
    expect(route(asked(hard, { hasDocuments: true, allowsDocuments: true })).to).toBe('larger'));
});

test('the committed weights are those that training makes, and right on what was kept from it', () => {
  expect(train()).toEqual(weights);
  const { right, privateSuggested, sentWithoutConsent } = evaluateRouter();
  expect(right).toBeGreaterThanOrEqual(0.9);
  expect([privateSuggested, sentWithoutConsent]).toEqual([0, 0]);
});

test('how well surety tells requests apart is the share of pairs that it orders rightly', () => {
  const row = (larger: boolean, heldOut: boolean, meanLogprob: number) => ({
    ...{ text: '', larger, heldOut, meanLogprob, meanEntropy: 0 },
  });
  const here = Array.from({ length: 10 }, (_, i) => row(false, false, -1 - i / 10));
  const report = judge([...here, row(false, true, -1), row(true, true, -1.85), row(true, true, -2)]);
  expect(report).toMatchObject({ requests: 13, below: -1.8, flaggedHere: 0, flaggedLarger: 1 });
  expect(report.auc).toBeCloseTo((10 + 11) / 22);
});
