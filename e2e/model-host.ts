// The app and, on another origin, a host of models that answers across origins as a model hub does: what the tests
// of downloads, addresses and storage share.
import type { Page } from '@playwright/test';
import type { ModelStatus } from '../src/store/store';
import { expect, test as base } from './app';
import { FaultServer, type Sent } from './faults/fault-server.mjs';
import { bundle } from './faults/lab.mjs';
import { makeSpeakingModel, type Model } from './faults/model.mjs';

export const MiB = 1024 * 1024;

let model: Model | undefined;

/** 34 MiB, so that its download can be paused; made once for all tests. */
export function bigModel(): Model {
  model ??= makeSpeakingModel({ paddingMiB: 32, shardMiB: 4 });
  return model;
}

export class Host extends FaultServer {
  origin = '';

  /** The folder of one run of the model. */
  folder(run: string): string {
    return `${this.origin}/m/${run}/`;
  }

  query(run: string, more = 'temperature=0&max_tokens=12'): string {
    return `model=${encodeURIComponent(this.folder(run))}&${more}`;
  }

  shardRequests(run: string): readonly Sent[] {
    return this.log.filter((entry) => entry.run === run && entry.file.startsWith('params_shard'));
  }
}

export const test = base.extend<{ host: Host }>({
  host: async ({}, provide) => {
    const host = new Host(bigModel(), () => false);
    host.cors = true;
    host.origin = await host.listen();
    await provide(host);
    await host.close();
  },
});

const routed = new WeakSet<Page>();

/** What the store says of a folder, asked by the store's own code in the page. */
export async function statusOf(page: Page, folder: string): Promise<ModelStatus | undefined> {
  if (!routed.has(page)) {
    routed.add(page);
    const body = (await bundle()).get('/admin.js') ?? '';
    await page.route('**/admin.js', (route) => route.fulfill({ body, contentType: 'text/javascript' }));
  }
  const models = await page.evaluate(async () => {
    const kept = globalThis as { storeAdmin?: import('../src/store/admin/storage-admin').StorageAdmin };
    if (!kept.storeAdmin) {
      const address = '/admin.js';
      const module = (await import(address)) as typeof import('../src/store/admin/storage-admin');
      kept.storeAdmin = module.createStorageAdmin({
        createWorker: () => {
          throw new Error('Nothing here needs a worker.');
        },
      });
    }
    return kept.storeAdmin.models();
  });
  return models.find(({ base }) => base === folder);
}

/** Resolves when the server has sent no byte of a run for a while: all that was under way has ended. */
export async function silence(server: FaultServer, run: string): Promise<void> {
  let last = -1;
  await expect
    .poll(
      () => {
        const before = last;
        last = server.shardBytes(run);
        return last === before;
      },
      { intervals: [400] },
    )
    .toBe(true);
}

/** Bytes of shards that were sent more than once, and bytes never sent. */
export function coverage(server: FaultServer, run: string): { twice: number; never: number } {
  const { files, shards } = server.models.get(run) ?? server.model;
  let twice = 0;
  let never = 0;
  for (const file of shards) {
    const nbytes = files.get(file)?.body.length ?? 0;
    const ranges = server.log
      .filter((entry) => entry.run === run && entry.file === file)
      .sort((a, b) => a.from - b.from);
    let end = 0;
    for (const { from, sent } of ranges) {
      twice += Math.max(0, Math.min(end, from + sent) - from);
      never += Math.max(0, from - end);
      end = Math.max(end, from + sent);
    }
    never += nbytes - end;
  }
  return { twice, never };
}
