// A long download, for those who look elsewhere meanwhile: how far it is in the tab's title and on the installed app's
// icon, and a screen that stays awake, where the browser has such things.
import type { ModelSession } from '../chat/models/model-session';

/** What of the browser is used; what it lacks is left out. */
export interface LoadShows {
  readonly title: { get(): string; set(title: string): void };
  /** Percent; undefined takes it away. */
  readonly badge: (percent: number | undefined) => void;
  /** Keeps the screen awake. @returns what ends that. */
  readonly awake: () => () => void;
}

/** Less is over before anybody looks away. */
const bigBytes = 50_000_000;
const mark = /^\(\d{1,3} %\) /;

export function showLongLoads(session: Pick<ModelSession, 'getState' | 'subscribe'>, shows: LoadShows): void {
  let shown: number | undefined;
  let sleep: (() => void) | undefined;
  const show = (percent: number | undefined): void => {
    // The page may have set another title since.
    const plain = shows.title.get().replace(mark, '');
    const title = percent === undefined ? plain : `(${percent} %) ${plain}`;
    if (shows.title.get() !== title) shows.title.set(title);
    if (percent === shown) return;
    shown = percent;
    shows.badge(percent);
  };
  session.subscribe(() => {
    const state = session.getState();
    const progress = state.kind === 'loading' ? state.progress : undefined;
    const isLong = progress !== undefined && progress.fetchedBytes > 0 && progress.totalBytes >= bigBytes;
    if (isLong) {
      sleep ??= shows.awake();
      show(Math.floor(progress.fraction * 100));
    } else if (sleep) {
      sleep();
      sleep = undefined;
      show(undefined);
    }
  });
}

/** In a browser. */
export function browserShows(): LoadShows {
  // Absent in some, which the types do not say.
  const own = navigator as Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge' | 'wakeLock'>>;
  return {
    title: { get: () => document.title, set: (title) => (document.title = title) },
    badge: (percent) => {
      const done =
        percent === undefined
          ? own.clearAppBadge?.call(navigator)
          : own.setAppBadge?.call(navigator, percent);
      done?.catch(() => {});
    },
    awake: () => {
      let held: WakeLockSentinel | undefined;
      let ended = false;
      // The browser ends it when the page is hidden.
      const ask = (): void => {
        if (ended || document.visibilityState !== 'visible') return;
        own.wakeLock?.request('screen').then(
          (lock) => {
            if (ended) void lock.release();
            else held = lock;
          },
          () => {},
        );
      };
      ask();
      document.addEventListener('visibilitychange', ask);
      return () => {
        ended = true;
        document.removeEventListener('visibilitychange', ask);
        void held?.release();
      };
    },
  };
}
