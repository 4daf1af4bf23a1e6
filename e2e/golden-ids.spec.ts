// The greedy ids of the real model, as the engine sends them to the page, held to the ids of the f64 twin
// (training/golden.json, from an independent PyTorch run in double precision): in both browsers, so in two
// implementations of WebGPU.
import { readFileSync } from 'node:fs';
import { answerIds, forgetIds, tapIds } from './answer-ids';
import { expect, test } from './app';

interface Golden {
  readonly cases: readonly {
    readonly system: string | null;
    readonly turns: readonly (readonly [string, string | null])[];
    readonly greedyIds: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../training/golden.json', import.meta.url), 'utf8'),
) as Golden;

test('greedy ids equal the f64 twin’s @both', async ({ app }) => {
  const cases = golden.cases.filter(({ system, turns }) => system && turns.length === 1);
  expect(cases.length).toBeGreaterThan(2);
  const context = await app.openBrowser();
  await tapIds(context);
  for (const { system, turns, greedyIds } of cases) {
    const query = new URLSearchParams({ temperature: '0', max_tokens: String(greedyIds.length) });
    if (system !== null) query.set('system', system);
    const page = await app.open(String(query));
    await page.getByRole('button', { name: 'New chat' }).click();
    await forgetIds(page);
    await page.getByRole('textbox', { name: 'Message' }).fill(turns[0]?.[0] ?? '');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText(/tokens\/s/).last()).toBeVisible();
    const ids = await answerIds(page);
    expect(ids.length).toBeGreaterThan(10);
    // The answer ends at the stop token, which is not sent as text; the golden ids may go on past it.
    expect(ids).toEqual(greedyIds.slice(0, ids.length));
  }
});
