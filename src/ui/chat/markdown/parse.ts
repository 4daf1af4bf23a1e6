// One block of Markdown -> a tree of elements (hast). No page, no network: runs in a worker as well as here. Model
// output is untrusted: raw HTML becomes text, whatever it says.
import type { Root } from 'hast';
import type { Nodes, Parents, Root as MarkdownRoot } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { labelKey, type Used } from './definitions';
import { normaliseMath } from './math-marks';

export interface BlockSource {
  readonly text: string;
  readonly used: Used;
}

/** Letters of a cell that are not broken into lines. */
const longestUnbroken = 16;

const processor = unified()
  .use(remarkParse)
  // One tilde means "to" or "about" far more often than anything struck out.
  .use(remarkGfm, { singleTilde: false })
  .use(remarkMath, { singleDollarTextMath: false });
const toElements = unified().use(remarkRehype);

export function parseBlock({ text, used }: BlockSource): Root {
  const source = used.below === '' ? text : `${text}\n\n${used.below}`;
  const tree = processor.parse(normaliseMath(source));
  plain(tree, new Map(used.notes));
  return toElements.runSync(tree);
}

/** HTML as text, `<br>` as the line break that is meant, footnotes as links to the end of the answer. */
function plain(tree: MarkdownRoot, notes: ReadonlyMap<string, number>): void {
  const pending: Parents[] = [tree];
  for (let parent = pending.pop(); parent; parent = pending.pop()) {
    const children: Nodes[] = [];
    for (const child of parent.children) {
      const kept = changed(child, isFlow(parent), notes);
      if (!kept) continue;
      children.push(kept);
      if ('children' in kept) pending.push(kept);
    }
    parent.children = children as typeof parent.children;
  }
}

function changed(node: Nodes, flow: boolean, notes: ReadonlyMap<string, number>): Nodes | undefined {
  switch (node.type) {
    case 'html': {
      const pieces = node.value.split(/<br\s*\/?>/i);
      const shown = pieces.flatMap((value, i): Nodes[] => [
        ...(i > 0 ? [{ type: 'break' } as const] : []),
        ...(value === '' ? [] : [{ type: 'text', value } as const]),
      ]);
      if (flow) return { type: 'paragraph', children: shown as never };
      return shown.length === 1
        ? shown[0]
        : { type: 'emphasis', children: shown as never, data: { hName: 'span' } };
    }
    case 'footnoteReference': {
      const number = notes.get(labelKey(node.label ?? node.identifier));
      if (number === undefined) return { type: 'text', value: `[^${node.label ?? node.identifier}]` };
      const link = {
        type: 'link',
        url: `#note-${number}`,
        children: [{ type: 'text', value: `${number}` }],
      } as const;
      return {
        type: 'emphasis',
        children: [{ ...link, children: [...link.children] }],
        data: { hName: 'sup' },
      };
    }
    case 'footnoteDefinition':
      return undefined;
    case 'tableCell':
      // A figure keeps its unit: what is short stays in one line, and the table scrolls.
      return lettersOf(node) > longestUnbroken
        ? node
        : { ...node, data: { hProperties: { className: ['unbroken'] } } };
    default:
      return node;
  }
}

function lettersOf(node: Nodes): number {
  if ('value' in node) return node.value.length;
  return 'children' in node ? node.children.reduce((sum, child) => sum + lettersOf(child), 0) : 0;
}

function isFlow({ type }: Parents): boolean {
  return type === 'root' || type === 'blockquote' || type === 'listItem' || type === 'footnoteDefinition';
}
