import { describe, expect, test } from 'vitest';
import { route, type RouteInput } from './route';
import { evaluateRouter, train } from './testing/eval-router';
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

  test('thinks of documents where a person allows it', () =>
    expect(route(asked(hard, { hasDocuments: true, allowsDocuments: true })).to).toBe('larger'));
});

test('the committed weights are those that training makes, and right on what was kept from it', () => {
  expect(train()).toEqual(weights);
  const { right, privateSuggested, sentWithoutConsent } = evaluateRouter();
  expect(right).toBeGreaterThanOrEqual(0.9);
  expect([privateSuggested, sentWithoutConsent]).toEqual([0, 0]);
});
