// How often the model on the GPU would choose the token that exact arithmetic chooses: phield-tiny, teacher-forced
// over 128 tokens of five conversations, against the f64 twin, which knows nothing of any cache's format. What is
// forced is the same for all, so that one near tie does not become another text.
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KvFormat } from '../base/kv-format';
import { hasTinyModel, tensorsOf, textOf, tinyFolder } from '../engines/wgsl/testing/model-folder';
import { parseConfig } from '../formats/mlc/parse-config';
import type { Gpu } from '../gpu/gpu';
import {
  adapterName,
  leftToLavapipe,
  sharedNodeGpu,
  skipReason,
  withGpuKernels,
} from '../gpu/testing/node-gpu';
import { matmulObstacle, tileName, tilesOf } from '../kernels/matmul_q4/matmul_q4';
import { Phi3Twin } from '../reference/phi3';
import { DecoderModel } from './decoder-model';
import type { DecoderOptions } from './decoder-parts';
import { defaultTuning, uniformTiles } from './tuning/tuning';

interface GoldenCase {
  readonly promptIds: readonly number[];
  readonly greedyIds: readonly number[];
}

const forced = 128;
const full = process.env['PHIELD_AGREEMENT'] === 'full';
/** Five where it is quick; a step of SwiftShader's kernels over each format is kv-format.gpu.test.ts's. */
const readTexts = leftToLavapipe && !full ? 1 : 5;
/** Run token by token as well; all five with PHIELD_AGREEMENT=full, whose figures docs/performance.md has. */
const stepwiseTexts = full ? 5 : leftToLavapipe ? 0 : 1;
const goldenUrl = new URL('../../training/golden.json', import.meta.url);

/** Texts such as the model meets them: a prompt, its answer, the next prompt and so on, from five beginnings. */
function conversations(): readonly number[][] {
  const { cases } = JSON.parse(readFileSync(goldenUrl, 'utf8')) as { readonly cases: readonly GoldenCase[] };
  return cases.slice(0, readTexts).map((_, first) => {
    const ids: number[] = [];
    for (let i = first; ids.length < forced; i++) {
      const { promptIds, greedyIds } = cases[i % cases.length] ?? { promptIds: [], greedyIds: [] };
      // The text's begin token comes once.
      ids.push(...promptIds.slice(ids.length === 0 ? 0 : 1), ...greedyIds);
    }
    return ids.slice(0, forced);
  });
}

const best = (logits: ArrayLike<number>, row: number, vocab: number): number => {
  let at = 0;
  for (let i = 1; i < vocab; i++)
    if ((logits[row * vocab + i] ?? NaN) > (logits[row * vocab + at] ?? NaN)) at = i;
  return at;
};

describe.skipIf((await skipReason()) || !hasTinyModel() || !existsSync(goldenUrl))('top-1 agreement', () => {
  let gpu: Gpu;
  let vocab = 0;
  const texts = existsSync(goldenUrl) ? conversations() : [];
  let expected: readonly (readonly number[])[] = [];

  beforeAll(async () => {
    // Those of software adapters are held to the twin where they are needed: SwiftShader is slow with the others.
    const own = await sharedNodeGpu();
    gpu = adapterName() === 'swiftshader' ? own : withGpuKernels(own);
    const folder = tinyFolder();
    const { shape } = parseConfig(textOf(folder, 'mlc-chat-config.json'));
    vocab = shape.vocab;
    const twin = new Phi3Twin(shape, tensorsOf(folder));
    expected = texts.map((ids) => {
      const logits = twin.logits(ids, 0);
      return ids.map((_, row) => best(logits, row, vocab));
    });
  });

  const load = async (kvFormat: KvFormat, change: Partial<DecoderOptions> = {}): Promise<DecoderModel> => {
    const folder = tinyFolder();
    const { shape } = parseConfig(textOf(folder, 'mlc-chat-config.json'));
    const options = { contextWindow: forced, prefillChunk: 32, submitMs: Infinity, kvFormat, ...change };
    const model = await DecoderModel.create(gpu, shape, options);
    for (const { record, bytes } of tensorsOf(folder).values()) model.upload(record, new Uint8Array(bytes));
    await model.ready();
    return model;
  };
  const agreement = (chosen: readonly (readonly number[])[]): number => {
    const all = chosen.flatMap((ids, text) => ids.map((id, i) => id === expected[text]?.[i]));
    expect(all).toHaveLength(chosen.length * forced);
    return all.filter(Boolean).length / all.length;
  };

  it.each([
    ['f32', 0.995],
    ['f16', 0.98],
    ['int8', 0.95],
  ] as const)('over a cache in %s is at least %f', async (kvFormat, least) => {
    const model = await load(kvFormat);
    const inChunks: number[][] = [];
    const stepwise: number[][] = [];
    for (const [text, ids] of texts.entries()) {
      const logits = await model.logitsOf(ids, 0);
      inChunks.push(ids.map((_, row) => best(logits, row, vocab)));
      // Steps are dear on a software adapter.
      if (text >= stepwiseTexts) continue;
      const steps: number[] = [];
      for (const [i, id] of ids.entries()) steps.push(best(await model.decode(id, i), 0, vocab));
      stepwise.push(steps);
    }
    model.dispose();
    const ways = { prefill: inChunks, ...(stepwiseTexts > 0 && { decode: stepwise }) };
    for (const [way, chosen] of Object.entries(ways)) {
      console.log(`${kvFormat}, ${way}: ${agreement(chosen)}`);
      expect(agreement(chosen), way).toBeGreaterThanOrEqual(least);
    }
  });

  it.for(['half', 'matrix'] as const)(
    'with %s products of prefill is at least 0.98',
    async (variant, { skip }) => {
      const tile = tilesOf(gpu.info).findLast((one) => one.variant === variant);
      if (!tile) {
        console.log(
          `Skipped, ${variant} products: this adapter has ${matmulObstacle({ variant }, gpu.info)}`,
        );
        return skip();
      }
      const { shape } = parseConfig(textOf(tinyFolder(), 'mlc-chat-config.json'));
      const tuning = { ...defaultTuning(gpu.info, shape), ...uniformTiles(tile) };
      // Whole texts at once: short chunks take other tiles.
      const model = await load('f16', { prefillChunk: forced, tuning });
      const chosen: number[][] = [];
      for (const ids of texts) {
        const logits = await model.logitsOf(ids, 0);
        chosen.push(ids.map((_, row) => best(logits, row, vocab)));
      }
      model.dispose();
      console.log(`${tileName(tile)}: prefill ${agreement(chosen)}`);
      expect(agreement(chosen)).toBeGreaterThanOrEqual(0.98);
    },
  );
});
