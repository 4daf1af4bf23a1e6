// What a parsed block is given beyond its Markdown: coloured code and drawn formulas. Each needs a large library,
// fetched when it is first wanted; where it cannot be had the block stays readable as it is.
import type { Element, Root } from 'hast';
import { hasClass, languageOf, textOf } from './hast';

/** Longer code stays in one colour: colouring it would hold up what comes after it. */
const longestCode = 40_000;

const load = <T>(get: () => Promise<T>): (() => Promise<T | undefined>) => {
  let module: Promise<T | undefined> | undefined;
  return () => (module ??= get().catch(() => (module = undefined)));
};
const highlighter = load(() => import('./highlight'));
const mathematics = load(() => import('./mathml'));

/** Changes the tree. */
export async function decorate(root: Root): Promise<void> {
  const pending: (Root | Element)[] = [root];
  for (let parent = pending.pop(); parent; parent = pending.pop()) {
    for (const [at, child] of [...parent.children.entries()]) {
      if (child.type !== 'element') continue;
      const replacement = child.tagName === 'code' ? await inPlaceOf(child) : undefined;
      if (replacement) parent.children[at] = replacement;
      else if (child.tagName === 'code') await colour(child);
      else pending.push(child);
    }
  }
}

async function inPlaceOf(code: Element): Promise<Element | undefined> {
  const display = hasClass(code, 'math-display');
  if (!display && !hasClass(code, 'math-inline')) return undefined;
  const module = await mathematics();
  try {
    return module?.toMathMl(textOf(code), display);
  } catch {
    // Half of a formula while it streams, or no TeX: shown as written.
    return undefined;
  }
}

async function colour(code: Element): Promise<void> {
  const language = languageOf(code);
  if (language === undefined) return;
  const text = textOf(code);
  if (text.length > longestCode) return;
  const module = await highlighter();
  const coloured = module?.highlight(text, language);
  if (coloured) code.children = [...coloured];
}
