import { describe, expect, it } from 'vitest';
import type { LoadProgress } from '../../protocol/chat';
import { LoadMeter } from './load-meter';

function record(run: (meter: LoadMeter) => void): LoadProgress[] {
  const seen: LoadProgress[] = [];
  run(new LoadMeter((progress) => seen.push(progress)));
  return seen;
}

const shards = (doneBytes: number, fetchedBytes: number) =>
  ({ phase: 'shards', doneBytes, totalBytes: 1000, fetchedBytes }) as const;

describe('LoadMeter', () => {
  it('never goes back and ends at 1, whatever the order of reports', () => {
    const seen = record((meter) => {
      meter.enter('config');
      meter.enter('manifest');
      meter.manifestRead(1000);
      for (let done = 0; done <= 1000; done += 100) {
        meter.fetching(shards(done, done));
        if (done >= 300) meter.uploaded(100);
        meter.fetching(shards(Math.max(0, done - 50), done));
      }
      meter.uploaded(200);
      meter.enter('compile');
      meter.enter('ready');
    });
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.at(-2)).toBeLessThan(1);
  });

  it('spends most of the figure on the download when everything must come', () => {
    const seen = record((meter) => {
      meter.manifestRead(1000);
      meter.fetching(shards(0, 0));
      meter.fetching(shards(1000, 1000));
    });
    expect(seen.at(-1)).toMatchObject({ phase: 'shards', loadedBytes: 1000, fetchedBytes: 1000 });
    expect(seen.at(-1)?.fraction).toBeGreaterThan(0.7);
    expect(seen.at(-1)?.fraction).toBeLessThan(0.85);
  });

  it('starts a resumed download where it stopped', () => {
    const seen = record((meter) => {
      meter.manifestRead(1000, 600);
      meter.uploaded(100);
      meter.fetching(shards(600, 0));
      meter.fetching(shards(700, 100));
    });
    expect(seen.map(({ loadedBytes }) => loadedBytes)).toEqual([600, 600, 600, 700]);
    expect(seen[0]?.fraction).toBeGreaterThan(0.4);
  });

  it('counts copying alone when everything is stored, though the store counts it as done sooner', () => {
    const seen = record((meter) => {
      meter.manifestRead(1000);
      meter.fetching(shards(600, 0));
      meter.uploaded(500);
      meter.fetching(shards(1000, 0));
    });
    expect(seen[3]).toEqual(seen[2]);
    expect(seen[1]).toMatchObject({ phase: 'upload', loadedBytes: 0 });
    expect(seen[1]?.fraction).toBeLessThan(0.05);
    expect(seen[2]).toMatchObject({ loadedBytes: 500, fetchedBytes: 0 });
    expect(seen[2]?.fraction).toBeCloseTo(0.5, 1);
  });

  it("passes the store's speed on", () => {
    const seen = record((meter) =>
      meter.fetching({ ...shards(10, 10), bytesPerSecond: 5, secondsLeft: 198 }),
    );
    expect(seen[0]).toMatchObject({ bytesPerSecond: 5, secondsLeft: 198 });
  });
});
