// Addresses of models, typed in and in a link: every way in which one can be wrong has its own words, said before
// anything big is fetched; a right one on another origin works.
import type { Page } from '@playwright/test';
import { Chat, expect } from './app';
import { FaultServer } from './faults/fault-server.mjs';
import { withJson } from './faults/model.mjs';
import { bigModel, test, type Host } from './model-host';

const cases = (host: Host, closed: FaultServer) => {
  const closedOrigin = `http://localhost:${closed.port}`;
  return [
    { name: 'nobody answers', address: 'http://localhost:9/model/', says: /localhost:9 cannot be reached/ },
    {
      name: 'no CORS headers',
      address: `${closedOrigin}/m/x/`,
      says: new RegExp(`localhost:${closed.port} does not allow this site to read its files`),
    },
    {
      name: 'a web page for everything',
      address: `${host.origin}/site/`,
      says: /has no mlc-chat-config.json in that folder/,
    },
    { name: 'nothing there', address: `${host.origin}/none/`, says: /has no mlc-chat-config.json/ },
    { name: 'another kind of model', address: host.folder('gemma'), says: /gemma/ },
    { name: 'half a folder', address: host.folder('half'), says: /has no tokenizer.json in that folder/ },
  ];
};

const titles: Readonly<Record<string, string>> = {
  'nobody answers': 'The server cannot be reached',
  'no CORS headers': 'That server does not let other pages read its files',
  'a web page for everything': 'There is no model there',
  'nothing there': 'There is no model there',
  'another kind of model': 'This kind of model is not supported',
  'half a folder': 'There is no model there',
};

/** A host of good and bad folders, and one that lets no other origin read. */
async function setUp(host: Host): Promise<FaultServer> {
  const model = bigModel();
  const config = JSON.parse(String(model.files.get('mlc-chat-config.json')?.body)) as object;
  host.models.set('gemma', withJson(model, 'mlc-chat-config.json', { ...config, model_type: 'gemma' }));
  const half = { ...model, files: new Map(model.files) };
  half.files.delete('tokenizer.json');
  host.models.set('half', half);
  host.extra = ({ pathname }, response) => {
    if (!pathname.startsWith('/site/')) return false;
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Welcome');
    return true;
  };
  const closed = new FaultServer(model, () => false);
  await closed.listen();
  return closed;
}

const shardBytes = (server: FaultServer): number =>
  server.log.filter(({ file }) => file.includes('shard')).reduce((sum, { sent }) => sum + sent, 0);

async function check(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Address or owner/repository' }).fill(address);
  await page.getByRole('button', { name: 'Check' }).click();
}

test('each wrong address has its own message, typed in or in a link, and costs no weights', async ({
  app,
  host,
}) => {
  app.expectConsoleError(/404|CORS|ERR_FAILED|ERR_CONNECTION_REFUSED|ERR_UNSAFE_PORT/);
  const closed = await setUp(host);
  const page = await app.open('#/models');
  await expect(page.getByRole('listitem', { name: 'Phield tiny' })).toContainText('In use');
  for (const { name, address, says } of cases(host, closed)) {
    await check(page, address);
    const problem = page.getByRole('status').filter({ hasText: titles[name] ?? name });
    await expect(problem, name).toContainText(says);
  }
  for (const { name, address, says } of cases(host, closed)) {
    await page.goto(`${app.address}?model=${encodeURIComponent(address)}`);
    const problem = page.getByRole('alert');
    await expect(problem.getByRole('heading', { level: 1 }), name).toHaveText(titles[name] ?? name);
    await expect(problem, name).toContainText(says);
  }
  await page.goto(`${app.address}?model=ftp://example.org/model/`);
  await expect(page.getByText(/was left out: model|not an address a model can be loaded from/)).toBeVisible();
  expect(shardBytes(host)).toBe(0);
  expect(shardBytes(closed)).toBe(0);
  await closed.close();
});

test('an address on another origin that allows it is looked at, loaded, and answers', async ({
  app,
  host,
}) => {
  const page = await app.open('temperature=0&max_tokens=24#/models');
  await check(page, host.folder('good'));
  await expect(page.getByText(/A model that Phield can try: 37.8 MB in 13 files/)).toBeVisible();
  expect(shardBytes(host)).toBe(0);
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(page.getByRole('listitem', { name: 'good' })).toContainText('In use');
  await page.goto(`${app.address}?temperature=0&max_tokens=24#/`);
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText('Phield');
});
