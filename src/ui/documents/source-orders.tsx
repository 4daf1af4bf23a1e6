// Beside an answer: that passages which the model was given try to give it orders. Fetched beside the first paint, since
// few answers come from documents.
import { Suspense, type ReactNode } from 'react';
import type { Source } from '../../chat/conversation';
import { later } from '../common/later';

const Orders = later(() => import('./source-orders-note').then((module) => module.SourceOrdersNote));

export function SourceOrders({ sources }: { readonly sources: readonly Source[] }): ReactNode {
  return (
    <Suspense>
      <Orders sources={sources} />
    </Suspense>
  );
}
