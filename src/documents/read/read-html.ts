// HTML as a stream of tags: no tree is built, so no depth can break it, nothing can run and nothing is fetched. What is
// not the page's text (scripts, styles, navigation, forms) is left out; where there is a <main> or an <article>, only that.
import { Parser } from 'htmlparser2';
import { Blocks, type Block } from './blocks';

const silent = new Set([
  'script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'embed', 'canvas', 'audio', 'video',
  'select', 'button', 'form', 'dialog', 'head', 'datalist', 'map',
]); // oxfmt-ignore
const aside = new Set(['nav', 'footer', 'aside', 'menu']);
const breaks = new Set([
  'p', 'div', 'section', 'article', 'main', 'header', 'footer', 'aside', 'nav', 'ul', 'ol', 'dl', 'li', 'dt', 'dd',
  'table', 'tr', 'thead', 'tbody', 'caption', 'blockquote', 'pre', 'figure', 'figcaption', 'hr', 'br', 'address',
  'details', 'summary', 'body', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
]); // oxfmt-ignore
const voids = new Set([
  'br',
  'hr',
  'img',
  'input',
  'meta',
  'link',
  'wbr',
  'source',
  'track',
  'embed',
  'area',
  'col',
]);

interface Found {
  readonly all: Blocks;
  /** Inside <main> or <article>. */
  readonly main: Blocks;
}

/** No page is nested like this; the parser's time grows with the square of the depth. */
const deepest = 2_000;
class TooDeep extends Error {}

export function readHtml(html: string): readonly Block[] {
  try {
    return readNested(html);
  } catch (thrown) {
    if (thrown instanceof TooDeep) return withoutTags(html);
    throw thrown;
  }
}

/** The text between the tags, whatever they are: for pages that no parser should be asked to follow. */
function withoutTags(html: string): readonly Block[] {
  const blocks = new Blocks();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    blocks.add(html.slice(at, open < 0 ? undefined : open));
    if (open < 0) break;
    const hidden = /^<(script|style)\b/i.exec(html.slice(open, open + 8))?.[1]?.toLowerCase();
    const end = html.indexOf(hidden ? `</${hidden}` : '>', open);
    if (end < 0) break;
    at = hidden ? end : end + 1;
  }
  return blocks.list;
}

function readNested(html: string): readonly Block[] {
  const found: Found = { all: new Blocks(), main: new Blocks() };
  let text = '';
  let level: number | undefined;
  // Tags that are open and silence what is in them; their count is all that is kept of depth.
  let silenced = 0;
  let inMain = 0;
  let depth = 0;
  const flush = (): void => {
    const extra = level === undefined ? {} : { level };
    found.all.add(text, extra);
    if (inMain > 0) found.main.add(text, extra);
    text = '';
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > deepest) throw new TooDeep();
        if (silenced > 0 || isHidden(attributes) || silent.has(name) || aside.has(name)) {
          if (silenced === 0) flush();
          if (!voids.has(name)) silenced++;
          return;
        }
        if (breaks.has(name)) flush();
        if (name === 'td' || name === 'th') text += text.trim() === '' ? '' : ' | ';
        if (name === 'main' || name === 'article') inMain++;
        if (/^h[1-6]$/.test(name)) level = Number(name[1]);
      },
      ontext(piece) {
        if (silenced === 0) text += piece;
      },
      onclosetag(name) {
        depth--;
        if (silenced > 0) {
          if (!voids.has(name)) silenced--;
          return;
        }
        if (breaks.has(name)) flush();
        if (/^h[1-6]$/.test(name)) level = undefined;
        if (name === 'main' || name === 'article') inMain--;
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  for (let at = 0; at < html.length; at += 65_536) parser.write(html.slice(at, at + 65_536));
  parser.end();
  flush();
  const length = (blocks: Blocks): number => blocks.list.reduce((sum, block) => sum + block.text.length, 0);
  // A teaser in an <article> is not the page.
  return length(found.main) * 3 >= length(found.all) && length(found.main) > 0
    ? found.main.list
    : found.all.list;
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    'hidden' in attributes ||
    attributes['aria-hidden'] === 'true' ||
    /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes['style'] ?? '')
  );
}

/** What the page says of its own encoding, where nothing else does. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 2048));
  return /<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]{2,30})/i.exec(head)?.[1];
}
