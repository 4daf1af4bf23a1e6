// What a person sees when a model cannot be loaded, through the built app: the fault, what to do about it, and that
// the next try works once it is mended. The models' hosts are played by the test (hub.ts), and adapters are the real
// software one with what it says of itself changed (adapter.ts). No compiled library can be had where tests run, so a
// WebLLM model ends where it needs one: the way up to there is what these tests walk.
import type { BrowserContext, Page } from '@playwright/test';
import { changeAdapter, heldLog, type AdapterEdit } from './adapter';
import { Chat, expect, test, type App } from './app';
import { commit, Hub } from './hub';
import { buildLibrary } from './webllm/stand-in-library';

const GiB = 1024 ** 3;
/** What WebLLM asks for and SwiftShader lacks; nothing here compiles a shader of WebLLM's. */
const f16: AdapterEdit = { pretend: ['shader-f16'] };

interface Stage {
  readonly page: Page;
  readonly hub: Hub;
  readonly context: BrowserContext;
}

async function openWith(
  app: App,
  query: string,
  edit?: AdapterEdit,
  serviceWorkers: { serviceWorkers?: 'block' } = { serviceWorkers: 'block' },
): Promise<Stage> {
  // A refused request is logged by the browser itself.
  app.expectConsoleError(/Failed to load resource/);
  const context = await app.openBrowser(serviceWorkers);
  const hub = new Hub();
  await hub.serve(context);
  if (edit) await changeAdapter(context, edit);
  return { page: await app.open(query), hub, context };
}

const alertOf = (page: Page) => page.getByRole('alert');
const tryAgain = (page: Page) => page.getByRole('button', { name: 'Try again' });

/** A link names the model; its download is the person's to begin. */
async function agree(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Download and use' }).click();
}

/** The fault is told with its code, the file at fault, and help that says what to do. */
async function expectProblem(page: Page, code: string, file: string | RegExp, help: RegExp): Promise<void> {
  const alert = alertOf(page);
  await expect(alert).toContainText(file);
  await expect(alert.getByText(code, { exact: true })).toBeVisible();
  await expect(alert).toContainText(help);
  await expect(tryAgain(page)).toBeVisible();
}

const refused = [
  'network/http-status',
  /The server did not hand out.*Check the address, or try again later/s,
];
const html = new TextEncoder().encode('<!doctype html><title>Sign in</title>');

test('each file of a model for our own engine that is missing is named, and the model answers once all are there @chromium', async ({
  app,
}) => {
  const folder = 'https://huggingface.co/someone/my-phi/resolve/main/';
  const hub = new Hub();
  app.expectConsoleError(/Failed to load resource/);
  const context = await app.openBrowser({ serviceWorkers: 'block' });
  await hub.serve(context);
  const [code, help] = refused as [string, RegExp];
  // Each shard in turn: with WebLLM below, where a try does not begin to compile kernels in software.
  const files = ['mlc-chat-config.json', 'ndarray-cache.json', 'tokenizer.json', 'params_shard_0.bin'];
  for (const file of [...files, 'tensor-cache.json', 'params_shard_1.bin']) hub.faults.set(file, 404);
  const page = await app.open(`model=${encodeURIComponent(folder)}&temperature=0&max_tokens=24`);
  const again = async (): Promise<void> => {
    const before = hub.requests.length;
    await tryAgain(page).click();
    await expect.poll(() => hub.requests.length).toBeGreaterThan(before);
  };
  // An address that nothing is known of is looked at first, down to its first shard.
  for (const file of files) {
    await expectProblem(page, 'network/not-a-model', file, /no model there.*MLC layout/s);
    // Either of the manifest's two names is enough; the older is asked for last, and this folder has the newer.
    hub.faults.delete(file === 'ndarray-cache.json' ? 'tensor-cache.json' : file);
    await again();
  }
  await expectProblem(page, code, 'params_shard_1.bin', help);
  hub.faults.delete('params_shard_1.bin');
  await again();
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
  // Once the host has named its commit, what is kept is asked for by it.
  expect(hub.requests[0]).toContain('/resolve/main/');
  const kept = hub.requests.filter((url) => /tokenizer\.json$|\.bin$/.test(url));
  expect(kept.filter((url) => !url.includes(`/resolve/${commit}/`))).toEqual([]);
  expect(kept.length).toBeGreaterThan(3);
  await expect(page.getByRole('button', { name: /^Model: my-phi/ })).toBeVisible();
});

