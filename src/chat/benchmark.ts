// Times the loaded model on a few standard prompts, through the same client as a chat. Figures only; what a
// figure of a software adapter is worth is for the page to say.
import { AppError } from '../base/errors';
import type { EngineClient } from '../client/client';
import type { AdapterInfo, EngineName, GenerateRequest, Usage } from '../protocol/chat';
import type { Comparison, LoadedModel } from '../protocol/rpc';

export const promptNames = ['short', 'long'] as const;
export type PromptName = (typeof promptNames)[number];

const sentence = 'The farmer walked to the field and looked at the green leaves after the rain. ';

/** Greedy and bounded, so that every run does the same work. */
const prompts: Readonly<Record<PromptName, GenerateRequest>> = {
  short: {
    messages: [{ role: 'user', content: 'Tell me a story about a dog and a farmer.' }],
    temperature: 0,
    max_tokens: 48,
  },
  long: {
    messages: [{ role: 'user', content: `${sentence.repeat(12)}What did the farmer do?` }],
    temperature: 0,
    max_tokens: 48,
  },
};

export interface BenchmarkRow {
  readonly prompt: PromptName;
  readonly engine: EngineName;
  readonly usage: Usage;
}

/** What is exported. */
export interface BenchmarkReport {
  readonly version: 1;
  readonly at: string;
  readonly model: string;
  readonly contextWindow: number;
  readonly adapter: AdapterInfo;
  readonly rows: readonly BenchmarkRow[];
  /** Null with the reason: no comparison was asked for, or there is no second engine for this model here. */
  readonly comparison: Comparison | null;
  readonly comparisonMissing?: 'not-run' | 'one-engine';
}

export interface BenchmarkOptions {
  readonly signal: AbortSignal;
  readonly onRow: (row: BenchmarkRow) => void;
}

/**
 * Each prompt once to warm up, for compiling and caches, and once for the figures. The long prompt comes between,
 * so that nothing of a prompt is still in the cache when it is timed.
 * @throws AppError `run/aborted`, or why an answer failed.
 */
export async function runBenchmark(
  client: EngineClient,
  info: LoadedModel,
  { signal, onRow }: BenchmarkOptions,
): Promise<BenchmarkReport> {
  const rows: BenchmarkRow[] = [];
  for (const round of ['warm-up', 'measured'] as const) {
    for (const prompt of promptNames) {
      const usage = await timeOne(client, prompts[prompt], signal);
      if (round === 'warm-up') continue;
      const row = { prompt, engine: info.engine, usage };
      rows.push(row);
      onRow(row);
    }
  }
  const { id: model, contextWindow, adapter, choice } = info;
  return {
    version: 1,
    at: new Date().toISOString(),
    model,
    contextWindow,
    adapter,
    rows,
    comparison: null,
    comparisonMissing: choice.why === 'only-one' ? 'one-engine' : 'not-run',
  };
}

/** The report with what was compared in the meantime. */
export function withComparison(
  { comparisonMissing, ...report }: BenchmarkReport,
  comparison: Comparison | undefined,
): BenchmarkReport {
  return comparison
    ? { ...report, comparison }
    : { ...report, ...(comparisonMissing && { comparisonMissing }) };
}

async function timeOne(client: EngineClient, request: GenerateRequest, signal: AbortSignal): Promise<Usage> {
  let usage: Usage | undefined;
  for await (const batch of client.generate(request, { signal })) {
    for (const event of batch) {
      if (event.type === 'usage') usage = event.usage;
      if (event.type === 'done' && event.finishReason === 'cancelled') usage = undefined;
    }
  }
  if (!usage) throw new AppError('run/aborted', 'The benchmark was stopped.');
  return usage;
}
