// The two hosts that the catalogue's addresses name, answered by the test: no model hub can be reached where tests
// run. Every folder holds phield-tiny's files, every library is the stand-in; each file can be made to fail.
import { existsSync, readFileSync } from 'node:fs';
import type { BrowserContext } from '@playwright/test';
import { modelFolder } from './webllm/model-server';
import { buildLibrary } from './webllm/stand-in-library';

/** A status other than 200, or bytes that are not the file's. */
export type HubFault = number | Uint8Array;

/** What the first file's answer says its folder is at. */
export const commit = '0123456789abcdef0123456789abcdef01234567';

export class Hub {
  /** Addresses of files asked for, in order; not those only asked after (HEAD). */
  readonly requests: string[] = [];
  /** By the last part of the address, or `.wasm` for the library. */
  readonly faults = new Map<string, HubFault>();
  /** Unplugged: every request fails as it does without a network. */
  offline = false;

  async serve(context: BrowserContext): Promise<void> {
    await context.route(/^https:\/\/(huggingface\.co|raw\.githubusercontent\.com)\//, async (route) => {
      if (this.offline) return route.abort('internetdisconnected');
      const url = route.request().url();
      if (route.request().method() === 'GET') this.requests.push(url);
      const name = url.endsWith('.wasm') ? '.wasm' : (new URL(url).pathname.split('/').at(-1) ?? '');
      const fault = this.faults.get(name);
      const body = fault instanceof Uint8Array ? fault : contentOf(name);
      const status = typeof fault === 'number' ? fault : body ? 200 : 404;
      await route.fulfill({
        status,
        headers: {
          'access-control-allow-origin': '*',
          'access-control-expose-headers': 'x-repo-commit',
          'x-repo-commit': commit,
          'content-type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
        },
        body: Buffer.from(status === 200 && body ? body : []),
      });
    });
  }

  get shardRequests(): string[] {
    return this.requests.filter((url) => url.endsWith('.bin'));
  }
}

function contentOf(name: string): Uint8Array | undefined {
  if (name === '.wasm') return buildLibrary();
  const file = new URL(name, modelFolder);
  return name !== '' && existsSync(file) ? readFileSync(file) : undefined;
}
