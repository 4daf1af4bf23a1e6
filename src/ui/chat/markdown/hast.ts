// What is asked of elements of a parsed block, in the worker as well as in the page.
import type { Element, ElementContent } from 'hast';

export function hasClass({ properties }: Element, name: string): boolean {
  const { className } = properties;
  return Array.isArray(className) && className.includes(name);
}

/** What stands on the fence, if anything does. */
export function languageOf({ properties }: Element): string | undefined {
  const { className } = properties;
  const name = Array.isArray(className)
    ? className.find((one) => typeof one === 'string' && one.startsWith('language-'))
    : undefined;
  return typeof name === 'string' ? name.slice('language-'.length).toLowerCase() : undefined;
}

export function textOf(node: Element): string {
  const text = (child: ElementContent): string =>
    child.type === 'text' ? child.value : child.type === 'element' ? child.children.map(text).join('') : '';
  return node.children.map(text).join('');
}
