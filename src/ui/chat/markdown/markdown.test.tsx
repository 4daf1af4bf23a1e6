// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppContext, type AppContextValue } from '../../app-context';
import { en } from '../../texts/en';
import { Markdown } from './markdown';

afterEach(cleanup);

function show(...answers: readonly string[]): HTMLElement {
  const { container } = render(
    <AppContext value={{ texts: en } as AppContextValue}>
      {answers.map((text, i) => (
        <div key={i} className="prose">
          <Markdown text={text} />
        </div>
      ))}
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
    expect(page.textContent).toContain('<iframe src="//a.example"></iframe>');
  });

  it('loads no image', () => {
    const page = show('![a cat](https://a.example/cat.png)');
    expect(page.querySelector('img')).toBeNull();
    expect(page.textContent).toBe('[image not loaded: a cat]');
  });

  it.each([
    '[a](javascript:alert(1))',
    '[b](data:text/html,x)',
    '[c](vbscript:x)',
    '<javascript:alert(1)>',
    '[d](tel:+5511)',
    '[e](/models/x)',
    '[f](other.html)',
    '[g]()',
    '[h](//a.example/x)',
    '[i](https://)',
  ])('makes no link of %s, which leads nowhere that can be told', (text) =>
    expect(show(text).querySelector('a')).toBeNull(),
  );

  it('sends nobody to another page of this app', () => {
    expect(show('[a](#/settings)').querySelector('a')).toBeNull();
  });
});

describe('links', () => {
  it('open in a new tab, without a way back, and say where they lead', () => {
    const page = show('[Phield](https://a.example/)');
    const link = screen.getByRole('link', { name: 'Phield' });
    expect(link.getAttribute('target')).toBe('_blank');
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(link.getAttribute('rel')).toContain('noreferrer');
    expect(page.textContent).toBe('Phield (a.example)');
  });

  it('whose words name the host do not say it twice', () =>
    expect(show('[www.a.example](https://www.a.example/x)').textContent).toBe('www.a.example'));

  it('find an address that a later block defines', () => {
    show('Read [the guide][g].\n\nThen come back.\n\n[g]: https://example.org/guide');
    expect(screen.getByRole('link', { name: 'the guide' }).getAttribute('href')).toBe(
      'https://example.org/guide',
    );
  });

  it('to a heading of the answer go there, and not to another page', () => {
    show('[Below](#the-end)\n\n## The end');
    const scroll = (HTMLElement.prototype.scrollIntoView = vi.fn());
    const hash = location.hash;
    fireEvent.click(screen.getByRole('link', { name: 'Below' }));
    expect(scroll).toHaveBeenCalled();
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'The end' }));
    expect(location.hash).toBe(hash);
  });
});

describe('footnotes', () => {
  const text =
    'Small it is.[^b] Really.[^a]\n\nAnd it runs in a tab.[^b]\n\n[^a]: In *truth*.\n[^b]: As the report says.';

  it('are numbered as they are met, wherever they are defined', () => {
    const page = show(text);
    expect([...page.querySelectorAll('sup')].map((mark) => mark.textContent)).toEqual(['1', '2', '1']);
    const notes = within(screen.getByRole('region', { name: 'Footnotes' })).getAllByRole('listitem');
    expect(notes.map((note) => note.textContent)).toEqual(['As the report says.', 'In truth.']);
    expect(page.textContent).not.toContain('[^');
  });

  it('are found before a colon too, and not in the line that defines them', () => {
    const page = show('The jet narrows[^1]: count on an hour.\n\n[^1]: The vena contracta.');
    expect(page.querySelectorAll('sup')).toHaveLength(1);
    expect(page.textContent).toContain('The vena contracta.');
    expect(page.textContent).not.toContain('[^');
  });

  it('have ids that two answers do not share, and stay on this page', () => {
    const page = show(text, text);
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of page.querySelectorAll('sup a')) {
      expect(link.getAttribute('target')).toBeNull();
      expect(ids).toContain(link.getAttribute('href')?.slice(1));
    }
  });
});

