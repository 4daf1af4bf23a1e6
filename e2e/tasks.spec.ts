// Tasks in a real browser with the real engine on phield-tiny: what they write is small, that they run, stop, go on after
// a reload and end up as chats is what is looked at.
import { expect, extractionEnds, test } from './app';
import { makePdf } from '../src/documents/testing/make-files';

const pages = Array.from({ length: 6 }, (_, at) =>
  Array.from(
    { length: 14 },
    () => `On day ${at + 1} the farmer sowed rye on the field near the river and went home.`,
  ),
);
const pdf = { name: 'diary.pdf', mimeType: 'application/pdf', buffer: Buffer.from(makePdf(pages)) };

test('a story marks its three words and is kept as a chat', async ({ app }) => {
  const page = await app.open('temperature=0');
  await page.getByRole('textbox', { name: 'Message' }).fill('/story');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Story', level: 1 })).toBeVisible();
  await page.getByLabel('Noun', { exact: true }).fill('dog');
  await page.getByLabel('Verb', { exact: true }).fill('jump');
  await page.getByLabel('Adjective', { exact: true }).fill('happy');
  await page.getByRole('button', { name: 'Tell the story' }).click();
  await expect(page.locator('.story mark').first()).toBeVisible();
  await page.getByRole('link', { name: 'Open as chat' }).click();
  await expect(page.getByRole('log', { name: 'Conversation' })).toContainText(
    'A story with dog, jump, happy',
  );
  await expect(page.getByRole('log', { name: 'Conversation' }).getByRole('article')).toHaveCount(2);
});

test('a summary is written part by part, goes on after a reload in the middle, and its parts can be opened', async ({
  app,
}) => {
  const page = await app.open('temperature=0#/tasks/summarise');
  await expect(page.getByText('This task is beyond it')).toBeVisible();
  await page.getByLabel('Add a file').setInputFiles(pdf);
  await expect(page.getByLabel('Document', { exact: true })).toHaveValue(/[0-9a-f]{64}/);
  await page.getByRole('radio', { name: 'Short' }).check();
  await page.getByRole('button', { name: 'Try with Phield tiny anyway' }).click();
  await expect(page.getByText('✓').first()).toBeVisible();
  await page.reload();
  // What was done is still done, and the rest is done without being asked.
  await expect(page.getByText('✓').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open as chat' })).toBeVisible();
  const first = page.getByRole('group').filter({ hasText: 'Part 1' });
  await first.getByText('Part 1').click();
  await first.getByRole('link', { name: 'Open in the document' }).click();
  await expect(page.locator('.passage-target')).toContainText('On day 1');
});

test('three versions stand side by side, can be stopped and resumed, and one is taken into a chat', async ({
  app,
}) => {
  const page = await app.open('#/tasks/write');
  await page.getByRole('radio', { name: 'Short' }).check();
  await page.getByRole('textbox', { name: 'Notes' }).fill('A red ball for dogs.');
  // At once, from inside: three short answers may be over before the test's own click has come.
  await page.evaluate(() => {
    const watch = new MutationObserver(() => {
      const stop = [...document.querySelectorAll('button')].find((one) => one.textContent === 'Stop');
      stop?.click();
      if (stop) watch.disconnect();
    });
    watch.observe(document.body, { subtree: true, childList: true });
  });
  await page.getByRole('button', { name: 'Try with Phield tiny anyway' }).click();
  await expect(page.getByText('Stopped; what was done is kept.')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('listitem', { name: /Version/ })).toHaveCount(3);
  await page.getByRole('button', { name: 'Take it and refine' }).nth(1).click();
  await expect(page.getByRole('log', { name: 'Conversation' })).toContainText(
    'Product description: A red ball for dogs.',
  );
  await expect(page.getByText('2 of 3').or(page.getByText('2/3')).first()).toBeVisible();
});

test('extraction is held to JSON by the grammar, in the built page under its policy @chromium', async ({
  chat,
}) => {
  const { page } = chat;
  await page.evaluate(() => (location.hash = '#/tasks/extract'));
  await page.getByLabel('Add a file').setInputFiles({
    name: 'buses.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('An hour of night service costs 128 euros.'),
  });
  await expect(page.getByLabel('Document', { exact: true })).toHaveValue(/[0-9a-f]{64}/);
  await page.getByLabel('What to look for').fill('cost');
  await page.getByRole('button', { name: 'Try with Phield tiny anyway' }).click();
  // The grammar was there, and the task came to its end.
  await extractionEnds(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
