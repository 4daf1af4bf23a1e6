// @vitest-environment jsdom
import { answers } from 'virtual:help-answers';
import { act, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { installPage, renderApp } from '../testing/render-app';
import { groupNames, helpGroups } from './groups';

installPage();

it('has every answer that phield-tiny was taught under one heading', () => {
  const grouped = groupNames.flatMap((name) => helpGroups[name]);
  expect([...grouped].sort()).toEqual(Object.keys(answers).sort());
  expect(new Set(grouped).size).toBe(grouped.length);
});

it('shows the answers in the language of the page, and finds one by its words, accents or not', async () => {
  const { settings, user } = renderApp();
  act(() => {
    location.hash = '#/help';
  });
  expect(await screen.findByRole('heading', { name: 'Help' })).toBeTruthy();
  expect(screen.getByText(answers['license']!.en.answer)).toBeTruthy();
  act(() => settings.update({ language: 'pt' }));
  const find = await screen.findByRole('searchbox', { name: 'Procurar uma pergunta' });
  await user.type(find, 'paragrafo');
  expect(screen.getByText(/Nenhuma pergunta tem essas palavras/)).toBeTruthy();
  await user.clear(find);
  await user.type(find, 'historia pedir');
  expect(screen.queryAllByRole('heading', { level: 2 }).length).toBe(0);
  await user.clear(find);
  await user.type(find, 'licenca microsoft');
  const models = screen.getByRole('region', { name: 'Modelos' });
  expect(within(models).getByText(answers['phi3_license']!.pt.answer)).toBeTruthy();
});
