import { expect, test } from 'vitest';
import type { TensorManifest } from '../../formats/mlc/manifest';
import type { LoadProgress } from '../../protocol/chat';
import { LoadMeter } from './load-meter';

const manifest: TensorManifest = {
  shards: [
    { dataPath: 'a.bin', nbytes: 4, md5sum: 'aa', records: [] },
    { dataPath: 'b.bin', nbytes: 12, md5sum: undefined, records: [] },
  ],
  totalBytes: 16,
};

test('the meter only rises, and says 1 at the end alone', () => {
  const seen: LoadProgress[] = [];
  const meter = new LoadMeter((progress) => seen.push(progress));
  const fetching = { phase: 'shards', totalBytes: 16 } as const;
  meter.fetching({ ...fetching, doneBytes: 0, fetchedBytes: 0 });
  meter.fetching({ ...fetching, doneBytes: 16, fetchedBytes: 8 });
  meter.uploading(manifest);
  meter.reported(1);
  meter.read('mlc-chat-config.json');
  meter.read('a.bin');
  meter.reported(0.25);
  meter.read('b.bin');
  meter.reported(1);
  meter.reported(0.5);
  meter.reported(1);
  const fractions = seen.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(Math.max(...fractions)).toBeLessThan(1);
  meter.ready();
  expect(seen.at(-1)).toMatchObject({ phase: 'ready', fraction: 1, loadedBytes: 16, fetchedBytes: 8 });
  expect(seen.map(({ phase }) => phase)).toContain('compile');
});
