// What is said between the app's page and its workers, for those who drive the page from outside: `npm run ask`, e2e.

/**
 * For `page.addInitScript`: runs in the page, so it uses nothing from outside itself. Every message of a worker goes to
 * `window.phieldWire` as well, also of one that is made inside a frame of the page's own (src/client/quiet-worker.ts).
 */
export function tapWorkers() {
  // Frames are tapped from above, once.
  if (window !== window.top) return;
  /** @typedef {{ phieldWire(message: unknown): void }} Wire */
  /** @type {WeakSet<object>} */
  const tapped = new WeakSet();
  /** @param {Window & typeof globalThis} scope */
  const tap = (scope) => {
    if (tapped.has(scope)) return;
    tapped.add(scope);
    const Native = scope.Worker;
    scope.Worker = class extends Native {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        const wire = /** @type {Wire} */ (/** @type {unknown} */ (window));
        this.addEventListener('message', (event) => wire.phieldWire(event.data));
      }
    };
  };
  tap(window);
  const { get } = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow') ?? {};
  Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
    configurable: true,
    get() {
      const scope = get?.call(this);
      // Another origin's window keeps its workers to itself.
      try {
        if (scope) tap(scope);
      } catch {}
      return scope;
    },
  });
}
