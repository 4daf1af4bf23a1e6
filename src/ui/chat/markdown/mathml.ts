// TeX -> MathML, which browsers draw by themselves: no fonts, no styles from elsewhere. In a chunk of its own that
// the Markdown worker fetches when the first formula turns up.
import type { Element, ElementContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import katex from 'katex';

/** Everything KaTeX draws with; whatever else its output might ever hold is left out. */
const elements = new Set(
  (
    'math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts ' +
    'mtable mtr mtd mlabeledtr mpadded mphantom mstyle menclose merror mprescripts none'
  ).split(' '),
);
const attributes = new Set(
  (
    'display displaystyle scriptlevel mathvariant mathsize mathcolor mathbackground stretchy symmetric fence ' +
    'separator form accent accentunder lspace rspace minsize maxsize movablelimits largeop linethickness width ' +
    'height depth voffset notation rowspacing columnspacing columnalign columnlines rowlines rowalign'
  ).split(' '),
);

/** @throws where the formula is not TeX that KaTeX knows. */
export function toMathMl(tex: string, display: boolean): Element {
  const html = katex.renderToString(tex, {
    output: 'mathml',
    displayMode: display,
    throwOnError: true,
    strict: 'ignore',
    trust: false,
    maxSize: 20,
    maxExpand: 200,
  });
  const [math] = clean(fromHtml(html, { fragment: true }).children as ElementContent[]);
  if (math?.type !== 'element') throw new Error('KaTeX gave no formula.');
  math.properties['display'] = display ? 'block' : 'inline';
  return math;
}

function clean(nodes: readonly ElementContent[]): ElementContent[] {
  return nodes.flatMap((node): ElementContent[] => {
    if (node.type === 'text') return [node];
    if (node.type !== 'element' || node.tagName === 'annotation') return [];
    const children = clean(node.children);
    // A wrapper for other ways of drawing goes; what is in it stays.
    if (!elements.has(node.tagName)) return children;
    const properties = Object.fromEntries(
      Object.entries(node.properties).filter(([name]) => attributes.has(name.toLowerCase())),
    );
    return [{ type: 'element', tagName: node.tagName, properties, children }];
  });
}
