// Documents in a real browser: read in their worker, kept, found, asked about with the real engine, cited and opened. And
// files made to do harm: nothing in them runs, nothing is fetched, the page stays usable.
import { expect, test, Chat } from './app';
import { watchMainThread } from './main-thread';
import { makeDocx, makePdf } from '../src/documents/testing/make-files';

const file = (name: string, bytes: Uint8Array | string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes),
});

const report = () =>
  makePdf([
    [
      { text: 'Harvest report', size: 22 },
      'The farm grows rye, oats and flax on nine fields near the river.',
    ],
    [{ text: 'Costs', size: 16 }, 'Fuel cost 1,200 euros in May. The new tractor was paid in March.'],
    ...Array.from({ length: 12 }, (_, at) => [
      { text: `Field ${at + 1}`, size: 16 },
      ...Array.from(
        { length: 9 },
        () => `Field ${at + 1} was ploughed, sown and weeded by hand, then left to the rain.`,
      ),
    ]),
  ]);

test('a PDF is attached, asked about, cited, and opened where the answer points', async ({ app }) => {
  const page = await app.open('temperature=0&max_tokens=24');
  const chat = new Chat(page);
  await page.getByLabel('Attach file').first().setInputFiles(file('harvest.pdf', report()));
  await expect(page.getByRole('link', { name: 'harvest.pdf' })).toBeVisible();
  await expect(page.getByText('too small to answer from documents')).toBeVisible();
  await chat.send('How much did the fuel cost in May?');
  await expect(chat.log.getByRole('link', { name: 'harvest.pdf' })).toBeVisible();
  await chat.log.getByText(/sources?$/).click();
  const source = chat.log.getByRole('listitem').filter({ hasText: 'Fuel cost 1,200 euros' });
  await expect(source).toContainText('Page 2');
  await source.getByRole('link').click();
  const passage = page.locator('.passage-target');
  await expect(passage).toHaveText(/Fuel cost 1,200 euros in May/);
  await expect(passage).toBeInViewport();
  await expect(passage).toBeFocused();
  // A reload shows the same.
  await page.reload();
  await expect(page.locator('.passage-target')).toBeInViewport();
});

test('documents are listed, searched, kept once over a restart, and deleted', async ({ ownApp: app }) => {
  let page = await app.open('#/documents');
  const choose = page.getByLabel('Choose files').first();
  await choose.setInputFiles([
    file('harvest.pdf', report()),
    file('letter.docx', makeDocx(['# Prices', 'A sack of seed potatoes costs nine euros.'])),
    file('notas.txt', Buffer.from('A colheita da maçã começa em março, disse a avó.', 'latin1')),
  ]);
  await expect(page.getByRole('listitem', { name: 'notas.txt' })).toContainText('read as Western European');
  await choose.setInputFiles(file('harvest copy.pdf', report()));
  await expect(page.getByRole('listitem', { name: 'harvest copy.pdf' })).toContainText('14 pages');
  await app.openBrowser();
  page = await app.open('#/documents');
  await expect(page.getByRole('list', { name: 'Your documents' }).getByRole('listitem')).toHaveCount(3);
  await page.getByRole('searchbox', { name: 'Search your documents' }).fill('maca colheitas');
  await page.getByRole('link', { name: /A colheita da maçã/ }).click();
  await expect(page.locator('.passage-target')).toContainText('disse a avó');
  await page.getByRole('link', { name: 'All documents' }).click();
  await page.getByRole('button', { name: 'Delete notas.txt' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Your documents' }).getByRole('listitem')).toHaveCount(2);
});

test('files that cannot be read say why, a long one can be cancelled, and the page stays responsive @chromium @alone', async ({
  app,
}) => {
  const page = await app.open('#/documents');
  const choose = page.getByLabel('Choose files').first();
  await choose.setInputFiles([
    file('scan.pdf', makePdf([[], []])),
    file('locked.pdf', makePdf([['secret']], { encrypted: true })),
    file('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2])),
  ]);
  await expect(page.getByText('There is no text in this file')).toBeVisible();
  await expect(page.getByText('protected by a password').first()).toBeVisible();
  await expect(page.getByText('cannot read this kind of file')).toBeVisible();
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  for (let left = 3; left > 0; left--) {
    await expect(dismiss).toHaveCount(left);
    await dismiss.first().click();
  }
  // 1,500 pages: read in the worker while the page goes on drawing.
  const lines = Array.from(
    { length: 40 },
    (_, at) => `Line ${at} of a page in a very long book about soil and water.`,
  );
  await choose.setInputFiles(file('long.pdf', makePdf(Array.from({ length: 1_500 }, () => lines))));
  const progress = page.getByText(/page [\d,]+ of 1,500/);
  const pagesRead = async (): Promise<number> =>
    Number(/page ([\d,]+) of/.exec(await progress.innerText())?.[1]?.replaceAll(',', ''));
  const first = await pagesRead();
  const { longestMs } = await watchMainThread(page, async () => {
    await expect.poll(pagesRead).toBeGreaterThan(first + 100);
    await page.getByRole('button', { name: 'Cancel reading long.pdf' }).click();
  });
  await expect(page.getByText('long.pdf')).toBeHidden();
  await expect(page.getByText('No documents yet.')).toBeVisible();
  expect(longestMs).toBeLessThan(50);
});
