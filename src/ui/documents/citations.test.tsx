// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { AppContext, type AppContextValue } from '../app-context';
import { Markdown } from '../chat/markdown/markdown';
import { en } from '../texts/en';
import { withCitations } from './citations';

const sources = [{ documentId: 'd', name: 'Shop', passage: 2 }];

it('a number that is cited is a link to its passage, and one that stands for none stays a number', () => {
  const { container } = render(
    <AppContext value={{ texts: en } as AppContextValue}>
      <Markdown text={withCitations('It costs 12 reais. [1] See [7], and $x = 1$ and \\[y\\].', sources)} />
    </AppContext>,
  );
  expect(screen.getByRole('link', { name: '[1]' }).getAttribute('href')).toBe('#/documents/d/3');
  expect(screen.getAllByRole('link')).toHaveLength(1);
  expect(container.textContent).toContain('See [7]');
});
