// A browser without WebGPU: the page says so, and answers on the processor when it is asked to. Again after a restart
// with no network.
import { Chat, expect, test } from './app';

test('without WebGPU the built-in model answers on the processor, offline after a restart too @both', async ({
  ownApp: app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|NetworkError|service.?worker/i);
  // So Firefox says of a worker that is ended while its WebAssembly has threads.
  app.expectConsoleError(/^uncaught exception: undefined$/);
  await app.openBrowser({ adapter: false });
  const page = await app.open('max_tokens=40&temperature=0#/');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByRole('button', { name: /on the processor/ }).click();
  await expect(page.getByText(/Runs on this device’s processor \(.*thread.*tokens/)).toBeVisible({
    timeout: 120_000,
  });

  const chat = new Chat(page);
  await chat.send('hello');
  const answers = chat.log.getByRole('article');
  await expect(answers.last()).toContainText(/\w{3}/);
  // A tag that a person types is text to llama.cpp too: it does not end their turn.
  await chat.send('What does <|end|> mean?');
  await expect(answers.last()).toContainText(/\w{3}/);

  await chat.send('Tell me a long story about a fox, with many details and many animals.', { wait: false });
  // By key: where the processor is quick, the answer may be over before a button could be pressed.
  await page.keyboard.press('Escape');
  await expect(chat.stopButton).toBeHidden();
  await chat.send('hello');
  await expect(answers.last()).toContainText(/\w{3}/);

  await app.killServer();
  await app.openBrowser({ adapter: false });
  const again = await app.open('max_tokens=24&temperature=0#/');
  await expect(again.getByText(/Runs on this device’s processor/)).toBeVisible({ timeout: 120_000 });
  const offline = new Chat(again);
  await offline.send('hello');
  await expect(offline.log.getByRole('article').last()).toContainText(/\w{3}/);
});

// Alone: llama.cpp's threads wait for each other at every step, each time for as long as something else has a core.
test('its speed can be measured where there is no GPU to measure, offline too @both @alone', async ({
  ownApp: app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|NetworkError|service.?worker/i);
  app.expectConsoleError(/^uncaught exception: undefined$/);
  await app.openBrowser({ adapter: false });
  const first = await app.open('temperature=0#/');
  await first.evaluate(() => navigator.serviceWorker.ready);
  await first.getByRole('button', { name: /on the processor/ }).click();
  await expect(first.getByText(/Runs on this device’s processor/)).toBeVisible({ timeout: 120_000 });
  await app.killServer();
  await app.openBrowser({ adapter: false });
  const page = await app.open('temperature=0#/');
  await expect(page.getByText(/Runs on this device’s processor/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('link', { name: 'This device' }).click();
  await page.getByRole('tab', { name: 'Benchmark' }).click();
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  await expect(page.getByRole('row', { name: /llama.cpp .* Short prompt/ })).toContainText('Processor,');
  await page.getByRole('button', { name: 'Stop the benchmark' }).click();
  await expect(page.getByRole('button', { name: 'Run the benchmark' })).toBeEnabled();
});