test('a WebLLM model from the Models page: memory is measured before the download, and each fault of its files is told @chromium', async ({
  app,
}) => {
  const { page, hub, context } = await openWith(app, 'max_tokens=8', f16);
  const held: number[] = [];
  const shardsWhenMeasured: number[] = [];
  context.on('console', (message) => {
    const bytes = heldLog.exec(message.text())?.[1];
    if (bytes === undefined) return;
    held.push(Number(bytes));
    shardsWhenMeasured.push(hub.shardRequests.length);
  });
  const config = 'mlc-chat-config.json';
  hub.faults.set(config, 404);
  await page.goto(`${app.address}#/models`);
  await page.getByRole('button', { name: 'Use Phi-1.5' }).click();
  // Every host that will learn of it.
  await expect(page.getByRole('group', { name: /^Download Phi-1.5/ })).toContainText(
    /come from huggingface\.co, .* comes from raw\.githubusercontent\.com\./,
  );
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(alertOf(page)).toContainText(config);
  // 1.2 GiB in small buffers, made and freed on the real device, before a byte of the weights was asked for.
  const largest = Math.max(...held);
  expect(largest).toBeGreaterThan(GiB);
  expect(shardsWhenMeasured[held.indexOf(largest)]).toBe(0);

  await page.goto(`${app.address}#/`);
  await expectProblem(page, 'network/http-status', config, /Check the address, or try again later/);
  await expect(page.getByRole('button', { name: /small built-in|built-in/i })).toBeVisible();

  const whole = buildLibrary();
  const faults: readonly (readonly [
    file: string,
    fault: number | Uint8Array,
    code: string,
    text: string | RegExp,
    help: RegExp,
  ])[] = [
    ['.wasm', 404, 'network/http-status', /\.wasm/, /Check the address, or try again/],
    [
      '.wasm',
      whole.slice(0, 200),
      'model/bad-library',
      /200 bytes.*not whole WebAssembly/,
      /fetched anew.*other engine or another model/s,
    ],
    ['.wasm', html, 'model/bad-library', /not WebAssembly at all/, /fetched anew/],
    [
      '.wasm',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      'model/bad-library',
      /another program/,
      /fetched anew/,
    ],
    ['tokenizer.json', 404, 'network/http-status', 'tokenizer.json', /Check the address, or try again/],
    ['tensor-cache.json', 404, 'network/not-a-model', 'ndarray-cache.json', /no model there/],
    [
      'params_shard_0.bin',
      404,
      'network/http-status',
      'params_shard_0.bin',
      /Check the address, or try again/,
    ],
    [
      'params_shard_1.bin',
      404,
      'network/http-status',
      'params_shard_1.bin',
      /Check the address, or try again/,
    ],
    [
      'params_shard_2.bin',
      html,
      'storage/integrity',
      /params_shard_2\.bin.*37 bytes; the manifest says \d{6}\b/,
      /A file of the model is damaged.*only the damaged file is fetched anew/s,
    ],
  ];
  for (const [file, fault, code, text, help] of faults) {
    hub.faults.clear();
    hub.faults.set(file, fault);
    const before = hub.requests.length;
    await tryAgain(page).click();
    await expect.poll(() => hub.requests.length).toBeGreaterThan(before);
    await expectProblem(page, code, text, help);
    if (file === '.wasm') expect(hub.shardRequests).toEqual([]);
  }

  // All is there now: WebLLM takes it, up to the compiled model that the stand-in does not have.
  hub.faults.clear();
  await tryAgain(page).click();
  await expectProblem(page, 'model/bad-library', /./, /other engine or another model/);
  const asked = hub.requests.length;
  // With all of it stored the bar may be gone before it is looked for: that this alert is, is enough.
  await alertOf(page).evaluate((alert) => alert.setAttribute('data-before', ''));
  await tryAgain(page).click();
  await expect(page.locator('[role=alert][data-before]')).toHaveCount(0);
  await expectProblem(page, 'model/bad-library', /./, /other engine or another model/);
  expect(hub.requests.length).toBe(asked);
});

