// A copy of the build whose workers answer questions: what may you reach, may you run a string, what have you asked
// the network for? The questions stand in the scripts themselves, so they are bound by what binds the app's own code,
// in every browser and on every host, and no debugger is in between.
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from '../../scripts/app.mjs';

interface Attempt {
  readonly foreign: string;
  readonly own: string;
  readonly evaluated: string;
  /** Whether a text may become a script by another policy than the app's own. */
  readonly policy: string;
}

export interface Findings extends Attempt {
  /** What the realm had asked the network for before: addresses, by its own resource timing. */
  readonly before: readonly string[];
  /** And after it was made to ask for one script of its own: what proves that the list would tell. */
  readonly after: readonly string[];
}

export type Realm = 'page' | 'engine' | 'store' | 'markdown';

/** A script that nothing of the app asks for. */
export const probeScript = 'planted-probe.js';
const channelName = 'policy-questions';

const answering = `async (foreign, own) => {
  const asked = () => performance.getEntriesByType('resource').map(({ name }) => name);
  const ask = (url) => fetch(url, { cache: 'no-store' }).then(async (reply) => (await reply.text(), 'status ' + reply.status), () => 'refused');
  const before = asked();
  let evaluated = 'refused';
  try { evaluated = String((0, eval)('"evaluated"')); } catch {}
  let policy = 'refused';
  try { trustedTypes.createPolicy('planted', { createScriptURL: (address) => address }); policy = 'made'; } catch {}
  const answer = { foreign: await ask(foreign), own: await ask(own), evaluated, policy, before };
  const probe = new URL('${probeScript}', import.meta.url).href;
  await import(probe);
  // The timing of a request may come a little later than its answer.
  for (let tries = 0; tries < 40 && !asked().includes(probe); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return { ...answer, after: asked() };
}`;

/** @returns a folder that holds the build under `phield`, and how to remove it */
export async function plantedBuild(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'phield-planted-'));
  const app = join(folder, 'phield');
  await cp(join(root, 'dist'), app, { recursive: true });
  const assets = join(app, 'assets');
  const names = readdirSync(assets);
  const named = (pattern: RegExp, text: string): string => {
    const [name] = pattern.exec(text) ?? [];
    if (name === undefined) throw new Error(`The build names no ${pattern}.`);
    return name;
  };
  const chunk = async (pattern: RegExp): Promise<string> =>
    readFile(join(assets, names.find((name) => pattern.test(name)) ?? ''), 'utf8');
  const worker = /(?<![\w-])worker-[\w-]+\.js\b/;
  const scripts: Readonly<Record<Realm, string>> = {
    page: named(/(?<=<script[^>]*\/assets\/)[\w-]+\.js/, await readFile(join(app, 'index.html'), 'utf8')),
    engine: named(worker, await chunk(/^workers-[^.]*\.js$/)),
    markdown: named(worker, await chunk(/^markdown-[^.]*\.js$/)),
    store: named(/store-worker-[\w-]+\.js(?= )/, `${names.join(' ')} `),
  };
  await writeFile(join(assets, probeScript), 'export {};');
  for (const [realm, name] of Object.entries(scripts)) {
    const question = `\n{ const answer = ${answering};
      const channel = new BroadcastChannel('${channelName}');
      channel.onmessage = async ({ data }) => {
        if (data.to === '${realm}') channel.postMessage({ from: '${realm}', found: await answer(data.foreign, data.own) });
      };
    }`;
    const file = join(assets, name);
    await writeFile(file, (await readFile(file, 'utf8')) + question);
    for (const ending of ['br', 'gz']) await rm(`${file}.${ending}`, { force: true });
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Asks one realm to reach `foreign` and `own`, and to run a string as code. Fails where it does not answer. */
export async function findings(page: Page, to: Realm, foreign: string, own: string): Promise<Findings> {
  return page.evaluate(
    async ({ channelName, to, foreign, own }) => {
      const channel = new BroadcastChannel(channelName);
      return new Promise<Findings>((resolve, reject) => {
        setTimeout(() => reject(new Error(`The ${to} does not answer.`)), 30_000);
        channel.onmessage = ({ data }: MessageEvent<{ from?: string; found: Findings }>) => {
          if (data.from !== to) return;
          channel.close();
          resolve(data.found);
        };
        channel.postMessage({ to, foreign, own });
      });
    },
    { channelName, to, foreign, own },
  );
}
