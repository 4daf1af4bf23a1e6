import { expect, it } from 'vitest';
import { ModelSession } from '../chat/models/model-session';
import { FakeEngine } from '../client/fake-engine';
import type { LoadProgress } from '../protocol/chat';
import { showLongLoads } from './long-loads';

const at = (fraction: number, totalBytes: number): LoadProgress => ({
  phase: 'shards',
  loadedBytes: fraction * totalBytes,
  totalBytes,
  fraction,
  fetchedBytes: fraction * totalBytes,
});

async function load(progress: readonly LoadProgress[]) {
  const engine = new FakeEngine();
  engine.progress = progress;
  const session = new ModelSession(engine, 'phi-3-mini');
  const seen = { titles: [] as string[], badges: [] as (number | undefined)[], awake: 0, asleep: 0 };
  let title = 'Phield';
  showLongLoads(session, {
    title: { get: () => title, set: (next) => seen.titles.push((title = next)) },
    badge: (percent) => seen.badges.push(percent),
    awake: () => {
      seen.awake++;
      return () => seen.asleep++;
    },
  });
  await session.load();
  return { seen, title };
}

it('a long download shows in the title and on the icon and keeps the screen awake, until it is over', async () => {
  const { seen, title } = await load([at(0.1, 2e9), at(0.101, 2e9), at(0.5, 2e9)]);
  expect(seen.titles).toEqual(['(10 %) Phield', '(50 %) Phield', 'Phield']);
  expect(seen.badges).toEqual([10, 50, undefined]);
  expect([seen.awake, seen.asleep, title]).toEqual([1, 1, 'Phield']);
});

it('a short one, or one from this device, shows nowhere', async () => {
  const { seen } = await load([at(0.5, 6e6), { ...at(0.5, 2e9), fetchedBytes: 0 }]);
  expect(seen).toEqual({ titles: [], badges: [], awake: 0, asleep: 0 });
});
