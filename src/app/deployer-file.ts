// phield.config.json beside the app, as far as it can be read: what it says is checked, and no answer is nobody's.
import { nobody, readDeployer, type Deployer } from '../widget/frame/deployer';

/** What waits for it may not wait for ever. */
const patienceMs = 10_000;

/** @param appBase absolute address of the app, ending in a slash. */
export async function fetchDeployer(appBase: string): Promise<Deployer> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const { countedFetch } = await import('../ledger/counted-fetch');
    const response = await countedFetch('app')(new URL('phield.config.json', appBase).href, { signal });
    return response.ok ? readDeployer(await response.json()) : nobody;
  } catch {
    return nobody;
  }
}
