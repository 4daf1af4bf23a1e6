// Tiny models as transformers computes them (training/hf/golden.py): what they are, and what their logits should be.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { ModelShape } from '../../formats/model-config';
import { syntheticTensors, type SyntheticTensor } from './synthetic';

/** Of one position: the largest logit's id, that logit, and those of the probes. */
export type GoldenRow = readonly [top: number, ...values: number[]];

interface Recorded {
  readonly name: string;
  readonly seed: number;
  readonly modelConfig: object;
  /** Of the tensors' bytes, one after another. */
  readonly sha256: string;
  readonly ids: readonly number[];
  /** Of the text in one call. */
  readonly whole: readonly GoldenRow[];
  /** Of long rope: of its first 32 and 33 tokens in one call each, of the last token of each of its beginnings. */
  readonly first?: readonly (readonly GoldenRow[])[];
  readonly grown?: readonly GoldenRow[];
  /** What `generate` says after so many tokens of it, and by how much each of its ids leads at least. */
  readonly generated?: {
    readonly prompt: number;
    readonly ids: readonly number[];
    readonly leastGap: number;
  };
}

export interface GoldenCase extends Recorded {
  readonly shape: ModelShape;
  readonly tensors: readonly SyntheticTensor[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../../training/hf/golden.json', import.meta.url), 'utf8'),
) as { readonly probes: readonly number[]; readonly cases: readonly Recorded[] };

/** @throws where the weights are not those that transformers had. */
export function goldenCases(wanted: (name: string) => boolean = () => true): readonly GoldenCase[] {
  return golden.cases
    .filter(({ name }) => wanted(name))
    .map((recorded) => {
      const { shape } = parseConfig(JSON.stringify(chatConfig(recorded.modelConfig)));
      const tensors = [...syntheticTensors(shape, recorded.seed)];
      const digest = createHash('sha256');
      for (const { bytes } of tensors) digest.update(bytes);
      if (digest.digest('hex') !== recorded.sha256)
        throw new Error(
          `${recorded.name}: other weights than transformers had; run training/hf/golden.py again`,
        );
      return { ...recorded, shape, tensors };
    });
}

/** What MLC writes around a model's configuration. */
export const chatConfig = (modelConfig: object): object => ({
  model_type: 'phi3',
  quantization: 'q4f16_1',
  model_config: modelConfig,
  context_window_size: 128,
  sliding_window_size: -1,
  prefill_chunk_size: 16,
  attention_sink_size: -1,
  tokenizer_files: ['tokenizer.json'],
  conv_template: {
    name: 'phi-3',
    roles: { user: '<|user|>', assistant: '<|assistant|>' },
    seps: ['<|end|>\n'],
  },
});

export interface Difference {
  /** Of the probes and the largest logits, relative to what all of them are on average. */
  readonly worst: number;
  /** Positions whose largest logit is another id's. */
  readonly others: readonly number[];
}

/** @param logits [rows, vocab]. */
export function differenceOf(logits: ArrayLike<number>, rows: readonly GoldenRow[]): Difference {
  const vocab = logits.length / rows.length;
  let [worst, squares, count] = [0, 0, 0];
  const others: number[] = [];
  rows.forEach(([top, ...values], row) => {
    const at = (id: number): number => logits[row * vocab + id] ?? NaN;
    [top, ...golden.probes].forEach((id, i) => {
      const value = values[i] ?? NaN;
      const difference = Math.abs(at(id) - value);
      if (!(difference <= worst)) worst = difference;
      squares += value * value;
      count++;
    });
    for (let id = 0; id < vocab; id++) {
      if (!(at(id) <= at(top))) {
        others.push(row);
        break;
      }
    }
  });
  return { worst: worst / Math.sqrt(squares / count), others };
}
