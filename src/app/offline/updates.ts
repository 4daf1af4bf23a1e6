// The service worker and its updates. A new version waits until the person takes it, and a page reloads only
// for its own person: when another tab has switched versions, this one goes on and offers the reload.
import type { ChatStore } from '../../chat/chat-store';
import type { ModelSession } from '../../chat/models/model-session';
import { Subscribable } from '../../chat/subscribable';
import { isAreYouThere } from '../../protocol/update';
import type { AppUpdate } from '../../ui/app-context';

type Chat = Pick<ChatStore, 'getState' | 'subscribe'>;
type Session = Pick<ModelSession, 'getState' | 'subscribe'>;

export function startUpdates(chat: Chat, session: Session): AppUpdate {
  const waiting = new Subscribable(false);
  // Absent on insecure pages, which the types do not say; the development server has none to register.
  const container = (navigator as Partial<Navigator>).serviceWorker;
  const registration =
    container && import.meta.env.PROD
      ? whenStarted(chat, session).then(async () => (await import('./update-network')).registered(container))
      : Promise.reject(new Error('There are no service workers here.'));
  // The app works without: it only does not start without a network then.
  registration.catch(() => undefined);

  let asked = false;
  let switched = false;
  const reloadWhenIdle = (): void => {
    const reload = (): void => {
      if (chat.getState().run.state === 'idle') location.reload();
    };
    chat.subscribe(reload);
    reload();
  };

  // On a first visit the first version takes the page over: that is no update, and the next one is.
  let controlled = container?.controller != null;
  container?.addEventListener('controllerchange', () => {
    if (asked) reloadWhenIdle();
    else if (controlled) {
      switched = true;
      waiting.set(true);
    }
    controlled = true;
  });

  // A page that draws nothing any more leaves the worker that asks without an answer, and to it the place.
  container?.addEventListener('message', ({ data, ports: [port] }) => {
    if (isAreYouThere(data) && document.querySelector('#root main')) port?.postMessage(true);
  });

  void registration.then(
    (made) => {
      const look = (): void => {
        // Beside an active one only: the first of all waits for nobody.
        if (made.waiting && made.active) waiting.set(true);
      };
      const watch = (coming: ServiceWorker | null): void => coming?.addEventListener('statechange', look);
      watch(made.installing);
      made.addEventListener('updatefound', () => watch(made.installing));
      look();
      // An installed app may stay open for weeks; it looks for a new version when one comes back to it.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible' && navigator.onLine)
          void import('./update-network').then(({ lookForNew }) => lookForNew(made)).catch(() => undefined);
      });
    },
    () => undefined,
  );

  return {
    getState: waiting.getState,
    subscribe: waiting.subscribe,
    apply: () => {
      asked = true;
      if (switched) reloadWhenIdle();
      else {
        void registration.then(({ waiting: coming }) => {
          // Taken by another tab in this moment, which the page has heard of or is about to.
          if (coming) coming.postMessage({ type: 'SKIP_WAITING' });
          else reloadWhenIdle();
        });
      }
    },
  };
}

/** However long a model takes to start: one that is downloaded takes minutes. */
const patienceMs = 5_000;

/**
 * A first visit's service worker fetches the whole app, for starts without a network, and takes the processor and the
 * disk for that: what the page needs comes first, and so do a small model's start and what was asked meanwhile.
 */
export async function whenStarted(chat: Chat, session: Session): Promise<void> {
  await whenLoaded();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const isBusy = session.getState().kind === 'loading' || chat.getState().run.state !== 'idle';
      if (!isBusy) done();
    };
    const timer = setTimeout(done, patienceMs);
    const stops = [session.subscribe(look), chat.subscribe(look)];
    function done(): void {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve();
    }
    look();
  });
}

function whenLoaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => window.addEventListener('load', () => resolve(), { once: true }));
}
