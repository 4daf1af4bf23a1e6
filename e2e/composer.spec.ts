// What is typed and what is sent, with the real model. An answer is caught half way where it takes seconds: in Chromium.
import { expect, test } from './app';

const story = 'Tell me a story with the words cat, run and small.';

for (const way of ['mouse', 'double click', 'Enter', 'Space'] as const)
  test(`Stop, by ${way}, stops and never sends what is half typed @chromium`, async ({ chat }) => {
    await chat.send(story, { wait: false });
    await expect(chat.words).toContainText(/\w+ \w+/);
    await chat.composer.pressSequentially('half a ques');
    if (way === 'mouse') await chat.stopButton.click();
    else if (way === 'double click') await chat.stopButton.dblclick();
    else {
      await chat.stopButton.focus();
      await chat.page.keyboard.down(way);
      // Held down, as a finger does it.
      if (way === 'Enter') await chat.page.keyboard.down(way);
      await chat.page.keyboard.up(way);
    }
    await expect(chat.stopButton).toBeHidden();
    await expect(chat.log.getByText('Stopped.')).toBeVisible();
    // What is typed next comes after whatever the key or the click has set off.
    await chat.composer.pressSequentially('tion');
    await expect(chat.composer).toHaveValue('half a question');
    await expect(chat.log.getByRole('article')).toHaveCount(2);
  });

test('Escape stops; Continue goes on where the answer ended @chromium', async ({ chat }) => {
  await chat.send(story, { wait: false });
  const answer = chat.log.getByRole('article').last();
  await expect(chat.words).toContainText(/\w+ \w+ \w+/);
  await chat.page.keyboard.press('Escape');
  await expect(chat.stopButton).toBeHidden();
  const text = await chat.words.innerText();
  // The figures of what was written come although it was stopped.
  await expect(answer.getByText(/tokens/)).toBeVisible();
  await answer.getByRole('button', { name: 'Continue' }).click();
  await expect.poll(async () => (await chat.words.innerText()).length).toBeGreaterThan(text.length);
  await expect(chat.stopButton).toBeHidden();
  const whole = await chat.words.innerText();
  expect(whole.startsWith(text.trim())).toBe(true);
});

test('a message sent while an answer is written waits for it @chromium', async ({ chat }) => {
  await chat.send(story, { wait: false });
  await chat.composer.fill('What is Phield?');
  await chat.composer.press('Enter');
  await expect(chat.page.getByText('Next:')).toBeVisible();
  await expect(chat.log.getByRole('article')).toHaveCount(4, { timeout: 60_000 });
  await expect(chat.stopButton).toBeHidden();
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
});

test('a draft stays with its chat, also over a reload, and runs from right to left where its words do', async ({
  app,
}) => {
  const page = await app.open('temperature=0&max_tokens=8#/');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('مرحبا! 1.5 كم؟');
  const direction = (): Promise<string> => box.evaluate((element) => getComputedStyle(element).direction);
  expect(await direction()).toBe('rtl');
  await box.press('Enter');
  const bubble = page.locator('.bubble').first();
  await expect(bubble).toBeVisible();
  expect(await bubble.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await box.fill('half a question');
  await page.reload();
  await expect(box).toHaveValue('half a question');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(box).toHaveValue('');
});

test('a message that is too long is told so before it is sent, and stays; nothing jumps', async ({
  chat,
}) => {
  const { page, composer } = chat;
  const top = (): Promise<number | undefined> => composer.boundingBox().then((box) => box?.y);
  const before = await top();
  await composer.fill('Hello');
  await expect(page.getByText(/tokens of context/)).toBeVisible();
  expect(await top()).toBe(before);
  const long = 'the happy dog and the small cat run '.repeat(400);
  await composer.fill(long);
  await composer.press('Enter');
  await expect(page.getByText(/This message is [\d,]+ tokens long/)).toBeVisible();
  await expect(page.getByText(/About [\d,]+ characters of it would fit/)).toBeVisible();
  await expect(composer).toHaveValue(long);
  await expect(chat.log.getByRole('article')).toHaveCount(0);
  await composer.fill('');
});

test('a saved prompt is one slash away, with its blanks filled in', async ({ chat }) => {
  const { page, composer } = chat;
  await composer.fill('/prompts');
  await composer.press('Enter');
  await page.getByRole('button', { name: 'New prompt' }).click();
  await page.getByLabel('Name').fill('Explain');
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Explain {{topic}} to a child.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.keyboard.press('Escape');
  await composer.fill('/exp');
  await composer.press('Enter');
  await page.getByLabel('topic').fill('rain');
  await page.keyboard.press('Enter');
  await expect(composer).toHaveValue('Explain rain to a child.');
  await composer.fill('');
});
