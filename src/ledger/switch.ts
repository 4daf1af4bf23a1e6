// The switch that cuts the network off for the whole app. Every client asks it before each request, and hears of it in the
// midst of one; the service worker holds to it too (src/sw/sw.ts).
import { AppError } from '../base/errors';
import { hearLedger, readCut, tell, writeCut } from './book';

/** Of this visit, where nothing can be kept. */
let heard: boolean | undefined;
let stop = new AbortController();
let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  hearLedger((news) => {
    if (!('cut' in news)) return;
    heard = news.cut;
    if (news.cut) stop.abort(cutError());
  });
}

const cutError = (): AppError =>
  new AppError('network/cut', 'The network is switched off for Phield: Privacy turns it on again.');

/** Asked anew each time: a worker that was asleep has heard nothing. */
export async function isCut(): Promise<boolean> {
  listen();
  try {
    return await readCut();
  } catch {
    return heard ?? false;
  }
}

export async function setCut(cut: boolean): Promise<void> {
  listen();
  // Where it cannot be kept it holds for this visit.
  await writeCut(cut).catch(() => undefined);
  tell({ cut });
}

/**
 * To be called before each request.
 * @returns a signal that is aborted, with the typed error, when the network is cut in the midst of it.
 * @throws AppError `network/cut`
 */
export async function throughSwitch(): Promise<AbortSignal> {
  if (await isCut()) throw cutError();
  if (stop.signal.aborted) stop = new AbortController();
  return stop.signal;
}