test('a very first visit that opens a WebLLM model: with the server gone a reload gets as far @chromium', async ({
  app,
}) => {
  const { page, hub } = await openWith(app, 'model=phi-1.5', f16, {});
  await agree(page);
  await expectProblem(page, 'model/bad-library', /./, /other engine or another model/);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await app.killServer();
  hub.offline = true;
  hub.requests.length = 0;
  // Its scripts were imported before there was a service worker: they are there all the same, and all files of the model.
  await page.reload();
  await expectProblem(page, 'model/bad-library', /./, /other engine or another model/);
  expect(hub.requests).toEqual([]);
});

test('a card that is full is told before anything is downloaded, and the next try works where there is room @chromium', async ({
  ownApp: app,
}) => {
  const small = await openWith(app, 'model=phi-1.5', { ...f16, memoryBytes: GiB / 2 });
  await agree(small.page);
  await expectProblem(
    small.page,
    'gpu/out-of-memory',
    /gave \d+ of the \d+ bytes/,
    /Close other tabs.*smaller model/s,
  );
  expect(small.hub.requests).toEqual([]);
  const large = await openWith(app, 'model=phi-1.5', f16);
  await agree(large.page);
  await expect.poll(() => large.hub.shardRequests.length).toBeGreaterThan(0);
});

for (const [what, limit, has, needed] of [
  ['16 KiB of workgroup memory', 'maxComputeWorkgroupStorageSize', '16,384', '32,768'],
  ['8 storage buffers', 'maxStorageBuffersPerShaderStage', '8', '10'],
] as const) {
  test(`an adapter with ${what}: WebLLM's models say why not, Phi-3 mini goes to our own engine @chromium`, async ({
    app,
  }) => {
    const limits = { [limit]: Number(has.replace(',', '')) };
    const { page, hub } = await openWith(app, 'model=phi-1.5', { ...f16, limits });
    await expectProblem(
      page,
      'gpu/limit-too-low',
      limit,
      /other engine under Models, or try another browser/,
    );
    expect(hub.requests).toEqual([]);
    await page.getByRole('link', { name: 'Models' }).first().click();
    const refusedHere = page.getByRole('region', { name: 'Not on this device' });
    await expect(refusedHere.getByRole('listitem', { name: 'Phi-1.5' })).toContainText(
      `This GPU allows ${limit} = ${has}; ${needed} is needed.`,
    );
    await expect(page.getByRole('listitem', { name: 'Phi-3 mini 4k', exact: true })).not.toContainText(
      /This GPU allows/,
    );
    // The way out that the page offers works.
    await page.getByRole('button', { name: 'Use Phield tiny' }).click();
    await expect(page.getByRole('alert')).toBeHidden();
  });
}

test('an adapter without f16 is given the f32 build where nothing else runs, and our own engine the small one @chromium', async ({
  app,
}) => {
  const { page, hub } = await openWith(app, 'model=phi-1.5', { deviceMemoryGiB: 2 });
  hub.faults.set('mlc-chat-config.json', 404);
  await agree(page);
  await expectProblem(page, 'network/http-status', 'mlc-chat-config.json', /try again/);
  expect(hub.requests.at(-1)).toContain('phi-1_5-q4f32_1-MLC');
  await page.getByRole('link', { name: 'Models' }).first().click();
  const mini = page.getByRole('listitem', { name: 'Phi-4 mini', exact: true });
  await expect(mini).not.toContainText('16 bits');
});
