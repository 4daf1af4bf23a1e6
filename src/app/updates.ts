// The service worker and its updates. A new version waits until the person takes it, and a page reloads only
// for its own person: when another tab has switched versions, this one goes on and offers the reload.
import { registerSW } from 'virtual:pwa-register';
import type { ChatStore } from '../chat/chat-store';
import { Subscribable } from '../chat/subscribable';
import type { AppUpdate } from '../ui/app-context';

export function startUpdates(chat: ChatStore): AppUpdate {
  const waiting = new Subscribable(false);
  let asked = false;
  let switched = false;

  const reloadWhenIdle = (): void => {
    const reload = (): void => {
      if (chat.getState().run.state === 'idle') location.reload();
    };
    chat.subscribe(reload);
    reload();
  };

  const takeUpdate = registerSW({
    onNeedRefresh: () => waiting.set(true),
    onNeedReload: () => {
      switched = true;
      if (asked) reloadWhenIdle();
      else waiting.set(true);
    },
    onRegisteredSW: (_address, registration) => {
      // An installed app may stay open for weeks; it looks for a new version when one comes back to it.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible' && navigator.onLine)
          registration?.update().catch(() => {});
      });
    },
  });

  return {
    getState: waiting.getState,
    subscribe: waiting.subscribe,
    apply: () => {
      asked = true;
      if (switched) reloadWhenIdle();
      else void takeUpdate();
    },
  };
}
