// What the decode kernels' ways with fewer digits do to a real model's answers: how often the likeliest token is that
// of the exact way, both being fed the exact way's tokens. The exact way is held to the f64 twin in
// wgsl-engine.gpu.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { softwareTuning, type MatvecTuning } from '../../kernels/common/matvec';
import { matvecVariants } from '../../kernels/testing/matvec-variants';
import { defaultTuning, uniformTuning } from '../../model/tuning/tuning';
import { DecoderModel } from '../../model/decoder-model';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { hasTinyModel, tensorsOf, textOf, tinyFolder } from './testing/model-folder';
import { TokenCache } from './token-cache';

const prompts = [
  'Tell me a story about a dog, to run and happy.',
  'What is Phield?',
  'Does my data leave the device?',
  'Continue the story.',
  'a',
];
/** Compiling and steps are dear on a software adapter: all of it with PHIELD_AGREEMENT=full, as in docs/performance.md. */
const full = process.env['PHIELD_AGREEMENT'] === 'full';
const steps = full ? 64 : 12;
const ways = (await matvecVariants()).map(({ tuning }) => tuning);
/** One way for each kind of x; i8 is nobody's without asking, and only tested in full. */
const inexact = (full ? (['f16', 'i8'] as const) : (['f16'] as const)).flatMap((x) =>
  ways.filter((way) => way.x === x).slice(0, 1),
);
if (inexact.length === 0) console.log('Skipped: this adapter has no way with fewer digits but i8');

describe.skipIf((await skipReason()) !== undefined || !hasTinyModel() || inexact.length === 0)(
  'phield-tiny in fewer digits',
  () => {
    let gpu: Gpu;
    beforeAll(async () => {
      gpu = await sharedNodeGpu();
    });

    const folder = tinyFolder();
    const { shape, template } = parseConfig(textOf(folder, 'mlc-chat-config.json'));
    const cache = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), template);
    const load = async (way: MatvecTuning): Promise<DecoderModel> => {
      const tuning = { ...defaultTuning(gpu.info, shape), ...uniformTuning(way) };
      const model = await DecoderModel.create(gpu, shape, { contextWindow: 256, kvFormat: 'f32', tuning });
      for (const { record, bytes } of tensorsOf(folder).values()) model.upload(record, new Uint8Array(bytes));
      await model.ready();
      return model;
    };

    it(`chooses the same token, ${steps} of ${prompts.length} prompts`, async () => {
      const exact = await load(softwareTuning);
      const others = await Promise.all(inexact.map(load));
      const same = others.map(() => 0);
      const worst = others.map(() => 0);
      for (const prompt of prompts) {
        const ids = cache.promptIds([{ role: 'user', content: prompt }]);
        for (const model of [exact, ...others]) await model.prefill(ids, 0);
        for (let step = 0; step < steps; step++) {
          const expected =
            step === 0 ? await exact.logits() : await exact.decode(ids.at(-1) ?? 0, ids.length - 1);
          const best = likeliest(expected);
          for (const [i, model] of others.entries()) {
            const actual =
              step === 0 ? await model.logits() : await model.decode(ids.at(-1) ?? 0, ids.length - 1);
            same[i] = (same[i] ?? 0) + (likeliest(actual) === best ? 1 : 0);
            const error = expected.reduce(
              (most, logit, k) => Math.max(most, Math.abs(logit - (actual[k] ?? NaN))),
              0,
            );
            worst[i] = Math.max(worst[i] ?? 0, error);
          }
          ids.push(best);
        }
      }
      const count = prompts.length * steps;
      for (const [i, { x }] of inexact.entries()) {
        const share = (same[i] ?? 0) / count;
        console.log(
          `x in ${x}: ${same[i]} of ${count} the same, worst |logit difference| ${worst[i]?.toExponential(1)}`,
        );
        expect(share).toBeGreaterThanOrEqual(x === 'f16' ? 0.98 : 0.9);
      }
      for (const model of [exact, ...others]) model.dispose();
    });
  },
);

function likeliest(logits: Float32Array): number {
  return logits.reduce((best, logit, i) => (logit > (logits[best] ?? NaN) ? i : best), 0);
}
