import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';
import type { GpuInfo } from '../../gpu/gpu';
import type { MatvecTuning } from '../../kernels/common/matvec';
import { defaultTuning, uniformTuning, type KernelTuning } from '../../model/tuning/tuning';
import type { TuneReport } from '../../model/tuning/tune';
import { isWorthTuning, openTuningMemory, recallTuning, tuneModel, tuningKey } from './tuned-model';

const info: GpuInfo = {
  vendor: 'v',
  architecture: 'a',
  description: 'd',
  fallback: false,
  f16: true,
  subgroups: true,
  subgroupMin: 32,
  subgroupMax: 32,
  matrices: [{ of: 'f16', M: 16, N: 16, K: 16 }],
  maxBindingBytes: 2 ** 30,
};
const shape: ModelShape = {
  layers: 32,
  hidden: 3072,
  intermediate: 8192,
  heads: 32,
  kvHeads: 32,
  headDim: 96,
  rotaryDim: 96,
  vocab: 32064,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
const fast: MatvecTuning = { x: 'f16', lanes: 32, slots: 8, subgroup: 32 };
const matrix = { of: 'f16', M: 16, N: 16, K: 16, threads: 128 } as const;
const found: KernelTuning = {
  ...defaultTuning(info, shape),
  gateUp: fast,
  split: { splits: 32, span: 32, threads: 64, team: { lanes: 4, subgroup: 32 } },
  prefillDown: { variant: 'half', rows: 128 },
  prefillOut: { variant: 'matrix', rows: 64, matrix },
  flash: { variant: 'team', threads: 64, team: { lanes: 4, subgroup: 32 } },
};
const report = (kernels: TuneReport['kernels']): TuneReport => ({
  tuning: found,
  kernels,
  elapsedMs: 1,
  complete: false,
});
const rest = { ready: () => Promise.resolve(), measurePass: () => Promise.resolve(), passCost: 1.5 };
const gateUp = { kernel: 'gateUp', bytes: 1, products: 1, winner: 'f16', results: [] } as const;

it('is worth its time for a model of size on a GPU', () => {
  expect(isWorthTuning({ fallback: false }, 2.1e9)).toBe(true);
  expect(isWorthTuning({ fallback: true }, 2.1e9)).toBe(false);
  // phield-tiny, which is to answer at once.
  expect(isWorthTuning({ fallback: false }, 2.4e6)).toBe(false);
});

describe('a tuning', () => {
  it('is remembered and taken again under the same key only', async () => {
    const memory = openTuningMemory('tuning-test');
    const key = tuningKey(info, shape, 'Browser 1');
    expect(await recallTuning(memory, key, info, shape)).toBeUndefined();
    const spent = await tuneModel({ tune: () => Promise.resolve(report([gateUp])), ...rest }, memory, key);
    expect(spent).toBe(1);
    expect(await recallTuning(memory, key, info, shape)).toEqual({
      tuning: found,
      elapsedMs: 1,
      passCost: 1.5,
    });
    const others = [
      tuningKey(info, shape, 'Browser 2'),
      tuningKey({ ...info, description: 'another' }, shape, 'Browser 1'),
      tuningKey(info, { ...shape, layers: 40 }, 'Browser 1'),
    ];
    for (const other of others) expect(await recallTuning(memory, other, info, shape)).toBeUndefined();
  });

  it('is not taken where the adapter or the model lacks what it needs, nor from a record that is none', async () => {
    const held = (value: unknown, on = info, of = shape) =>
      recallTuning({ get: () => Promise.resolve(value), set: () => Promise.resolve() }, 'key', on, of);
    const good = { ...found, ...uniformTuning(fast) };
    const record = (change: Readonly<Record<string, unknown>>): unknown => ({
      tuning: { ...good, ...change },
      elapsedMs: 5,
      passCost: 2,
    });
    expect(await held(record({}))).toEqual({ tuning: good, elapsedMs: 5, passCost: 2 });
    expect(await held(record({}), { ...info, f16: false })).toBeUndefined();
    const exact = record(uniformTuning({ ...fast, x: 'f32' }));
    expect(await held(exact)).toBeDefined();
    // Its products of prefill are in f16.
    expect(await held(exact, { ...info, f16: false })).toBeUndefined();
    expect(await held(exact, { ...info, subgroups: false })).toBeUndefined();
    expect(await held(record({}), { ...info, matrices: [] })).toBeUndefined();
    // More shares, or smaller workgroups, than such heads can have.
    expect(await held(record({}), info, { ...shape, heads: 64 })).toBeUndefined();
    expect(
      await held(record({ split: { splits: 8, span: 32, threads: 32 } }), info, { ...shape, headDim: 256 }),
    ).toBeUndefined();
    const bad: Record<string, unknown>[] = [
      { down: { ...fast, lanes: 3 } },
      { down: { ...fast, slots: 64 } },
      { down: { ...fast, x: 'f64' } },
      { down: { ...fast, subgroup: 2 } },
      { down: { ...fast, lanes: '32' } },
      { split: { splits: 33, span: 32, threads: 64 } },
      { split: { splits: 1.5, span: 32, threads: 64 } },
      { split: { splits: 8, span: 0, threads: 64 } },
      { split: undefined },
      { flash: undefined },
      { flash: { variant: 'naive' } },
      { flash: { variant: 'team', threads: 64 } },
      { flash: { ...found.flash, threads: 96 } },
      { flash: { ...found.flash, team: { lanes: 64, subgroup: 32 } } },
      { split: { ...found.split, team: { lanes: 3, subgroup: 0 } } },
      { split: { ...found.split, team: { lanes: 64, subgroup: 32 } } },
      { split: { ...found.split, team: { lanes: 4, subgroup: '32' } } },
      { split: { ...found.split, team: 4 } },
      // More workgroup memory than there is.
      { split: { ...found.split, threads: 256, team: { lanes: 4, subgroup: 0 } } },
      { prefillQkv: { variant: 'half', rows: 32 } },
      { prefillDown: { variant: 'naive', rows: 64 } },
      { prefillOut: 'tall' },
      { prefillGateUp: undefined },
      { prefillOut: { variant: 'matrix', rows: 64 } },
      { prefillOut: { variant: 'matrix', rows: 64, matrix: { ...matrix, M: 8 } } },
      { prefillOut: { variant: 'matrix', rows: 64, matrix: { ...matrix, threads: 64 } } },
      { prefillOut: { variant: 'tall', rows: 64, matrix } },
    ];
    for (const change of bad) expect(await held(record(change)), JSON.stringify(change)).toBeUndefined();
    for (const value of [
      undefined,
      null,
      7,
      [],
      good,
      { tuning: good },
      { tuning: good, elapsedMs: 5 },
      { qkv: fast },
    ])
      expect(await held(value)).toBeUndefined();
  });

  it('that nothing was learned from is not remembered, and a memory that fails costs nothing', async () => {
    const memory = openTuningMemory('tuning-test-2');
    await tuneModel({ tune: () => Promise.resolve(report([])), ...rest }, memory, 'key');
    expect(await memory.get('key')).toBeUndefined();
    const broken = {
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('gone')),
    };
    await tuneModel({ tune: () => Promise.resolve(report([gateUp])), ...rest }, broken, 'key');
    expect(await recallTuning(broken, 'key', info, shape)).toBeUndefined();
  });

  it('that breaks leaves the model as it was, unless the GPU broke', async () => {
    const memory = openTuningMemory('tuning-test-3');
    const tune = (): Promise<TuneReport> => Promise.reject(new Error('no reference'));
    await tuneModel({ tune, ...rest }, memory, 'key');
    const lost = new AppError('gpu/device-lost', 'gone');
    await expect(tuneModel({ tune, ...rest, ready: () => Promise.reject(lost) }, memory, 'key')).rejects.toBe(
      lost,
    );
  });
});
