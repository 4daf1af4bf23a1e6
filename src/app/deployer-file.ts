// phield.config.json beside the app, as far as it can be read: what it says is checked, and no answer is nobody's.
import type { Deployer } from '../widget/frame/deployer';
import { nobody } from '../widget/frame/no-deployer';

/** What waits for it may not wait for ever. */
const patienceMs = 10_000;

/** @param appBase absolute address of the app, ending in a slash. */
export async function fetchDeployer(appBase: string): Promise<Deployer> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const [{ countedFetch }, { readDeployer }] = await Promise.all([
      import('../ledger/counted-fetch'),
      import('../widget/frame/deployer'),
    ]);
    const response = await countedFetch('app')(new URL('phield.config.json', appBase).href, { signal });
    return response.ok ? readDeployer(await response.json()) : nobody;
  } catch {
    return nobody;
  }
}
