// Against a GPU that only keeps time: how long each submit of Phi-3-mini's shape would keep it busy.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../gpu/plan';
import { prefill, type PrefillHost } from './prefill';
import { PrefillPace } from './prefill-pace';

/** Products per row of a layer's calls; undefined: attention, which grows with the positions. */
const layer = [0, 9216 * 3072, 0, undefined, 3072 * 3072, 0, 16384 * 3072, 0, 8192 * 3072];
const layers = 32;
const heaviest = 16384 * 3072;
const perRow = layers * layer.reduce<number>((sum, call) => sum + (call ?? 0), 0);

interface Busy {
  readonly from: number;
  readonly to: number;
}

/** @param rate products a millisecond. @param gap ms from a submit's end until the page hears of it. */
function fakeGpu(rate: number, gap = 1) {
  const submits: Busy[] = [];
  /** rows, then `position/from-to` of each call run. */
  const log: string[] = [];
  const progress: number[] = [];
  let [place, known] = [0, 0];
  let freeAt = 0;
  const products = (call: number, rows: number, positions: number): number =>
    rows * (layer[call % layer.length] ?? 2 * 3072 * positions * 4);
  const host: PrefillHost = {
    queue: {
      onSubmittedWorkDone: () =>
        new Promise((resolve) => {
          setTimeout(() => resolve(undefined), Math.max(0, freeAt - performance.now()) + gap);
        }),
    },
    pace: new PrefillPace(512, 80),
    heaviest: (positions) => Math.max(heaviest, products(3, 1, positions)),
    plan: (rows, last) =>
      Promise.resolve({
        label: `${rows} ${last}`,
        dispatches: layers * layer.length,
        products: (call, positions) => products(call, rows, positions),
        encode: () => undefined,
        dispose: () => undefined,
      } satisfies Plan),
    place(tokenIds, position) {
      place = position;
      log.push(`${tokenIds.length} rows at ${position}`);
    },
    encode(plan, from, to) {
      const rows = Number(plan.label.split(' ')[0]);
      let work = 0;
      for (let call = from; call < to; call++) work += products(call, rows, place + rows);
      const start = Math.max(freeAt, performance.now());
      freeAt = start + work / rate;
      submits.push({ from: start, to: freeAt });
      log.push(`${from}-${to}`);
    },
    known: (length) => (known = length),
  };
  return { host, submits, log, progress, known: () => known };
}

const ids = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('prefill', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const run = async (gpu: ReturnType<typeof fakeGpu>, count: number, position = 0): Promise<void> => {
    const running = prefill(gpu.host, ids(count), position, {
      onProgress: (fraction) => gpu.progress.push(fraction),
    });
    await vi.runAllTimersAsync();
    await running;
  };

  it.each([
    ['fast', 5e9, 512],
    ['middling', 5e8, 512],
    ['slow', 1e8, 128],
    ['very slow', 2e7, 32],
  ])('keeps submits short, chunks large and a %s GPU busy', async (_name, rate, rows) => {
    const gpu = fakeGpu(rate);
    await run(gpu, 1500);
    const { submits } = gpu;
    // The first chunk is cut for a GPU that nothing is known of: one kernel of it may be too much already.
    const second = gpu.log.findIndex((line) => line.includes('rows at 64'));
    for (const { from, to } of submits.slice(second - 1)) expect(to - from).toBeLessThanOrEqual(100);
    expect(Math.max(...submits.map(({ from, to }) => to - from))).toBeLessThan(400);
    const idle = submits.slice(1).reduce((sum, { from }, i) => sum + from - (submits[i]?.to ?? 0), 0);
    const busy = submits.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(idle / busy).toBeLessThan(0.02);
    expect(busy).toBeGreaterThan((1500 * perRow) / rate);
    const sizes = gpu.log.filter((line) => line.includes('rows')).map((line) => Number(line.split(' ')[0]));
    expect(sizes.at(-2)).toBe(rows);
    expect(sizes.reduce((a, b) => a + b)).toBe(1500);
    expect(gpu.known()).toBe(1500);
  });

  it('says how much it has read, evenly', async () => {
    const gpu = fakeGpu(1e8);
    await run(gpu, 1000);
    const { progress } = gpu;
    expect(progress.length).toBeGreaterThan(100);
    const steps = progress.map((fraction, i) => fraction - (progress[i - 1] ?? 0));
    for (const step of steps) {
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(0.01);
    }
    expect(progress.at(-1)).toBeLessThan(1);
    expect(progress.at(-1)).toBeGreaterThan(0.98);
  });

  it('runs every call of every chunk once, in order', async () => {
    const gpu = fakeGpu(1e8);
    await run(gpu, 300, 100);
    let [next, position] = [0, 100];
    for (const line of gpu.log) {
      const chunk = /^(\d+) rows at (\d+)$/.exec(line);
      if (chunk) {
        expect(next % (layers * layer.length)).toBe(0);
        expect(Number(chunk[2])).toBe(position);
        position += Number(chunk[1]);
        next = 0;
      } else {
        const [from, to] = line.split('-').map(Number);
        expect(from).toBe(next);
        next = to ?? NaN;
      }
    }
    expect([position, next]).toEqual([400, layers * layer.length]);
  });

  it('holds back more for long contexts, where attention takes long', async () => {
    const gpu = fakeGpu(1e8);
    await run(gpu, 400);
    const before = gpu.submits.length;
    await run(gpu, 400, 3600);
    for (const { from, to } of gpu.submits.slice(before)) expect(to - from).toBeLessThanOrEqual(100);
  });

  it('stops within two submits, and then knows the whole chunks before', async () => {
    const gpu = fakeGpu(1e8);
    await run(gpu, 400);
    const before = gpu.submits.length;
    const stop = new AbortController();
    const running = prefill(gpu.host, ids(1000), 400, { signal: stop.signal });
    const ended = expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(3000);
    const stoppedMs = performance.now();
    const submitted = gpu.submits.length;
    stop.abort();
    await vi.runAllTimersAsync();
    await ended;
    expect(gpu.submits.length).toBeLessThanOrEqual(submitted + 1);
    expect(performance.now() - stoppedMs).toBeLessThan(250);
    expect(submitted).toBeGreaterThan(before + 10);
    const begun = gpu.log.filter((line) => line.includes('rows')).at(-1);
    expect(begun).toBe(`128 rows at ${gpu.known()}`);
  });
});
