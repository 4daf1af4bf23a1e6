// What a decoder model is made of on one GPU: everything is allocated here, before the first weight comes.
import type { KvFormat } from '../base/kv-format';
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { ReadbackRing } from '../gpu/readback';
import { kvExtent, type KvExtent } from './cache/kv-extent';
import { allocate, passRows, type ModelMemory } from './memory';
import type { SpeculationSetup } from './run/generate';
import { PrefillPace } from './run/prefill-pace';
import type { SpeculationMode } from './run/speculation';
import { maxAhead } from './run/steps-ahead';
import { defaultTuning, mostSplits, type KernelTuning } from './tuning/tuning';
import { Weights } from './weights/weights';

export interface DecoderOptions {
  /** Most positions the KV cache holds; it grows with the conversation. */
  readonly contextWindow: number;
  /** How it keeps its numbers: f16 without it, see docs/adr/0005-kv-cache-formats.md. */
  readonly kvFormat?: KvFormat;
  /** Positions it grows by. */
  readonly kvPage?: number;
  /** Most prompt tokens that are run together. */
  readonly prefillChunk?: number;
  /** Milliseconds that a prefill submit should not exceed; by default none on a software adapter. */
  readonly submitMs?: number;
  /** How kernels are cut; by default for the kind of adapter at hand. */
  readonly tuning?: KernelTuning;
  /** Whether ids are guessed from the past; by default where it pays, which is never on a software adapter. */
  readonly speculation?: SpeculationMode;
  /** What checking a guess costs here, in decode steps, where that was measured before. */
  readonly passCost?: number | undefined;
}

const defaultKvFormat: KvFormat = 'f16';
const defaultChunk = 64;
/** Well below the 100 ms at which a desktop begins to stutter. */
const defaultSubmitMs = 80;
/** What a pass is taken to cost, in steps, until it is measured. */
const unmeasuredPass = 4;

export interface DecoderParts {
  readonly gpu: Gpu;
  readonly shape: ModelShape;
  readonly contextWindow: number;
  readonly chunk: number;
  readonly pace: PrefillPace;
  readonly weights: Weights;
  readonly memory: ModelMemory;
  readonly ring: ReadbackRing;
  readonly idRing: ReadbackRing;
  readonly tuning: KernelTuning;
  readonly speculation: SpeculationSetup;
  readonly extent: KvExtent;
}

/**
 * @param gpu with a ledger of its own: what this model holds, and all that it frees. Call inside its `guarded`.
 * @param shape and options: checked before.
 */
export function makeParts(gpu: Gpu, shape: ModelShape, options: DecoderOptions): DecoderParts {
  const { contextWindow, kvPage, kvFormat = defaultKvFormat } = options;
  const { fallback } = gpu.info;
  const chunk = Math.max(1, Math.min(options.prefillChunk ?? defaultChunk, contextWindow));
  const tuning = options.tuning ?? defaultTuning(gpu.info, shape);
  const rows = Math.min(passRows, chunk);
  const { slidingWindow } = shape;
  const extent = kvExtent({ contextWindow, slidingWindow, chunk, page: kvPage });
  const mode = rows < 2 ? 'off' : (options.speculation ?? (fallback ? 'off' : 'auto'));
  return {
    ...{ gpu, shape, contextWindow, chunk, tuning, extent },
    pace: new PrefillPace(chunk, options.submitMs ?? (fallback ? Infinity : defaultSubmitMs)),
    weights: new Weights(gpu, shape),
    memory: allocate(gpu, shape, {
      contextWindow,
      chunk,
      splits: Math.max(tuning.split.splits, mostSplits(shape)),
      kvFormat,
      kvExtent: extent,
      logitsRows: mode === 'off' ? 1 : rows,
      kvPage,
    }),
    ring: new ReadbackRing(gpu, 'readback', shape.vocab * 4, 2),
    idRing: new ReadbackRing(gpu, 'ids', 8, maxAhead),
    speculation: { mode, rows, cost: { steps: options.passCost ?? unmeasuredPass } },
  };
}
