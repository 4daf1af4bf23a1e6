import { describe, expect, it } from 'vitest';
import { AppError } from '../base/errors';
import type { Bandwidth, BenchmarkEvent, Contestant } from '../protocol/benchmark';
import type {
  EngineName,
  GenerateEvent,
  GenerateRequest,
  KernelChoice,
  ModelInfo,
  Usage,
} from '../protocol/chat';
import { benchmarkEngines } from './benchmark';
import type { Engine } from './engine';

const kernels: KernelChoice = { ways: { qkv: 'f16 32x8' }, from: 'measured', tuningMs: 900 };
const engineOf = (name: Contestant): EngineName => (name === 'wllama-gpu' ? 'wllama' : name);
const info = (engine: Contestant, isFallback: boolean): ModelInfo => ({
  id: 'm',
  engine: engineOf(engine),
  adapter: { vendor: 'v', architecture: 'a', description: 'd', isFallback, shaderF16: true },
  contextWindow: 400,
  vocabSize: 10,
  parameters: 1,
  weightBytes: 2000,
  gpuBytes: 1,
  defaults: { temperature: 1, top_p: 1, repetition_penalty: 1 },
  // Only one of the engines knows.
  ...(engine === 'wllama' && { processor: { threads: 2, tokensPerSecond: 3 } }),
  ...(engine === 'wgsl' && { weightBytesPerToken: 1000, kernels }),
});

/** Engines of one name, whose answers come at the speeds given, in order; and what was asked of them. */
class Rig {
  readonly log: string[] = [];
  readonly requests: GenerateRequest[] = [];
  failLoad: Error | undefined;
  isFallback = false;
  onRequest: () => void = () => undefined;

  constructor(
    readonly name: Contestant,
    private readonly speeds: number[],
  ) {}

  readonly make = (): Engine => {
    const { name, log, requests, speeds, isFallback } = this;
    const onRequest = (): void => this.onRequest();
    const failure = this.failLoad;
    return {
      name: engineOf(name),
      gpuBytes: 0,
      lost: new Promise(() => {}),
      load: (build) => {
        log.push(`load ${build}`);
        return failure ? Promise.reject(failure) : Promise.resolve(info(name, isFallback));
      },
      async *generate(request, { signal }): AsyncGenerator<GenerateEvent> {
        requests.push(request);
        onRequest();
        if (signal.aborted) {
          yield { type: 'done', finishReason: 'cancelled' };
          return;
        }
        const usage: Usage = {
          prompt_tokens: request.messages[0]?.content.length ?? 0,
          completion_tokens: 48,
          total_tokens: 0,
          cached_tokens: 0,
          ttft_ms: 10,
          prefill_tokens_per_s: 100,
          decode_tokens_per_s: speeds.shift() ?? NaN,
          guessed_tokens: 1,
        };
        yield { type: 'usage', usage };
        yield { type: 'done', finishReason: 'length' };
      },
      countTokens: () => Promise.resolve(1),
      dispose: () => Promise.resolve(void log.push('dispose')),
    };
  };
}

const memory: Bandwidth = { bytesPerSecond: 1e6, bufferBytes: 64 };

const run = (
  rigs: readonly Rig[],
  onEvent: (event: BenchmarkEvent) => void = () => undefined,
  measured: Bandwidth | null = memory,
) => {
  const stop = new AbortController();
  const options = {
    model: 'a model',
    build: 'a-build',
    signal: stop.signal,
    onEvent,
    bandwidth: () => Promise.resolve(measured ?? undefined),
  };
  return {
    stop,
    report: benchmarkEngines(
      rigs.map(({ name, make }) => ({ name, create: make })),
      options,
    ),
  };
};

