// The one Trusted Types policy. Where a host's or the page's policy requires trusted types, the browser refuses every
// text that is to become a script or a document but one, and asks this about every address of a script.

interface PolicyMaker {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string | null; createHTML?(html: string): string | null },
  ): unknown;
}

/** What of a window's or a worker's scope is used; browsers without trusted types have none. */
export interface ScriptScope {
  readonly origin?: string;
  readonly trustedTypes?: PolicyMaker | undefined;
}

/**
 * The one text that may become a document: of the frame in which src/client/quiet-worker.ts starts workers. It can not
 * loosen what the page's policy forbids: both hold. scripts/serving/headers.mjs has the same for its header.
 */
export const frameWithoutNetwork = `<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">`;

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
    createHTML: (html) => (html === frameWithoutNetwork ? html : null),
  });
}
