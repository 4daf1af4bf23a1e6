// @vitest-environment jsdom
import axe from 'axe-core';
import { cleanup, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ModelCard } from '../../protocol/models';
import { installPage, renderApp } from '../testing/render-app';
import { modelFor, speedsHere } from './which-for-what';

installPage();

const card = (
  id: string,
  parameters: number,
  verdict: 'fits' | 'tight' | 'cannot',
  seesImages = false,
): ModelCard => ({
  id,
  name: id,
  purpose: '',
  languages: ['en'],
  licence: 'MIT',
  parameters,
  downloadBytes: 1,
  downloadIsExact: true,
  seesImages,
  engines: ['wgsl'],
  features: [],
  fit: {
    verdict,
    reason: { code: 'enough', text: '', details: {} },
    build: id,
    engines: ['wgsl'],
    contextWindow: 1,
    memory: undefined,
  },
});

test('the smallest that fits and is large enough; none where none is', () => {
  const cards = [
    card('tiny', 4e6, 'fits'),
    card('mini', 3.8e9, 'tight'),
    card('four', 4.1e9, 'fits'),
    card('medium', 14e9, 'cannot'),
    card('vision', 4.2e9, 'cannot', true),
  ];
  const names = (task: Parameters<typeof modelFor>[0]) => modelFor(task, cards)?.id;
  expect([names('stories'), names('documents'), names('images'), names('knowledge')]).toEqual([
    'tiny',
    'four',
    undefined,
    undefined,
  ]);
});

test('speed is the median of what this device wrote itself', () => {
  const message = (rate: number, host?: string) => ({ role: 'assistant', model: 'm', usage: { decode_tokens_per_s: rate }, ...(host && { host }) }); // oxfmt-ignore
  const messages = new Map([message(10), message(30), message(20), message(900, 'gw.example')].map((one, at) => [String(at), one])); // oxfmt-ignore
  const conversations = new Map([['c', { messages }]]) as unknown as Parameters<typeof speedsHere>[0]['conversations']; // oxfmt-ignore
  expect(speedsHere({ conversations }).get('m')).toBe(20);
});

test('the page says which for what, and where only a larger one elsewhere would do; in both languages, past axe', async () => {
  for (const [language, title, task] of [
    ['en', 'Which for what', /^Recent events/],
    ['pt', 'Qual para quê', /^Fatos recentes/],
  ] as const) {
    location.hash = '#/models';
    renderApp({ address: { language } });
    const table = within((await screen.findByText(title)).closest('section') as HTMLElement);
    expect(table.getByText(task).closest('tr')?.textContent).toMatch(
      /larger model elsewhere|modelo maior fora/,
    );
    const { violations } = await axe.run((await screen.findByText(title)).closest('section') as HTMLElement, { rules: { 'color-contrast': { enabled: false } } }); // oxfmt-ignore
    expect(violations.map(({ id }) => id)).toEqual([]);
    cleanup();
  }
});
