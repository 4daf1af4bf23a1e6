// An answer's Markdown as elements. Model output is untrusted: raw HTML stays text, nothing is loaded from the
// network, links leave in a new tab without a referrer. Loaded lazily; until then answers show as plain text.
import { memo, useRef, type ComponentProps, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useApp } from '../app-context';
import { CopyButton } from '../common/copy-button';
import { markdownBlocks } from './markdown-blocks';

const plugins = [remarkGfm];

function Link({ href, children }: ComponentProps<'a'>): ReactNode {
  // A citation: a passage of this page's own.
  if (href?.startsWith('#/documents/')) return <a href={href}>{children}</a>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Picture({ alt }: ComponentProps<'img'>): ReactNode {
  const { texts } = useApp();
  return <span className="image-left-out">{texts.imageLeftOut(alt ?? '')}</span>;
}

function CodeBlock({ children }: ComponentProps<'pre'>): ReactNode {
  const { texts } = useApp();
  const element = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <pre ref={element} tabIndex={0}>
        {children}
      </pre>
      <CopyButton label={texts.copyCode} text={() => element.current?.textContent ?? ''} />
    </div>
  );
}

function Table({ children }: ComponentProps<'table'>): ReactNode {
  return (
    <div className="table-scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

const components: Components = { a: Link, img: Picture, pre: CodeBlock, table: Table };

const Block = memo(function Block({ text }: { readonly text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
  );
});

export function Markdown({ text }: { readonly text: string }): ReactNode {
  // A finished block never changes while text is added behind it, so its index is its identity.
  return markdownBlocks(text).map((block, index) => <Block key={index} text={block} />);
}
