// phield.config.json beside the app, as far as it can be read: what it says is checked, and no answer is nobody's. What it
// said last is kept, so that its owner's floor holds without a network too.
import type { Deployer } from '../widget/frame/deployer';
import { nobody } from '../widget/frame/no-deployer';
import { localTexts } from './texts-kept';

/** What waits for it may not wait for ever. */
const patienceMs = 10_000;
const keptKey = 'phield-owner';

/** @param appBase absolute address of the app, ending in a slash. */
export async function fetchDeployer(appBase: string): Promise<Deployer> {
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const [{ countedFetch }, { readDeployer }] = await Promise.all([
      import('../ledger/counted-fetch'),
      import('../widget/frame/deployer'),
    ]);
    const read = (text: string | null): Deployer =>
      text === null ? nobody : readDeployer(JSON.parse(text) as unknown);
    try {
      const address = new URL('phield.config.json', appBase).href;
      const response = await countedFetch('app')(address, { signal });
      // Anything but the file itself: its host has none, or is not itself.
      if (!response.ok) return nobody;
      const text = await response.text();
      const said = read(text);
      keep(text);
      return said;
    } catch {
      return read(localTexts()?.getItem(keptKey) ?? null);
    }
  } catch {
    return nobody;
  }
}

function keep(text: string): void {
  try {
    localTexts()?.setItem(keptKey, text);
  } catch {
    // Full: without a network it is nobody's.
  }
}
