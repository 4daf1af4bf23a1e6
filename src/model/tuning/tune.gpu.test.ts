// Tuning itself, on a software adapter: that it runs, that only right ways win, that a model is right afterwards.
// What it finds here says nothing about a GPU.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { countCalls } from '../../../bench/count-calls';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, slowSkipReason } from '../../gpu/testing/node-gpu';
import { kvFormats } from '../../base/kv-format';
import { flashName, softwareFlash, usualFlash, type FlashTuning } from '../../kernels/attention/attention';
import { splitName, usualSplit, type SplitTuning } from '../../kernels/attention_split/attention_split';
import { softwareTuning, type MatvecTuning } from '../../kernels/common/matvec';
import { readsCodes, tileName, tilesOf, usualTile } from '../../kernels/matmul_q4/matmul_q4';
import { matvecVariants } from '../../kernels/testing/matvec-variants';
import { KernelBench } from './kernel-bench';
import { DecoderModel } from '../decoder-model';
import type { DecoderOptions } from '../decoder-parts';
import { differenceOf } from '../testing/hf-golden';
import { largestDifference, loadSynthetic, smallShape, tokenIds } from '../testing/load';
import { syntheticTensors } from '../testing/synthetic';
import { modelTwin } from '../testing/twin';
import { wholeModel, wholeModels } from '../testing/whole-models';
import {
  isProduct,
  matvecKernels,
  productKernels,
  tunedKernels,
  uniformTiles,
  uniformTuning,
} from './tuning';

const shape = smallShape;
const prompt = [5, 42, 79, 116, 153, 190, 227];
/** A sum over three lanes loses one; a workgroup of 2048 threads is none. */
const wrong: MatvecTuning = { x: 'direct', lanes: 3, slots: 4, subgroup: 0 };
const impossible: MatvecTuning = { x: 'direct', lanes: 128, slots: 16, subgroup: 0 };

const narrowSplits: readonly SplitTuning[] = [
  { splits: 4, span: 32, threads: 64 },
  { splits: 16, span: 8, threads: 128 },
  { splits: 2, span: 64, threads: 256 },
];
const team = { lanes: 4, subgroup: 0 };
/** Over one format only: SwiftShader takes a second to compile each of these. */
const teamSplit: SplitTuning = { splits: 4, span: 32, threads: 64, team };
const teamFlash: FlashTuning = { variant: 'team', threads: 64, team };
/** A workgroup has that many threads in no browser. */
const wrongFlash: FlashTuning = { variant: 'team', threads: 512, team: { lanes: 4, subgroup: 4 } };
const variants = await matvecVariants();
/** One for each source of x: kernels have been through all of them. */
const inputs = ['direct', 'f32', 'f16', 'i8'] as const;
const oneOfEach = inputs.flatMap((x) =>
  variants.filter(({ tuning }) => tuning.x === x && tuning.lanes > 1).slice(0, 1),
);

