import { expect, it } from 'vitest';
import { followLaunches } from './launches';

it('files that the system opens with the app go to the message box, a shortcut to its page', async () => {
  const done: string[] = [];
  const given = {
    handFiles: (files: readonly File[]) => done.push(...files.map(({ name }) => name)),
    go: (hash: string) => done.push(hash),
  };
  let launch: (params: object) => void = () => {};
  followLaunches(given, { launchQueue: { setConsumer: (consumer) => (launch = consumer) } });
  launch({ targetURL: 'https://phield.example/#/tasks/story' });
  launch({
    targetURL: 'https://phield.example/',
    files: [{ getFile: () => Promise.resolve(new File(['a,b'], 'table.csv')) }],
  });
  await new Promise((resolve) => setTimeout(resolve));
  expect(done).toEqual(['#/tasks/story', 'table.csv']);
});