describe('what a reader sees', () => {
  it('is code with a button to copy it, tables and lists', () => {
    show('```js\nlet a = 1;\n```\n\n| x |\n|---|\n| y |\n\n1. one\n\n2. two');
    expect(screen.getByRole('button', { name: 'Copy code' })).toBeTruthy();
    expect(screen.getByText('JavaScript')).toBeTruthy();
    expect(screen.getByRole('cell', { name: 'y' })).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
  });

  it('keeps a figure of a table beside its unit, and breaks what is long', () => {
    const page = show('| a | b |\n|---|---|\n| **1,00** m | as long as a sentence is |');
    expect([...page.querySelectorAll('td')].map(({ className }) => className)).toEqual(['unbroken', '']);
  });

  it.each(['Bake it for 5~10 minutes at 180~200 degrees.', '3~5天，运费100~200元', 'about ~3~5 minutes'])(
    'keeps a tilde that means "to": %s',
    (text) => {
      const page = show(text);
      expect(page.querySelector('del')).toBeNull();
      expect(page.textContent).toBe(text);
    },
  );
  it('is struck out by two', () => expect(show('~~gone~~').querySelector('del')?.textContent).toBe('gone'));

  it('breaks a line in a cell, where <br> stands for that', () => {
    const page = show('| a |\n|---|\n| one<br>two<br/>three |');
    expect(page.querySelectorAll('td br')).toHaveLength(2);
    expect(page.textContent).not.toContain('<br');
  });

  it('has one mark for a task', () => {
    const page = show('- [x] done\n- [ ] open');
    expect(page.querySelector('input')).toBeNull();
    expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy();
    expect(screen.getByRole('img', { name: 'Not done' })).toBeTruthy();
  });

  it('has headings below that of the page', () => {
    show('# One\n\n#### Four');
    expect(screen.getByRole('heading', { name: 'One', level: 2 })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Four', level: 5 })).toBeTruthy();
  });

  it('takes each block’s own direction, and code from the left', () => {
    const page = show('مرحبا\n\nHello\n\n- א\n\n```\nx\n```');
    for (const block of page.querySelectorAll('p, li')) expect(block.getAttribute('dir')).toBe('auto');
    expect(page.querySelector('pre')?.getAttribute('dir')).toBe('ltr');
  });

  it('sees a formula as it was written until it is drawn', () =>
    expect(show('so $x^2$ is').querySelector('code')?.textContent).toBe('x^2'));

  it('keeps the head of a table that is cut', () => {
    const page = show(`| name | value |\n|---|---|\n${'| some name | some value |\n'.repeat(400)}`);
    expect(page.querySelectorAll('tbody tr')).toHaveLength(400);
    expect(page.querySelector('p')).toBeNull();
  });
});

describe('too much', () => {
  it.each([
    ['quotes', '>'.repeat(3_000) + ' x'],
    ['lists', '- '.repeat(2_000) + 'x'],
    ['numbers', '1. '.repeat(2_000) + 'x'],
    ['indented lists', Array.from({ length: 200 }, (_, i) => `${'  '.repeat(i)}- x`).join('\n')],
  ])('within each other is shown as text: %s', (_, text) => {
    // Of the processor: a busy machine does not count.
    const start = process.cpuUsage();
    const page = show(`Before\n\n${text}\n\nAfter`);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
    const marks = (shown: string): string => shown.replace(/\s+/g, '');
    expect(marks(page.textContent)).toBe(marks(`Before${text}After`));
    expect(screen.getByText('After').tagName).toBe('P');
  });

  it('is capped, and the rest is there as text when asked for', () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `${'  '.repeat(i % 40)}- item ${i}`).join('\n');
    const page = show(text);
    expect(page.textContent).not.toContain('item 59999');
    fireEvent.click(screen.getByRole('button', { name: 'Show as text' }));
    expect(page.textContent).toContain('item 59999');
  });
});
