// Tries, in the realm it is called in, what a policy should forbid. Nothing leaves: the name leads nowhere, and where
// a policy refuses it the browser says so before it asks anybody.
interface Bounds {
  readonly network: boolean;
  readonly code: boolean;
}

/** Not https, which the store may use; RFC 2606 keeps `.invalid` unresolvable for ever. */
const forbidden = 'http://phield.invalid/';
const patienceMs = 3_000;

export async function probeBounds(): Promise<Bounds> {
  return { network: await refusesNetwork(), code: refusesCode() };
}

async function refusesNetwork(): Promise<boolean> {
  const refused = new Set<string>();
  const hear = (event: Event): void => {
    if ('blockedURI' in event) refused.add(String(event.blockedURI));
  };
  addEventListener('securitypolicyviolation', hear);
  try {
    await fetch(forbidden, { mode: 'no-cors', signal: AbortSignal.timeout(patienceMs) }).catch(
      () => undefined,
    );
    await toldMs();
    if ([...refused].some((address) => address.startsWith('http://phield.invalid'))) return true;
    // WebKit tells the page of what it refuses to a worker, and not the worker. A blob of one's own is refused by the
    // same policy, and nothing but a policy refuses it: without a word, the browser says nothing here.
    const isWorker = !('document' in globalThis);
    const silent = isWorker && (await refusesBlobs());
    await toldMs();
    return silent && refused.size === 0;
  } finally {
    removeEventListener('securitypolicyviolation', hear);
  }
}

/** The browser's word comes as an event of its own, after the refusal. */
const toldMs = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

async function refusesBlobs(): Promise<boolean> {
  const address = URL.createObjectURL(new Blob(['nothing']));
  const refuses = await fetch(address).then(
    () => false,
    () => true,
  );
  URL.revokeObjectURL(address);
  return refuses;
}

function refusesCode(): boolean {
  const { eval: evaluate } = globalThis;
  try {
    evaluate('0');
    return false;
  } catch {
    return true;
  }
}
