// An error as a person needs it: what happened, what to do, and the details for a report.
import type { ReactNode } from 'react';
import type { ErrorCode } from '../../base/errors';
import { useApp } from '../app-context';
import type { Texts } from '../texts/en';

export interface ProblemProps {
  readonly code: ErrorCode;
  /** The engine's own sentence, which names the file or number at fault. */
  readonly message: string;
  /** Shows that sentence at once. */
  readonly open?: boolean;
  readonly children?: ReactNode;
}

interface ProblemPageProps extends ProblemProps {
  /** Of a page without a GPU: what comes before the ways to get one. */
  readonly first?: ReactNode;
}

/** A short form for one message or a bar. */
export function Problem({ code, message, open = false, children }: ProblemProps) {
  const { texts } = useApp();
  const { title, help } = texts.errors[code];
  return (
    <div className="problem">
      <p className="problem-title">{title}</p>
      <p>{help}</p>
      {children}
      <Details code={code} message={message} open={open} />
    </div>
  );
}

/** A page of its own, for when the model cannot be had at all. */
export function ProblemPage({ code, message, first, children }: ProblemPageProps) {
  const { texts } = useApp();
  const { title, help } = texts.errors[code];
  return (
    <section className="problem-page" role="alert">
      {code === 'gpu/unavailable' ? (
        <NoWebGpu texts={texts} first={first} />
      ) : code === 'gpu/no-adapter' ? (
        <>
          <h1>{texts.noAdapter.title}</h1>
          <p>{texts.noAdapter.lead}</p>
          {first}
          <List items={texts.noAdapter.checks} />
        </>
      ) : (
        <>
          <h1>{title}</h1>
          <p>{help}</p>
          {first}
        </>
      )}
      {children}
      {/* The engine's sentence names the file or number at fault. */}
      <Details code={code} message={message} open={!isPageOfItsOwn(code)} />
    </section>
  );
}

function NoWebGpu({ texts, first }: { readonly texts: Texts; readonly first: ReactNode }) {
  const { title, lead, browsersHeading, browsers, enableHeading, enable, insecure } = texts.noWebGpu;
  return (
    <>
      <h1>{title}</h1>
      <p>{lead}</p>
      {!window.isSecureContext && <p className="problem-first">{insecure}</p>}
      {first}
      <h2>{browsersHeading}</h2>
      <List items={browsers} />
      <h2>{enableHeading}</h2>
      <List items={enable} />
    </>
  );
}

function List({ items }: { readonly items: readonly string[] }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

/** Those whose own text says all that helps. */
function isPageOfItsOwn(code: ErrorCode): boolean {
  return code === 'gpu/unavailable' || code === 'gpu/no-adapter';
}

interface DetailsProps {
  readonly code: ErrorCode;
  readonly message: string;
  readonly open?: boolean;
}

function Details({ code, message, open = false }: DetailsProps) {
  const { texts } = useApp();
  return (
    <details className="technical" open={open}>
      <summary>{texts.technicalDetails}</summary>
      <p>
        <code>{code}</code> {message}
      </p>
    </details>
  );
}
