// Tuning as the app has it, from the first load to the next: ways are checked and timed over the model's own weights,
// what won is remembered, and the next load runs by it. On a software adapter and a tiny model, where the app itself never tunes: what
// wins here says nothing about a GPU, that all of it runs does.
import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, slowSkipReason } from '../../gpu/testing/node-gpu';
import { flashName, softwareFlash, type FlashTuning } from '../../kernels/attention/attention';
import { splitName, usualSplit } from '../../kernels/attention_split/attention_split';
import { matvecName, softwareTuning, type MatvecTuning } from '../../kernels/common/matvec';
import { matvecVariants } from '../../kernels/testing/matvec-variants';
import { DecoderModel } from '../../model/decoder-model';
import type { TuneReport } from '../../model/tuning/tune';
import { matvecKernels, productKernels, uniformTiles } from '../../model/tuning/tuning';
import type { ModelInfo } from '../../protocol/chat';
import { hasTinyModel, MemoryStore, tinyFolder } from './testing/model-folder';
import { openTuningMemory, type TuningMemory } from './tuned-model';
import { createWgslEngine } from './wgsl-engine';

const base = 'https://models.example/m/';
const signal = new AbortController().signal;
/** A sum over three lanes loses one. */
const wrong: MatvecTuning = { x: 'direct', lanes: 3, slots: 4, subgroup: 0 };
/** Through workgroup memory, and summed by subgroups where there are any. */
const exact = (await matvecVariants())
  .map(({ tuning }) => tuning)
  .filter(({ x }) => x === 'f32')
  .slice(-1);
const matvec = [softwareTuning, wrong, ...exact];
const split = [
  usualSplit,
  { splits: 16, span: 16, threads: 128 },
  { splits: 16, span: 16, threads: 64, team: { lanes: 4, subgroup: 0 } },
];
const flash: readonly FlashTuning[] = [
  softwareFlash,
  { variant: 'team', threads: 64, team: { lanes: 4, subgroup: 0 } },
];

describe.skipIf((await slowSkipReason()) || !hasTinyModel())('a load that tunes', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });
  beforeEach(() => {
    // Node 20 has none; it is part of what a tuning is remembered under.
    vi.stubGlobal('navigator', { userAgent: 'Browser 1' });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** A page's life: load, answer, go. */
  const session = async (tunings?: TuningMemory): Promise<{ info: ModelInfo; text: string }> => {
    const engine = createWgslEngine({
      store: new MemoryStore(new Map([[base, tinyFolder()]])),
      resolve: () => base,
      openGpu: () => Promise.resolve({ ...gpu, dispose: () => undefined }),
      tuneOptions: { always: true, budgetMs: 300_000, ways: { matvec, split, flash } },
      ...(tunings && { tunings }),
    });
    const info = await engine.load('m', { signal, onProgress: () => undefined });
    const request = {
      messages: [{ role: 'user', content: 'What is Phield?' }],
      temperature: 0,
      max_tokens: 8,
    } as const;
    let text = '';
    for await (const event of engine.generate(request, { signal }))
      if (event.type === 'token') text += event.text;
    await engine.dispose();
    return { info, text };
  };

  it('times what proved right, runs by what won, and the next load takes that without timing anything', async () => {
    const plain = await session();
    expect(plain.info.kernels).toMatchObject({ from: 'default' });
    const memory = openTuningMemory('tuned-load-test');
    const tune = vi.spyOn(DecoderModel.prototype, 'tune');

    const first = await session(memory);
    expect(tune).toHaveBeenCalledTimes(1);
    const report = (await tune.mock.results[0]?.value) as TuneReport;
    expect(report.complete).toBe(true);
    for (const { kernel, results, winner } of report.kernels) {
      const outcomes = results.map(({ name, outcome }) => `${name}: ${outcome}`);
      if (kernel === 'split') expect(outcomes).toEqual(split.map((way) => `${splitName(way)}: timed`));
      else if (kernel === 'flash') expect(outcomes).toEqual(flash.map((way) => `${flashName(way)}: timed`));
      else {
        const right = matvec.map((way) => `${matvecName(way)}: ${way === wrong ? 'wrong' : 'timed'}`);
        expect(outcomes).toEqual(right);
      }
      // Nothing timed was faster than the winner by more than the default is given.
      const fastest = Math.min(...results.map(({ ms = Infinity }) => ms));
      const best = results.find(({ name }) => name === winner);
      expect(best?.ms).toBeGreaterThan(0);
      expect(fastest).toBeGreaterThanOrEqual((best?.ms ?? NaN) * 0.97);
    }
    expect(first.info.kernels).toEqual({
      from: 'measured',
      ways: expect.objectContaining(
        Object.fromEntries(report.kernels.map(({ kernel, winner }) => [kernel, winner])),
      ) as unknown,
      tuningMs: report.elapsedMs,
    });
    expect(first.text).toBe(plain.text);

    const second = await session(memory);
    expect(tune).toHaveBeenCalledTimes(1);
    expect(second.info.kernels).toEqual({ ...first.info.kernels, from: 'remembered' });
    expect(second.text).toBe(plain.text);

    // Whatever is remembered, if it can run here.
    const [way] = exact;
    if (!way) throw new Error('No way to remember');
    const tuning = {
      ...Object.fromEntries(matvecKernels.map((kernel) => [kernel, way])),
      flash: flash.at(-1),
      split: { splits: 8, span: 16, threads: 128, team: { lanes: 8, subgroup: 0 } },
      ...uniformTiles({ variant: 'tall', rows: 128 }),
    };
    const held: TuningMemory = {
      get: () => Promise.resolve({ tuning, elapsedMs: 7, passCost: 3 }),
      set: () => Promise.reject(new Error('nothing is to be remembered')),
    };
    const { info, text } = await session(held);
    expect(tune).toHaveBeenCalledTimes(1);
    expect(info.kernels).toEqual({
      from: 'remembered',
      ways: {
        ...Object.fromEntries(matvecKernels.map((kernel) => [kernel, matvecName(way)])),
        flash: '64 threads, teams of 4',
        split: '8 splits of 16, 128 threads, teams of 8',
        ...Object.fromEntries(productKernels.map((kernel) => [kernel, 'tall 128x64'])),
      },
      tuningMs: 7,
    });
    expect(text).toBe(plain.text);
  });
});
