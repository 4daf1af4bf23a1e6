// The one Trusted Types policy. Where a host's or the page's policy requires trusted types, the browser refuses every
// text that is to become a script, and asks this about every address of one: workers' and the service worker's.

interface PolicyMaker {
  createPolicy(name: string, rules: { createScriptURL(address: string): string | null }): unknown;
}

/** What of a window's or a worker's scope is used; browsers without trusted types have none. */
export interface ScriptScope {
  readonly origin?: string;
  readonly trustedTypes?: PolicyMaker | undefined;
}

/** Of this origin, or made in this page: what `new URL` says of a blob's address too. */
function isOwn(address: string, origin: string | undefined): boolean {
  // Relative ones lie on this origin.
  if (!/^[a-z][a-z\d+.-]*:/i.test(address)) return !address.startsWith('//');
  return new URL(address).origin === origin;
}

/**
 * From now on scripts of this origin start in that scope, and no others.
 * @param scope a window, or a worker's global scope; once for each.
 */
export function allowOwnScripts(scope = globalThis as ScriptScope, origin = scope.origin): void {
  scope.trustedTypes?.createPolicy('default', {
    createScriptURL: (address) => (isOwn(address, origin) ? address : null),
  });
}
