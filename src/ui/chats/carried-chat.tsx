// A conversation that came with a link, as the chat in another site's page makes it: shown, and kept only when the person
// says so.
import { lazy, Suspense } from 'react';
import { useApp } from '../app-context';
import { useCarried } from '../common/carried';
import { chatHref } from '../common/route';

const prefix = '#/carried/';

const Dialog = lazy(() => import('./carried-dialog').then((module) => ({ default: module.CarriedDialog })));

/** Nothing while the address carries none. */
export function CarriedChat() {
  const { chat } = useApp();
  const { code, drop } = useCarried(prefix);
  if (code === undefined) return null;
  const done = (): void => {
    // Not in the history: what was said is kept as a chat, or not at all.
    if (drop()) history.replaceState(null, '', chatHref(chat.getState().activeId));
  };
  return (
    <Suspense>
      <Dialog code={code} onDone={done} />
    </Suspense>
  );
}
