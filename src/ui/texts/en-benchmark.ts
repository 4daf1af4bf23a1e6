// The words of the benchmark, in English: they come with its page.
import type { BenchmarkPrompt } from '../../protocol/benchmark';

export const enBenchmark = {
  lead: 'Measures how fast this device reads its memory, and then every engine that can run the loaded model on the same file, in turn. The chat waits meanwhile.',
  run: 'Run the benchmark',
  stop: 'Stop the benchmark',
  measuringMemory: 'Measuring memory…',
  notReady: 'The model must be loaded first.',
  chatBusy: 'An answer is being written; wait until it is done.',
  softwareNote:
    'This is a software adapter: the processor plays the part of a GPU. Its figures are no measure of speed.',
  on: (model: string, adapter: string) => `Model: ${model}. Graphics: ${adapter}.`,
  onProcessor: (model: string, threads: string) => `Model: ${model}. Processor: ${threads}.`,
  threads: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
  processor: (threads: string) => `Processor, ${threads}`,
  software: (adapter: string) => `${adapter} (software)`,
  memory: (rate: string) => `Memory is read at ${rate} here when nothing else is done.`,
  limit: (bytes: string, rate: string) =>
    `Writing one token reads ${bytes} of weights, so memory alone allows ${rate} tokens a second.`,
  failed: (engine: string, message: string) => `${engine} did not run it: ${message}`,
  guessed: (count: number) =>
    `${count} of the tokens were guessed from the text before and checked together, which is faster than memory alone allows.`,
  kernelsChosen: (seconds: string) => `Kernels as they were fastest here, found out in ${seconds}`,
  kernelsUsual: 'Kernels in their usual way, not timed here',
  prompts: { short: 'Short prompt', long: 'Long prompt' } satisfies Record<BenchmarkPrompt, string>,
  columns: {
    engine: 'Engine',
    prompt: 'Prompt',
    promptTokens: 'Prompt tokens',
    ttft: 'First token after',
    prefill: 'Reading, tokens/s',
    decode: 'Writing, tokens/s',
    roof: 'Of what memory allows',
  },
  chart: 'Tokens per second while writing, and share of what memory allows',
  export: 'Export as JSON',
  withLlamaCpp: 'Also with llama.cpp, on this GPU and on the processor: it takes several minutes more',
  llamaCppOnGpu: 'llama.cpp (WebGPU)',
  ratios: 'How many times as fast Phield’s own engine is',
  figures: 'Figures of each engine',
  comparedWith: 'Compared with',
  ratioOf: (prompt: string, does: string) => `${prompt}, ${does}`,
  reading: 'reading',
  writing: 'writing',
};

export type BenchmarkWords = typeof enBenchmark;
