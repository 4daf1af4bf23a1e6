// While tokens stream the page stays free for a person's hands: no task of the main thread takes 50 ms.
import { expect, test } from './app';
import { watchMainThread } from './main-thread';

test('the main thread never blocks for 50 ms while tokens stream @chromium @alone', async ({ chat }) => {
  const { page } = chat;
  await chat.send('What is Phield?'); // Loading and the first use of each component are behind us.
  const { tasks, longestMs, byClockMs } = await watchMainThread(page, () =>
    chat.send('Tell me a story with the words dog, jump and happy.'),
  );
  console.log(
    `${tasks} tasks, longest ${longestMs.toFixed(1)} ms of processor time, ${byClockMs.toFixed(1)} ms by the clock`,
  );
  expect(tasks).toBeGreaterThan(50);
  expect(longestMs).toBeLessThan(50);
});
