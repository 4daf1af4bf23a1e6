// What a download may be tuned by, with the values a person's line deserves; tests shorten the times.
import { countedFetch } from '../../ledger/counted-fetch';
import type { Fetch } from './request';
import type { RetryPolicy } from './retry';
import type { StallLimit } from './watchdog';

export interface DownloadSettings {
  readonly fetch: Fetch;
  /** Shards in flight at once. */
  readonly connections: number;
  /** A part is committed as soon as this many bytes are there. */
  readonly partBytes: number;
  readonly retry: RetryPolicy;
  readonly stall: StallLimit;
  /** How often a shard that arrived whole but wrong is fetched again. */
  readonly refetches: number;
}

export const defaultSettings: DownloadSettings = {
  fetch: countedFetch('model'),
  connections: 3,
  partBytes: 4 * 1024 * 1024,
  retry: { attempts: 7, baseDelayMs: 500, maxDelayMs: 30_000, random: Math.random },
  stall: { windowMs: 20_000, minBytes: 16 * 1024 },
  refetches: 2,
};