describe.skipIf(await slowSkipReason())('tuning', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const load = (matvec = softwareTuning, change: Partial<DecoderOptions> = {}): Promise<DecoderModel> =>
    loadSynthetic(gpu, shape, {
      contextWindow: 64,
      kvFormat: 'f32',
      prefillChunk: 8,
      tuning: { ...uniformTuning(matvec), split: usualSplit, ...uniformTiles(usualTile), flash: usualFlash },
      ...change,
    });
  const twin = modelTwin(shape, [...syntheticTensors(shape, 11)], prompt).subarray(-shape.vocab);
  /** Largest difference of the last token's logits, all tokens having gone through the decode kernels. */
  const error = async (model: DecoderModel): Promise<number> => {
    let logits = new Float32Array();
    for (const [i, id] of prompt.entries()) logits = new Float32Array(await model.decode(id, i));
    return largestDifference(logits, twin);
  };

  it('lets only ways win that are right and compile, and the model is right afterwards', async () => {
    const model = await load();
    const right = variants
      .map(({ tuning }) => tuning)
      .filter(({ x, lanes }) => lanes > 1 && lanes < 32 && (x === 'direct' || x === 'f32'));
    expect(right).toHaveLength(2);
    const matvec = [softwareTuning, wrong, impossible, ...right];
    const report = await model.tune({ budgetMs: 500_000, ways: { matvec, split: [usualSplit] } });
    expect(report.complete).toBe(true);
    // A chunk of 8 rows has one way.
    expect(report.kernels.map(({ kernel }) => kernel)).toEqual([...matvecKernels, 'split']);
    for (const { results, winner } of report.kernels.slice(0, -1)) {
      const outcomes = results.map(({ outcome }) => outcome);
      expect(outcomes).toEqual(['timed', 'wrong', 'failed', ...right.map(() => 'timed')]);
      expect(results.find(({ name }) => name === winner)?.outcome).toBe('timed');
    }
    expect(model.tuning).toBe(report.tuning);
    expect(await error(model)).toBeLessThan(1e-4);
    model.dispose();
  });

  it.each(kvFormats)(
    'chooses among cuts of attention over a cache in %s and tiles of prefill',
    async (kvFormat) => {
      const settings = { contextWindow: 128, prefillChunk: 72, kvFormat };
      const model = await load(softwareTuning, settings);
      const wanted = tokenIds(70);
      const before = await model.logitsOf(wanted, 0);
      model.dispose();
      const tuned = await load(softwareTuning, settings);
      const splits = [usualSplit, ...narrowSplits, ...(kvFormat === 'f16' ? [teamSplit] : [])];
      const flashes = [softwareFlash, ...(kvFormat === 'f16' ? [usualFlash, teamFlash] : [])];
      // No shares at all for the one, and no rows for the other: nothing is computed, or less than all.
      const wrongSplit = { splits: 3, span: 64, threads: 16 };
      // Products have nothing to do with the cache's format.
      const kernels = tunedKernels.filter((kernel) => kvFormat === 'f32' || !isProduct(kernel));
      const report = await tuned.tune({
        budgetMs: 500_000,
        attended: 100,
        kernels,
        ways: {
          matvec: [softwareTuning],
          split: [...splits, wrongSplit],
          flash: [...flashes, wrongFlash],
        },
      });
      expect(report.kernels.map(({ kernel }) => kernel)).toEqual(kernels);
      const outcomes = (kernel: string): readonly string[] =>
        report.kernels
          .filter((one) => one.kernel === kernel)
          .flatMap(({ results }) => results.map(({ name, outcome }) => `${name}: ${outcome}`));
      expect(outcomes('split')).toEqual([
        ...splits.map((way) => `${splitName(way)}: timed`),
        `${splitName(wrongSplit)}: failed`,
      ]);
      const [largest, ...others] = productKernels.filter((kernel) => kernels.includes(kernel));
      const tiles = tilesOf(gpu.info).map((tile) => `${tileName(tile)}: timed`);
      if (largest) expect(outcomes(largest)).toEqual(tiles);
      // The others begin with what won there, and have only what came near it.
      for (const product of others) {
        expect(outcomes(product)[0]).toBe(`${tileName(report.tuning.prefillGateUp)}: timed`);
        expect(tiles).toEqual(expect.arrayContaining([...outcomes(product)]));
      }
      expect(outcomes('flash')).toEqual([
        ...flashes.map((way) => `${flashName(way)}: timed`),
        `${flashName(wrongFlash)}: failed`,
      ]);
      // Whatever won, the model computes what it did; products in f16 are less exact, and the last bit of a sum may make
      // another code of a key.
      const short = productKernels.some((product) => /half|matrix/.test(report.tuning[product].variant));
      const bound = short ? 2e-2 : kvFormat === 'int8' ? 5e-3 : 1e-4;
      expect(largestDifference(await tuned.logitsOf(wanted, 0), before)).toBeLessThan(bound);
      tuned.dispose();
    },
  );

  it('goes by what a GGUF file has: ways that read MLC’s codes take no part, and the model is right afterwards', async () => {
    const name = wholeModels.find((one) => one.startsWith('phi3.gguf'));
    if (!name) throw new Error('No such model');
    const { shape: own, tensors, ids, whole } = await wholeModel(name);
    const model = await DecoderModel.create(gpu, own, {
      contextWindow: 64,
      kvFormat: 'f32',
      prefillChunk: 40,
      tuning: {
        ...uniformTuning(softwareTuning),
        split: usualSplit,
        ...uniformTiles(usualTile),
        flash: usualFlash,
      },
    });
    for (const { record, bytes } of tensors) model.upload(record, bytes);
    await model.ready();
    const right: MatvecTuning = { x: 'direct', lanes: 8, slots: 4, subgroup: 0 };
    const report = await model.tune({
      budgetMs: 500_000,
      kernels: ['down', 'prefillDown'],
      ways: { matvec: [softwareTuning, wrong, right] },
    });
    const [down, prefillDown] = report.kernels;
    expect(down?.results.map(({ outcome }) => outcome)).toEqual(['timed', 'wrong', 'timed']);
    const tiles = tilesOf(gpu.info).filter(({ variant }) => !readsCodes(variant));
    expect(prefillDown?.results.map((one) => `${one.name}: ${one.outcome}`)).toEqual(
      tiles.map((tile) => `${tileName(tile)}: timed`),
    );
    expect(differenceOf(await model.logitsOf(ids, 0), whole).worst).toBeLessThan(1e-4);
    let logits = new Float32Array();
    const few = ids.slice(0, 4);
    for (const [i, id] of few.entries()) logits = new Float32Array(await model.decode(id, i));
    const twin = modelTwin(own, tensors, few).slice(-own.vocab);
    expect(largestDifference(logits, twin)).toBeLessThan(1e-3);
    model.dispose();
  });

  it('times every tile of every product where nothing is to be changed', async () => {
    const model = await load(softwareTuning, { prefillChunk: 40 });
    const kernels = ['prefillGateUp', 'prefillOut'] as const;
    const report = await model.tune({ budgetMs: 500_000, apply: false, kernels });
    const tiles = tilesOf(gpu.info).map(tileName);
    expect(report.kernels.map(({ results }) => results.map(({ name }) => name))).toEqual([tiles, tiles]);
    model.dispose();
  });

  it('takes the tile of the largest product for those that time did not suffice for', async () => {
    const model = await load(softwareTuning, { prefillChunk: 40 });
    const before = model.tuning;
    const entries = vi.spyOn(KernelBench.prototype, 'entries');
    const tall = { variant: 'tall', rows: 64 } as const;
    const report = await model.tune({
      kernels: ['prefillGateUp', 'prefillDown'],
      ways: { matmul: [tall] },
      now: () => performance.now() + (entries.mock.calls.length > 1 ? 1e9 : 0),
      budgetMs: 500_000,
    });
    entries.mockRestore();
    expect(report.complete).toBe(false);
    expect(report.tuning).toEqual({ ...before, prefillGateUp: tall, prefillDown: tall });
    model.dispose();
  });

  it('keeps what there was where there is no time at all', async () => {
    const model = await load();
    const before = model.tuning;
    const report = await model.tune({ budgetMs: 0 });
    expect(report).toMatchObject({ complete: false, kernels: [], tuning: before });
    expect(await error(model)).toBeLessThan(1e-4);
    model.dispose();
  });

  it('frees all that it took', async () => {
    const model = await load();
    const before = model.gpuBytes;
    const ways = { matvec: [softwareTuning], split: [usualSplit] };
    await model.prepareTuning({ ways });
    await model.tune({ budgetMs: 500_000, ways });
    expect(model.gpuBytes).toBe(before);
    model.dispose();
  });

  it.each(oneOfEach)('a model that runs $name is right, in as many calls as any', async ({ tuning }) => {
    const model = await load(tuning);
    const bound = { direct: 1e-4, f32: 1e-4, f16: 2e-2, i8: 0.2 }[tuning.x];
    expect(await error(model)).toBeLessThan(bound);
    const { dispatches, passes } = await countCalls(async () => {
      await model.decode(1, prompt.length);
    });
    expect({ dispatches, passes }).toEqual({ dispatches: 5 * shape.layers + 2, passes: 1 });
    model.dispose();
  });
});
