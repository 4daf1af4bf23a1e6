// A warning over a document that gives orders to a model. It is only read out to one as data; a person should know all the
// same what they have been handed.
import { useMemo, type ReactNode } from 'react';
import type { Passage } from '../../documents/document';
import { findInjections } from '../../safety/injections';
import { useApp } from '../app-context';
import { safetyWords } from '../texts/safety-words';

const shownAtMost = 3;
/** Characters that are looked through: more than any document that is read by hand. */
const mostLength = 2_000_000;

export function DocumentOrders({ passages }: { readonly passages: readonly Passage[] }): ReactNode {
  const { texts } = useApp();
  const orders = useMemo(() => ordersIn(passages), [passages]);
  if (orders.length === 0) return null;
  const words = safetyWords(texts.language).orders;
  return (
    <div className="remark" role="note" aria-label={words.title}>
      <p>{words.note(orders.length)}</p>
      <ul>
        {orders.slice(0, shownAtMost).map((order, at) => (
          <li key={at} dir="auto">
            “{order}”
          </li>
        ))}
      </ul>
    </div>
  );
}

function ordersIn(passages: readonly Passage[]): readonly string[] {
  const found: string[] = [];
  let left = mostLength;
  for (const { blocks } of passages) {
    const text = blocks.join('\n');
    if ((left -= text.length) < 0) break;
    found.push(...findInjections(text).map(({ start, end }) => text.slice(start, end).trim().slice(0, 200)));
  }
  return found;
}
