// The first conversation, in real Chromium, with the real model on a software adapter.
import { Chat, expect, test } from './app';

test('loads with visible progress, streams an answer and reports its usage', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  await expect(page.getByRole('progressbar')).toBeVisible();
  const chat = new Chat(page);
  // Streaming: the text must be seen growing, not arrive whole.
  await chat.log.evaluate((log) => {
    const lengths = new Set<number>();
    Object.assign(globalThis, { lengths });
    const note = (): void => void lengths.add(log.textContent?.length ?? 0);
    new MutationObserver(note).observe(log, { subtree: true, childList: true, characterData: true });
  });
  await chat.send('Tell me a story with the words dog, jump and happy.');
  const grown = await page.evaluate(() => (globalThis as unknown as { lengths: Set<number> }).lengths.size);
  expect(grown).toBeGreaterThan(5);
  await expect(chat.log).toContainText(/tokens/);
});

test('a second turn remembers the first', async ({ app }) => {
  const page = await app.open('temperature=0&max_tokens=48');
  const chat = new Chat(page);
  await chat.send('My name is Anna.');
  await chat.send('What is my name?');
  await expect(chat.log.getByRole('article').last()).toContainText('Anna');
});

test('Stop stops the answer and keeps what was said', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  const chat = new Chat(page);
  await chat.send('Tell me a story with the words cat, run and small.', { wait: false });
  await expect(chat.log.getByRole('article').last()).toContainText(/\w+ \w+/);
  await chat.stopButton.click();
  await expect(chat.stopButton).toBeHidden({ timeout: 2_000 });
  const stopped = chat.log.getByRole('article').nth(1).getByRole('paragraph').first();
  const text = await stopped.innerText();
  // And the next question works, while the stopped answer stays as it was.
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
  expect(await stopped.innerText()).toBe(text);
});

test('Stop stops during prefill', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  const chat = new Chat(page);
  await chat.send('the happy dog and the small cat run '.repeat(100), { wait: false });
  await chat.stopButton.click();
  await expect(chat.stopButton).toBeHidden({ timeout: 5_000 });
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
});

test('the conversation is still there after a restart of the browser, and the model needs no network', async ({
  app,
}) => {
  const first = new Chat(await app.open('max_tokens=48'));
  await first.send('What is Phield?');
  const said = await first.log.getByRole('article').last().innerText();
  expect(app.modelRequests.length).toBeGreaterThan(2);

  const before = app.modelRequests.length;
  await app.openBrowser();
  const second = new Chat(await app.open('max_tokens=48'));
  await expect(second.log).toContainText('What is Phield?');
  expect(await second.log.getByRole('article').last().innerText()).toBe(said);
  await second.send('How do I work offline?');
  expect(app.modelRequests.length).toBe(before);
});
