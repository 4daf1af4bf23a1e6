// A conversation that came with a link, as the chat in another site's page makes it: shown, and kept only when the person
// says so.
import { lazy, Suspense, useEffect, useState } from 'react';
import { useApp } from '../app-context';
import { chatHref } from '../common/route';

const prefix = '#/carried/';

const Dialog = lazy(() => import('./carried-dialog').then((module) => ({ default: module.CarriedDialog })));

function codeIn(hash: string): string | undefined {
  return hash.startsWith(prefix) ? hash.slice(prefix.length) : undefined;
}

/** Nothing while the address carries none. */
export function CarriedChat() {
  const { chat } = useApp();
  const [code, setCode] = useState(codeIn(location.hash));
  useEffect(() => {
    const follow = (): void => setCode((before) => codeIn(location.hash) ?? before);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  if (code === undefined) return null;
  const done = (): void => {
    setCode(undefined);
    // Not in the history: what was said is kept as a chat, or not at all.
    if (codeIn(location.hash) !== undefined)
      history.replaceState(null, '', chatHref(chat.getState().activeId));
  };
  return (
    <Suspense>
      <Dialog code={code} onDone={done} />
    </Suspense>
  );
}
