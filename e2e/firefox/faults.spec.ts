// The shard store in Firefox, whose private files and network are other code than Chromium's, against the server that
// misbehaves: a part of `npm run test:faults`, over a small model.
import { LabTab, serveLab, shortTimes } from '../faults/lab.mjs';
import { makeModel } from '../faults/model.mjs';
import { faultRuns } from '../faults/runs.mjs';
import { expect, test } from '../app';

const runs = 30;

test('thirty downloads under faults: each complete and identical, or a typed error and then complete', async ({
  app,
}) => {
  // What breaks on the way the browser says on the console as well.
  app.expectConsoleError(/[^]/);
  const server = await serveLab(makeModel({ totalMiB: 4, shardMiB: 1 }));
  try {
    const context = await app.openBrowser();
    const page = context.pages()[0] ?? (await context.newPage());
    const origin = `http://localhost:${server.port}`;
    await page.goto(origin);
    const tab = new LabTab(page, { server, origin });
    const settings = { ...shortTimes, partBytes: 128 * 1024 };
    await tab.call({ op: 'settings', settings });
    const report = await faultRuns(tab, { runs, seed: 11_000, settings });
    expect(report.lost).toBe(0);
    expect(report.complete + report.typedErrors).toBe(runs);
    expect(report.complete).toBeGreaterThan(0);
  } finally {
    await server.close();
  }
});
