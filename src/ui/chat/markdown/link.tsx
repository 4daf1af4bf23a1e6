// Links that an answer holds. Out to the web in a tab of its own, saying where to; within the answer; all others are
// the words they are.
import { createContext, useContext, type MouseEvent, type ReactNode } from 'react';
import type { Element } from 'hast';
import { textOf } from './hast';

/** Begins every id of an answer, so that those of two answers differ. */
export const AnswerScope = createContext('');

export interface LinkProps {
  readonly href?: string;
  readonly node?: Element;
  readonly children?: ReactNode;
}

export function Link({ href = '', node, children }: LinkProps): ReactNode {
  const scope = useContext(AnswerScope);
  // A citation: a passage of this page's own.
  if (href.startsWith('#/documents/')) return <a href={href}>{children}</a>;
  if (href.startsWith('#') && !href.startsWith('#/') && href.length > 1) {
    const place = decoded(href.slice(1));
    return (
      <a href={`#${scope}${place}`} onClick={(event) => goTo(event, scope, place)}>
        {children}
      </a>
    );
  }
  const address = outward(href);
  if (!address) return <span>{children}</span>;
  const host = address.hostname;
  const says = node && host !== '' ? textOf(node).includes(host.replace(/^www\./, '')) : true;
  return (
    <>
      <a href={address.href} title={address.href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
      {!says && <span className="link-host"> ({host})</span>}
    </>
  );
}

/** Only what says by itself where it leads: no scripts, no data, nothing relative to this page. */
function outward(href: string): URL | undefined {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) return undefined;
  try {
    return new URL(href);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The part behind # is the page's route, so a link within an answer moves the view and nothing else. */
function goTo(event: MouseEvent<HTMLAnchorElement>, scope: string, place: string): void {
  event.preventDefault();
  const answer = event.currentTarget.closest('.prose');
  const target =
    document.getElementById(`${scope}${place}`) ??
    [...(answer?.querySelectorAll<HTMLElement>('h2, h3, h4, h5, h6') ?? [])].find(
      (heading) => slug(heading.textContent ?? '') === place.toLowerCase(),
    );
  target?.scrollIntoView({ block: 'center' });
  target?.focus({ preventScroll: true });
}

/** As GitHub makes them, since that is what models have read. */
function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
