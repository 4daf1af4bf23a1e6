// Whether the pages that are open still run. A page of a broken version draws nothing, so nobody can ask it to take the next
// one, and a reload stays with the version that has it: then the next one takes over by itself.
import { areYouThere } from '../protocol/update';

/** Longer than a page needs that is just being drawn. */
const patienceMs = 5_000;

/** Of the browser's WindowClient. */
export interface OpenWindow {
  readonly frameType: 'auxiliary' | 'nested' | 'none' | 'top-level';
  postMessage(data: unknown, ports: Transferable[]): void;
}

/**
 * @param windows that are open: one that answers goes on with the version it has, until its person takes the next. In a
 * frame there is nobody to ask; where nothing is open a version comes by itself.
 */
export async function isAbandoned(
  windows: readonly OpenWindow[],
  waitMs: number = patienceMs,
): Promise<boolean> {
  if (windows.length === 0 || windows.some(({ frameType }) => frameType === 'nested')) return false;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), waitMs);
    for (const one of windows) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        clearTimeout(timer);
        port1.close();
        resolve(false);
      };
      one.postMessage(areYouThere, [port2]);
    }
  });
}
