// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { AppContext, type AppContextValue } from '../app-context';
import { Markdown } from './markdown';
import { en } from '../texts/en';

afterEach(cleanup);

function show(text: string): HTMLElement {
  const { container } = render(
    <AppContext value={{ texts: en } as AppContextValue}>
      <Markdown text={text} />
    </AppContext>,
  );
  return container;
}

describe('what a model may not do', () => {
  it('shows raw HTML as text', () => {
    const page = show(
      'Hi <img src=x onerror=alert(1)> <script>alert(1)</script>\n\n<iframe src="//a.example"></iframe>',
    );
    expect(page.querySelector('img, script, iframe')).toBeNull();
    expect(page.textContent).toContain('<script>alert(1)</script>');
  });

  it('loads no image', () => {
    const page = show('![a cat](https://a.example/cat.png)');
    expect(page.querySelector('img')).toBeNull();
    expect(page.textContent).toBe('[image not loaded: a cat]');
  });

  it('makes no link that runs a script', () => {
    const page = show('[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) <javascript:alert(1)>');
    for (const link of page.querySelectorAll('a')) expect(link.getAttribute('href')).toBeFalsy();
  });
});

describe('what it may', () => {
  it('opens links in a new tab, without a way back', () => {
    show('[Phield](https://a.example/)');
    const link = screen.getByRole('link', { name: 'Phield' });
    expect(link.getAttribute('target')).toBe('_blank');
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(link.getAttribute('rel')).toContain('noreferrer');
  });

  it('shows code with a button to copy it, tables and lists', () => {
    show('```js\nlet a = 1;\n```\n\n| x |\n|---|\n| y |\n\n1. one\n\n2. two');
    expect(screen.getByRole('button', { name: 'Copy code' })).toBeTruthy();
    expect(screen.getByRole('cell', { name: 'y' })).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
  });
});
