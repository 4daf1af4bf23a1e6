// The page's part of the ledger: what the browser fetched for it, and giving way when another tab deletes everything.
import { localTexts } from './texts-kept';
import { hearLedger, note } from '../ledger/book';
import { takeOverEarlier } from '../ledger/earlier';
import { watchLoads } from '../ledger/watch-loads';

/** @param halt from here on this page writes nothing any more. */
export function keepLedger(halt: () => void): void {
  watchLoads();
  void takeOverEarlier(localTexts());
  hearLedger((news) => {
    if (!('erase' in news)) return;
    halt();
    location.replace(new URL('./erase.html#elsewhere', location.href).href);
  });
  // A page that the service worker controlled from its start: the browser looks by itself whether that has changed.
  const { controller } = (navigator as Partial<Navigator>).serviceWorker ?? {};
  if (controller) note({ at: Date.now(), host: location.host, purpose: 'update', sentBytes: 0 });
}
