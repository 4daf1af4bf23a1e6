import { expect, test } from 'vitest';
import { runJobs } from './jobs.mjs';

/** Jobs that note when they begin and end, each lasting some turns of the event loop. */
function noting() {
  /** @type {string[]} */
  const told = [];
  /** @type {(name: string, more?: object) => import('./jobs.mjs').Job} */
  const job = (name, more = {}) => ({
    name,
    async act() {
      told.push(`+${name}`);
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      told.push(`-${name}`);
    },
    ...more,
  });
  return { told, job };
}
const quiet = { cwd: '.', log: () => undefined };

test('two at a time, in order', async () => {
  const { told, job } = noting();
  const times = await runJobs([job('a'), job('b'), job('c')], { atOnce: 2, ...quiet });
  expect(told.slice(0, 2)).toEqual(['+a', '+b']);
  expect(told.indexOf('+c')).toBeGreaterThan(told.indexOf('-a'));
  expect(times.map(({ name }) => name)).toHaveLength(3);
});

test('a job waits for those that come before it, and one that measures has the machine to itself', async () => {
  const { told, job } = noting();
  const jobs = [
    job('alone', { alone: true, after: ['a', 'not there'] }),
    job('late', { after: ['a'] }),
    job('a'),
    job('b'),
  ];
  await runJobs(jobs, { atOnce: 2, ...quiet });
  expect(told.indexOf('+late')).toBeGreaterThan(told.indexOf('-a'));
  expect(told[told.indexOf('+alone') + 1]).toBe('-alone');
  expect(told.indexOf('+alone')).toBeGreaterThan(told.indexOf('-a'));
});

test('jobs that wait for each other are an error, and a command that fails or is not there is false', async () => {
  const { job } = noting();
  await expect(
    runJobs([job('a', { after: ['b'] }), job('b', { after: ['a'] })], { atOnce: 2, ...quiet }),
  ).rejects.toThrow('wait for each other');
  /** @type {boolean[]} */
  const went = [];
  /** @type {string[]} */
  const printed = [];
  await runJobs(
    [
      {
        name: 'commands',
        async act(run) {
          went.push(
            await run(process.execPath, ['-e', 'console.log(process.env.HELLO)'], { HELLO: 'hello' }),
          );
          went.push(await run(process.execPath, ['-e', 'process.exit(3)']));
          went.push(await run('/nowhere/at-all', []));
        },
      },
    ],
    { atOnce: 1, cwd: '.', log: (text) => printed.push(text) },
  );
  expect(went).toEqual([true, false, false]);
  expect(printed.join('\n')).toContain('hello');
});