describe('benchmarkEngines', () => {
  it('lets two engines run in turn and back, warmed up, and takes medians', async () => {
    // Warm-up, then two rounds, short and long in turn; twice. The warm-ups are wildly off.
    const wgsl = new Rig('wgsl', [1, 1, 100, 50, 110, 52, 1, 1, 120, 54, 900, 56]);
    const webllm = new Rig('webllm', [1, 1, 60, 20, 61, 21, 62, 22, 63, 23]);
    const events: BenchmarkEvent[] = [];
    const report = await run([wgsl, webllm], (event) => events.push(event)).report;
    expect(report).toMatchObject({
      version: 3,
      model: 'a model',
      build: 'a-build',
      contextWindow: 400,
      weightBytesPerToken: 1000,
      kernels,
      order: ['wgsl', 'webllm', 'wgsl'],
      failures: [],
    });
    const figures = report.rows.map(({ engine, prompt, rounds, decodeTokensPerS, roofFraction }) => [
      engine,
      prompt,
      rounds,
      decodeTokensPerS,
      roofFraction,
    ]);
    // The same bytes, so the same roof for both.
    expect(figures).toEqual([
      ['wgsl', 'short', 4, 115, 0.115],
      ['wgsl', 'long', 4, 53, 0.053],
      ['webllm', 'short', 4, 61.5, 0.0615],
      ['webllm', 'long', 4, 21.5, 0.0215],
    ]);
    expect(report.rows[0]?.guessedTokens).toBe(4);
    expect(wgsl.log).toEqual(['load a-build', 'dispose', 'load a-build', 'dispose']);
    expect(webllm.log).toEqual(['load a-build', 'dispose']);
    expect(events.slice(0, 3)).toEqual([
      { type: 'measuring', what: 'bandwidth' },
      { type: 'bandwidth', bandwidth: { bytesPerSecond: 1e6, bufferBytes: 64 } },
      { type: 'measuring', what: 'wgsl' },
    ]);
    expect(events.filter(({ type }) => type === 'row')).toHaveLength(16);
    // After each round, of an odd number of them too: the middle one.
    const speeds = events.flatMap((event) =>
      event.type === 'row' && event.row.engine === 'wgsl' && event.row.prompt === 'short'
        ? [event.row.decodeTokensPerS]
        : [],
    );
    expect(speeds).toEqual([100, 105, 110, 115]);
  });

  it('lets four run in turn and back, llama.cpp twice; what the processor does has no roof of the GPU', async () => {
    const rigs = [
      new Rig('wgsl', Array<number>(12).fill(10)),
      new Rig('webllm', Array<number>(12).fill(5)),
      new Rig('wllama-gpu', Array<number>(12).fill(4)),
      new Rig('wllama', Array<number>(10).fill(2)),
    ];
    const { order, rows } = await run(rigs).report;
    expect(order).toEqual(['wgsl', 'webllm', 'wllama-gpu', 'wllama', 'wllama-gpu', 'webllm', 'wgsl']);
    expect(rows.map(({ rounds }) => rounds)).toEqual(Array(8).fill(4));
    const speeds = rows.filter(({ prompt }) => prompt === 'long');
    expect(speeds.map(({ engine, decodeTokensPerS }) => [engine, decodeTokensPerS])).toEqual([
      ['wgsl', 10],
      ['webllm', 5],
      ['wllama-gpu', 4],
      ['wllama', 2],
    ]);
    expect(speeds.map(({ on }) => 'threads' in on)).toEqual([false, false, false, true]);
    expect(speeds.map(({ roofFraction }) => roofFraction)).toEqual([0.01, 0.005, 0.004, undefined]);
  });

  it('times the processor alone where there is no GPU whose memory could be measured', async () => {
    const wllama = new Rig('wllama', [1, 1, 3, 2, 3, 2, 3, 2]);
    const { bandwidth, rows } = await run([wllama], () => undefined, null).report;
    expect(bandwidth).toBeUndefined();
    expect(rows.map(({ on, rounds }) => [on, rounds])).toEqual([
      [{ threads: 2 }, 3],
      [{ threads: 2 }, 3],
    ]);
  });

  it('asks no two prompts that begin alike, greedily, and keeps to the context', async () => {
    const wgsl = new Rig('wgsl', []);
    await run([wgsl]).report;
    expect(wgsl.requests).toHaveLength(8);
    const starts = wgsl.requests.map(({ messages }) => messages[0]?.content.split(' ').slice(0, 2).join(' '));
    expect(new Set(starts).size).toBe(8);
    expect(wgsl.requests.every(({ temperature }) => temperature === 0)).toBe(true);
    expect(wgsl.requests.map(({ max_tokens }) => max_tokens)).toEqual([8, 8, 48, 48, 48, 48, 48, 48]);
    // Half of 400 tokens, at four characters a token.
    for (const { messages } of wgsl.requests) expect(messages[0]?.content.length).toBeLessThan(200 * 4);
  });

  it('asks once only where the figures are no measure of speed', async () => {
    const wgsl = new Rig('wgsl', [1, 1, 10, 5]);
    wgsl.isFallback = true;
    const { rows } = await run([wgsl]).report;
    expect(wgsl.requests).toHaveLength(4);
    expect(rows.map(({ prompt, rounds, decodeTokensPerS }) => [prompt, rounds, decodeTokensPerS])).toEqual([
      ['short', 1, 10],
      ['long', 1, 5],
    ]);
  });

  it('reports an engine that cannot run it, and times the other', async () => {
    const wgsl = new Rig('wgsl', [1, 1, 10, 10, 10, 10, 1, 1, 10, 10, 10, 10]);
    const webllm = new Rig('webllm', []);
    webllm.failLoad = new AppError('gpu/shader-invalid', 'No library.');
    const report = await run([webllm, wgsl]).report;
    expect(report.failures).toEqual([
      { engine: 'webllm', code: 'gpu/shader-invalid', message: 'No library.' },
    ]);
    expect(new Set(report.rows.map(({ engine }) => engine))).toEqual(new Set(['wgsl']));
    // Not loaded a second time, and disposed all the same.
    expect(webllm.log).toEqual(['load a-build', 'dispose']);
  });

  it('fails with the reason when no engine runs it', async () => {
    const wgsl = new Rig('wgsl', []);
    wgsl.failLoad = new AppError('gpu/out-of-memory', 'Too big.');
    await expect(run([wgsl]).report).rejects.toMatchObject({ code: 'gpu/out-of-memory' });
  });

  it('stops when told to, and disposes what was loaded', async () => {
    const wgsl = new Rig('wgsl', []);
    const { stop, report } = run([wgsl]);
    wgsl.onRequest = () => stop.abort();
    await expect(report).rejects.toMatchObject({ code: 'run/aborted' });
    expect(wgsl.log).toEqual(['load a-build', 'dispose']);
    expect(wgsl.requests).toHaveLength(1);
  });
});
