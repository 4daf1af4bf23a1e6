// A folder in MLC layout with Llama's names: added by its address through the page, it answers with the ids that its f64
// twin gives, and again after a restart, with the app's server gone and nothing left at its own.
import { createHash } from 'node:crypto';
import { babbleFolder, tensorsOf, textOf, type Folder } from '../src/engines/wgsl/testing/model-folder';
import { TokenCache } from '../src/engines/wgsl/token-cache';
import { parseConfig } from '../src/formats/mlc/parse-config';
import { modelTwin } from '../src/model/testing/twin';
import { Tokenizer } from '../src/tokenizer/tokenizer';
import { answerIds, tapIds } from './answer-ids';
import { Chat, expect } from './app';
import type { Model } from './faults/model.mjs';
import { bigModel, test } from './model-host';

const question = 'Tell me';
const count = 6;

/** Greedy, after the question alone. */
function twinIds(folder: Folder): number[] {
  const { shape, template } = parseConfig(textOf(folder, 'mlc-chat-config.json'));
  const cache = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), template);
  const tensors = [...tensorsOf(folder).values()].map(({ record, bytes }) => ({
    record,
    bytes: new Uint8Array(bytes),
  }));
  const text = cache.promptIds([{ role: 'user', content: question }]);
  const before = text.length;
  while (text.length < before + count) {
    const last = modelTwin(shape, tensors, text, 'f16').slice(-shape.vocab);
    text.push(last.indexOf(Math.max(...last)));
  }
  return text.slice(before);
}

function served(folder: Folder): Model {
  const files = [...folder].map(([name, bytes]) => {
    const body = Buffer.from(bytes);
    const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    return [name, { name, type, body, etag }] as const;
  });
  return { ...bigModel(), files: new Map(files) };
}

test('a folder of Llama’s is added by its address and answers as its twin does, offline too after a restart', async ({
  ownApp: app,
  host,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker|NetworkError/i);
  const folder = babbleFolder({ architecture: 'llama' });
  const expected = twinIds(folder);
  host.models.set('llama', served(folder));
  await tapIds(await app.openBrowser());
  const query = `temperature=0&max_tokens=${count}`;
  const page = await app.open(`${query}#/models`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByRole('textbox', { name: 'Address or owner/repository' }).fill(host.folder('llama'));
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText(/A model that Phield can try: .* in 2 files/)).toBeVisible();
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(page.getByRole('listitem', { name: 'llama', exact: true })).toContainText('In use');
  await page.getByRole('button', { name: 'New chat' }).click();
  const chat = new Chat(page);
  await chat.send(question);
  await expect.poll(() => answerIds(page)).toEqual(expected);

  await app.killServer();
  host.models.set('llama', { ...bigModel(), files: new Map() });
  await tapIds(await app.openBrowser());
  const again = await app.open(`${query}&model=${encodeURIComponent(host.folder('llama'))}#/`);
  await again.getByRole('button', { name: 'New chat' }).click();
  await new Chat(again).send(question);
  await expect.poll(() => answerIds(again)).toEqual(expected);
});
