// A conversation that came with a link, as the chat in another site's page makes it: shown, and kept only when the person
// says so.
import { Suspense } from 'react';
import { useApp } from '../app-context';
import { useCarried } from '../common/carried';
import { onDemand } from '../common/later';
import { chatHref } from '../common/route';

const prefix = '#/carried/';

const Dialog = onDemand(() => import('./carried-dialog').then((module) => module.CarriedDialog));

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
