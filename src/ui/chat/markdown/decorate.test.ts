import { toHtml } from 'hast-util-to-html';
import type { Element } from 'hast';
import { describe, expect, it } from 'vitest';
import { decorate } from './decorate';
import { parseBlock } from './parse';

async function decorated(text: string): Promise<string> {
  const root = parseBlock({ text, used: { below: '', notes: [] } });
  await decorate(root);
  return toHtml(root);
}

describe('code', () => {
  it('is coloured by its language, under any of its names', async () => {
    expect(await decorated('```js\nlet a = 1;\n```')).toContain('<span class="hljs-keyword">let</span>');
    expect(await decorated('```C++\nint a;\n```')).toContain('hljs-type');
  });
  it('stays as it is in a language that nobody knows, and where it names none', async () => {
    expect(await decorated('```klingon\nlet a\n```')).not.toContain('<span');
    expect(await decorated('```\nlet a\n```')).not.toContain('<span');
  });
  it('holds no element of its own, whatever it spells', async () =>
    expect(await decorated('```html\n<script>alert(1)</script>\n```')).not.toContain('<script'));
});

describe('formulas', () => {
  it('become MathML, and nothing else', async () => {
    const html = await decorated('so $\\frac{1}{x}$ is\n\n$$\n\\sum_{i=0}^n i\n$$');
    expect(html).toContain('<math display="inline">');
    expect(html).toContain('<mfrac>');
    expect(html).toContain('<math display="block">');
    expect(html).not.toMatch(/annotation|katex|style=|class=/);
  });
  it.each([
    String.raw`$\href{javascript:alert(1)}{x}$`,
    String.raw`$\includegraphics{https://a.example/x.png}$`,
    String.raw`$\htmlClass{a}{x}$`,
    String.raw`$\url{https://a.example}$`,
  ])('that load or link anything do neither: %s', async (text) =>
    expect(await decorated(text)).not.toMatch(/href=|<a |<img|src=|class="a"/),
  );
  it('that are no TeX stay as they were written', async () =>
    expect(await decorated('so $\\frac{1$ is')).toContain('\\frac{1</code>'));
  it('end, however often a macro calls itself', async () =>
    expect(await decorated('$\\def\\a{\\a\\a}\\a$')).toContain('<code'));
});

it('what KaTeX might draw beyond MathML is left out', async () => {
  const root = parseBlock({ text: '$x$', used: { below: '', notes: [] } });
  await decorate(root);
  const names = new Set<string>();
  const walk = (element: Element): void => {
    names.add(element.tagName);
    for (const child of element.children) if (child.type === 'element') walk(child);
  };
  for (const child of root.children) if (child.type === 'element') walk(child);
  expect([...names].sort()).toEqual(['math', 'mi', 'mrow', 'p']);
});
