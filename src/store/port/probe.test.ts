import { afterEach, expect, it, vi } from 'vitest';
import { probeBounds } from './probe';

/** A worker of a browser: what its policy refuses, and whether it is told so. */
function worker(refuses: RegExp, told: boolean): void {
  const listeners = new Set<(event: object) => void>();
  vi.stubGlobal('addEventListener', (_: string, hear: (event: object) => void) => listeners.add(hear));
  vi.stubGlobal('removeEventListener', (_: string, hear: (event: object) => void) => listeners.delete(hear));
  vi.stubGlobal('fetch', (address: string) => {
    if (refuses.test(address)) {
      const blockedURI = address.startsWith('blob:') ? 'blob' : address;
      if (told) for (const hear of listeners) hear({ blockedURI });
      return Promise.reject(new TypeError('refused'));
    }
    // Nothing answers at that name.
    return address.startsWith('blob:')
      ? Promise.resolve(new Response('nothing'))
      : Promise.reject(new TypeError('no such host'));
  });
}

afterEach(() => vi.unstubAllGlobals());

it.each([
  ['refused, and told', /^(http|blob):/, true, true],
  ['refused without a word, as WebKit does in workers', /^(http|blob):/, false, true],
  ['bound by nothing', /^never$/, true, false],
  ['bound by nothing where the browser tells nothing', /^never$/, false, false],
  ['a policy that leaves foreign addresses open', /^blob:/, true, false],
])('%s', async (_, refuses, told, network) => {
  worker(refuses, told);
  expect(await probeBounds()).toMatchObject({ network });
});
