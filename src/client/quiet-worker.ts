// Starts a worker that may reach nothing, on any host. A worker started by its address is bound by the headers of its
// script alone, and a bare host sends none. Started from a `blob:` address it inherits the policy of the document that
// made it: so it is made inside a frame without content, whose own policy forbids every request, over the page's. The
// frame is a `srcdoc` one: the service worker answers for its workers too, as it does not for those of a frame that was
// never navigated (Chromium 156), which without a network had only what the browser's cache of HTTP happened to hold.
//
// Firefox 153 takes 'self' in the policy that such a frame inherits for the frame's own empty address and refuses the
// worker's script. There the page itself makes the worker, which then may ask this origin and no other.
import { allowOwnScripts, frameWithoutNetwork } from '../base/own-scripts';
import type { WorkerLike } from './worker-client';

type Scope = Window & typeof globalThis;

/**
 * @param script address of a module worker's script.
 * @param name what developer tools call it.
 */
export function startQuietWorker(script: string, name: string): WorkerLike {
  const line = `import ${JSON.stringify(new URL(script, location.href).href)};`;
  let worker: Worker | undefined;
  /** What is asked of it before its frame is there. */
  const waiting: ((started: Worker) => void)[] = [];
  const tell = (act: (started: Worker) => void): void => {
    if (worker) act(worker);
    else waiting.push(act);
  };
  const start = (scope: Scope): void => {
    const address = scope.URL.createObjectURL(new scope.Blob([line], { type: 'text/javascript' }));
    worker = new scope.Worker(address, { type: 'module', name });
    for (const act of waiting.splice(0)) act(worker);
  };
  let frame: HTMLIFrameElement | undefined;
  if (navigator.userAgent.includes('Firefox/')) start(window);
  else frame = quietFrame(start);
  return {
    postMessage: (message: unknown, transfer: Transferable[] = []) =>
      tell((started) => started.postMessage(message, transfer)),
    addEventListener: (type: string, listener: (event: never) => void) =>
      tell((started) => started.addEventListener(type, listener as (event: Event) => void)),
    terminate: () => {
      worker?.terminate();
      // Not there yet: it never will be.
      frame?.remove();
    },
  };
}

function quietFrame(loaded: (scope: Scope) => void): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.srcdoc = frameWithoutNetwork;
  frame.addEventListener(
    'load',
    () => {
      const scope = frame.contentWindow as Scope;
      // It has the page's policy, and so asks for a trusted address as the page does.
      allowOwnScripts(scope, origin);
      loaded(scope);
    },
    { once: true },
  );
  document.body.append(frame);
  return frame;
}
