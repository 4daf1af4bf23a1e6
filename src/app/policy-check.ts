// What holds on this host, found out by trying: asked only when a person opens the settings.
import type { Bounds, PolicyFindings } from '../protocol/policy';
import { probeBounds } from '../store/port/probe';
import type { Workers } from './workers';

export async function checkPolicy(workers: Workers): Promise<PolicyFindings> {
  const [page, engine, store, framing] = await Promise.all([
    probeBounds(),
    workers.engine && answerOf(workers.engine),
    answerOf(workers.store()),
    framesForbidden(),
  ]);
  return { page, engine, store, framing };
}

/** By the headers this page came with: nothing else tells. */
async function framesForbidden(): Promise<boolean | undefined> {
  try {
    const { countedFetch } = await import('../ledger/counted-fetch');
    const { headers } = await countedFetch('app')(location.pathname);
    return /frame-ancestors/.test(headers.get('content-security-policy') ?? '');
  } catch {
    return undefined;
  }
}

const patienceMs = 6_000;

/** What a worker answers when it is asked what it is kept from. */
function answerOf(worker: {
  addEventListener: (type: 'message', listener: (event: MessageEvent) => void) => void;
  postMessage: (message: unknown) => void;
}): Promise<Bounds | undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), patienceMs);
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'object' || data === null || !('bounds' in data)) return;
      const bounds = data.bounds as Partial<Bounds>;
      resolve({ network: bounds.network === true, code: bounds.code === true });
    });
    worker.postMessage({ store: 'probe' });
  });
}
