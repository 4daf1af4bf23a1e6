// Starts a worker that may reach nothing, on any host. A worker started by its address is bound by the headers of its
// script alone, and a bare host sends none. Started from a `blob:` address it inherits the policy of the document that
// made it: so it is made inside an empty frame, whose own policy forbids every request, over the page's.
import { invariant } from '../base/errors';
import type { WorkerLike } from '../client/worker-client';

/** Cannot loosen what the page's policy forbids: both hold. scripts/serving/headers.mjs has the same for its header. */
const noNetwork = "connect-src 'none'";

/** @param script address of a module worker's script. */
export function startQuietWorker(script: string): WorkerLike {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  document.body.append(frame);
  const inside = frame.contentWindow as (Window & typeof globalThis) | null;
  invariant(inside, 'A frame in the page has a window.');
  const meta = inside.document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = noNetwork;
  inside.document.head.append(meta);
  const line = `import ${JSON.stringify(new URL(script, location.href).href)};`;
  const address = inside.URL.createObjectURL(new inside.Blob([line], { type: 'text/javascript' }));
  const worker = new inside.Worker(address, { type: 'module' });
  return {
    postMessage: (message: unknown, transfer: Transferable[] = []) => worker.postMessage(message, transfer),
    addEventListener: (type: string, listener: (event: never) => void) =>
      worker.addEventListener(type, listener as (event: Event) => void),
    terminate: () => {
      worker.terminate();
      frame.remove();
    },
  };
}
