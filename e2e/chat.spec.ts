// The first conversation, in real Chromium, with the real model on a software adapter.
import { Chat, expect, settingsProbes, test } from './app';

test('loads with visible progress, streams an answer and reports its usage @both', async ({ app }) => {
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

test('a second turn remembers the first @both', async ({ chat }) => {
  await chat.send('My name is Anna.');
  await chat.send('What is my name?');
  await expect(chat.log.getByRole('article').last()).toContainText('Anna');
});

test('Stop stops the answer and keeps what was said @both @alone', async ({ chat }) => {
  await chat.send('Tell me a story with the words cat, run and small.', { wait: false });
  await expect(chat.words).toContainText(/\w+ \w+/);
  await chat.stopButton.click();
  await expect(chat.stopButton).toBeHidden({ timeout: 2_000 });
  const stopped = chat.log.getByRole('article').nth(1).getByRole('paragraph').first();
  const text = await stopped.innerText();
  // And the next question works, while the stopped answer stays as it was.
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
  expect(await stopped.innerText()).toBe(text);
});

test('a long prompt shows how much of it has been read, and Stop stops during it @both @alone', async ({
  chat,
}) => {
  const read = chat.log.evaluate(
    (log) =>
      new Promise<string>((resolve) => {
        new MutationObserver(() => {
          const text = log.querySelector('.waiting')?.textContent ?? '';
          if (text.includes('%')) resolve(text);
        }).observe(log, { subtree: true, childList: true, characterData: true });
      }),
  );
  await chat.send('the happy dog and the small cat run '.repeat(100), { wait: false });
  expect(await read).toMatch(/^Reading your message…\d+%$/);
  await chat.stopButton.click();
  await expect(chat.stopButton).toBeHidden({ timeout: 5_000 });
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
});

test('the conversation is still there after a restart of the browser, and the model needs no network @both', async ({
  ownApp: app,
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

test('a conversation that outgrows the context is trimmed and says so, or is refused where that is switched off', async ({
  app,
}) => {
  app.expectConsoleError(settingsProbes);
  const page = await app.open('temperature=0&max_tokens=4');
  const chat = new Chat(page);
  // More than half of the 1024 tokens that the model holds.
  const long = 'Once upon a time there was a little dog who liked to run in the park. '.repeat(30);
  const leftOut = /The 2 oldest messages were left out of this answer’s context/;
  await chat.send(long, { wait: false });
  await expect(chat.stopButton).toBeHidden({ timeout: 90_000 });
  await chat.composer.fill(long);
  await expect(page.getByText('the oldest messages will be left out')).toBeVisible();
  await expect(chat.log.getByText(leftOut)).toBeHidden();
  await chat.sendButton.click();
  await expect(chat.log.getByText(leftOut)).toBeVisible();
  await expect(chat.log.getByText('4 tokens').last()).toBeVisible({ timeout: 90_000 });
  await expect(chat.log.getByText(/4 tokens · first after/)).toHaveCount(2);

  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByLabel('When a conversation outgrows the context').selectOption('Stop and say so');
  await page.keyboard.press('Escape');
  await chat.composer.fill(long);
  await expect(page.getByText('This is more than the context holds.')).toBeVisible();
});
