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
  let refused = false;
  const hear = (event: Event): void => {
    if ('blockedURI' in event && String(event.blockedURI).startsWith('http://phield.invalid')) refused = true;
  };
  addEventListener('securitypolicyviolation', hear);
  try {
    await fetch(forbidden, { mode: 'no-cors', signal: AbortSignal.timeout(patienceMs) }).catch(
      () => undefined,
    );
    // The browser's word comes as an event of its own, after the refusal.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return refused;
  } finally {
    removeEventListener('securitypolicyviolation', hear);
  }
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
