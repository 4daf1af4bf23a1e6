// An answer's Markdown as elements. Model output is untrusted: raw HTML stays text, nothing is loaded from the
// network, links leave in a new tab without a referrer. Loaded lazily; until then answers show as plain text.
import type { Root } from 'hast';
import { toJsxRuntime, type Components } from 'hast-util-to-jsx-runtime';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { memo, useEffect, useId, useMemo, useState, type ComponentProps, type ReactNode } from 'react';
import { useApp } from '../../app-context';
import { isPlainBlock, markdownBlocks, tableHead } from './blocks';
import { CodeBlock, InlineCode } from './code-block';
import { findDefinitions, usedBy, type Used } from './definitions';
import { AnswerScope, Link } from './link';
import { blockParser } from './parser';
import { BlockBoundary, PlainText, RestAsText } from './plain-text';

/** Letters of an answer that are formatted. What comes after them nobody reads in one piece. */
const longestFormatted = 100_000;

function Picture({ alt }: ComponentProps<'img'>): ReactNode {
  const { texts } = useApp();
  return <span className="image-left-out">{texts.imageLeftOut(alt ?? '')}</span>;
}

function Table({ children }: ComponentProps<'table'>): ReactNode {
  const { texts } = useApp();
  return (
    <div className="table-scroll" role="region" aria-label={texts.prose.table} tabIndex={0}>
      <table dir="auto">{children}</table>
    </div>
  );
}

/** A model may tick what it likes: a mark, nothing to press. */
function TaskMark({ checked }: ComponentProps<'input'>): ReactNode {
  const { texts } = useApp();
  const label = checked ? texts.prose.done : texts.prose.notDone;
  return <span className={checked ? 'task-mark task-done' : 'task-mark'} role="img" aria-label={label} />;
}

/** The page has its own first heading; an answer's come below it. */
const heading = (Tag: 'h2' | 'h3' | 'h4' | 'h5' | 'h6') =>
  function Heading({ children }: { readonly children?: ReactNode }): ReactNode {
    return (
      <Tag dir="auto" tabIndex={-1}>
        {children}
      </Tag>
    );
  };

const directed = (Tag: 'p' | 'ul' | 'ol' | 'li' | 'blockquote' | 'th' | 'td') =>
  function Directed({ node: _node, ...props }: Record<string, unknown>): ReactNode {
    return jsx(Tag, { ...props, dir: 'auto' });
  };

const components = {
  a: Link,
  img: Picture,
  pre: CodeBlock,
  code: InlineCode,
  table: Table,
  input: TaskMark,
  h1: heading('h2'),
  h2: heading('h3'),
  h3: heading('h4'),
  h4: heading('h5'),
  h5: heading('h6'),
  h6: heading('h6'),
  p: directed('p'),
  ul: directed('ul'),
  ol: directed('ol'),
  li: directed('li'),
  blockquote: directed('blockquote'),
  th: directed('th'),
  td: directed('td'),
} as Partial<Components>;

interface BlockProps {
  readonly text: string;
  readonly used: Used;
  /** Nothing will be added to it. */
  readonly settled: boolean;
}

/** The tree of a block, `failed` where there is none to be had, undefined while it is being made. */
function useTree({ text, used, settled }: BlockProps): Root | 'failed' | undefined {
  const now = useMemo(() => {
    if (isPlainBlock(text)) return 'failed';
    try {
      return blockParser.now({ text, used }, settled);
    } catch {
      return 'failed';
    }
  }, [text, used, settled]);
  const [asked, setAsked] = useState<Root | 'failed' | undefined>(undefined);
  useEffect(() => {
    if (now) return;
    let gone = false;
    // While a block grows, an answer to an earlier ask is still better than plain text.
    const takeBack = blockParser.ask({ text, used }, settled, (root) => !gone && setAsked(root ?? 'failed'));
    return () => {
      takeBack();
      gone = settled;
    };
  }, [text, used, settled, now]);
  return now ?? asked;
}

function Tree(props: BlockProps): ReactNode {
  const tree = useTree(props);
  const elements = useMemo(
    () =>
      tree === undefined || tree === 'failed'
        ? undefined
        : (toJsxRuntime(tree, { Fragment, jsx, jsxs, components, passNode: true }) as ReactNode),
    [tree],
  );
  return elements ?? <PlainText text={props.text.replace(/^\n+|\s+$/g, '')} />;
}

const Block = memo(
  function Block(props: BlockProps) {
    return (
      <BlockBoundary text={props.text}>
        <Tree {...props} />
      </BlockBoundary>
    );
  },
  (a, b) =>
    a.text === b.text &&
    a.settled === b.settled &&
    a.used.below === b.used.below &&
    a.used.notes.join() === b.used.notes.join(),
);

export interface MarkdownProps {
  readonly text: string;
  /** More of it is to come. */
  readonly running?: boolean;
}

export function Markdown({ text, running = false }: MarkdownProps): ReactNode {
  const { texts } = useApp();
  const scope = useId();
  const end = text.length > longestFormatted ? text.lastIndexOf('\n', longestFormatted) : text.length;
  const formatted = text.slice(0, end > 0 ? end : longestFormatted);
  const { blocks, definitions } = useMemo(() => {
    const cut = markdownBlocks(formatted);
    return { blocks: withTableHeads(cut), definitions: findDefinitions(cut) };
  }, [formatted]);
  return (
    <AnswerScope value={scope}>
      {/* A finished block never changes while text is added behind it, so its index is its identity. */}
      {blocks.map((block, index) => (
        <Block
          key={index}
          text={block}
          used={usedBy(block, definitions)}
          settled={!running || index < blocks.length - 1}
        />
      ))}
      {definitions.footnotes.length > 0 && (
        <section className="footnotes" aria-label={texts.prose.footnotes}>
          <ol>
            {definitions.footnotes.map((note, index) => (
              <li key={note.label} id={`${scope}note-${index + 1}`} tabIndex={-1} dir="auto">
                <Block text={note.text} used={usedBy(note.text, definitions)} settled={!running} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {formatted.length < text.length && <RestAsText text={text.slice(formatted.length)} />}
    </AnswerScope>
  );
}

/** The rows of a table that was cut get its head again. */
function withTableHeads(blocks: readonly string[]): readonly string[] {
  let head: string | undefined;
  return blocks.map((block) => {
    const own = tableHead(block);
    const isRest = own === undefined && head !== undefined && /^ {0,3}\|/.test(block);
    const shown = isRest ? `${head}\n${block}` : block;
    head = own ?? (isRest ? head : undefined);
    if (/\n\s*$/.test(block)) head = undefined;
    return shown;
  });
}
