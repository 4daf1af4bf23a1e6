// Starts a worker that may reach nothing, on any host. A worker started by its address is bound by the headers of its
// script alone, and a bare host sends none. Started from a `blob:` address it inherits the policy of the document that
// made it: so it is made inside an empty frame, whose own policy forbids every request, over the page's.
//
// Firefox 153 takes 'self' in the policy that such a frame inherits for the frame's own empty address and refuses the
// worker's script. There the page itself makes the worker, which then may ask this origin and no other.
import { allowOwnScripts } from '../base/own-scripts';
import type { WorkerLike } from './worker-client';

/** Cannot loosen what the page's policy forbids: both hold. scripts/serving/headers.mjs has the same for its header. */
const noNetwork = "connect-src 'none'";

type Scope = Window & typeof globalThis;

/**
 * @param script address of a module worker's script.
 * @param name what developer tools call it.
 */
export function startQuietWorker(script: string, name: string): WorkerLike {
  const frame = navigator.userAgent.includes('Firefox/') ? undefined : frameWithoutNetwork();
  const scope = (frame?.contentWindow as Scope | null | undefined) ?? window;
  const line = `import ${JSON.stringify(new URL(script, location.href).href)};`;
  const address = scope.URL.createObjectURL(new scope.Blob([line], { type: 'text/javascript' }));
  const worker = new scope.Worker(address, { type: 'module', name });
  return {
    postMessage: (message: unknown, transfer: Transferable[] = []) => worker.postMessage(message, transfer),
    addEventListener: (type: string, listener: (event: never) => void) =>
      worker.addEventListener(type, listener as (event: Event) => void),
    terminate: () => {
      worker.terminate();
      frame?.remove();
    },
  };
}

function frameWithoutNetwork(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  document.body.append(frame);
  const inside = frame.contentDocument;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = noNetwork;
  inside?.head.append(meta);
  // It has the page's policy, and so asks for a trusted address as the page does.
  allowOwnScripts(frame.contentWindow ?? {}, origin);
  return frame;
}
