// WebLLM fetches a person's picture by its `data:` address, which the policy of the worker it runs in counts as a
// request and forbids like any other. Here such an address is answered with what it holds; every other is left to the
// browser, which refuses it.

const base64 = /^data:([\w.+-]+\/[\w.+-]+);base64,/;
const answering = new WeakSet<object>();

/** Once a scope; for good, since WebLLM asks at any time. */
export function answerDataAddresses(scope: { fetch: typeof fetch } = globalThis): void {
  if (answering.has(scope)) return;
  answering.add(scope);
  const real = scope.fetch.bind(scope);
  scope.fetch = (input, init) => {
    const picture = typeof input === 'string' ? pictureIn(input) : undefined;
    return picture ? Promise.resolve(picture) : real(input, init);
  };
}

function pictureIn(address: string): Response | undefined {
  const [head, type] = base64.exec(address) ?? [];
  if (head === undefined || type === undefined) return undefined;
  const binary = atob(address.slice(head.length));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return new Response(bytes, { headers: { 'content-type': type } });
}
