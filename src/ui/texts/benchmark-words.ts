// The words of the benchmark, in the language of the page.
import { enBenchmark, type BenchmarkWords } from './en-benchmark';
import { ptBenchmark } from './pt-benchmark';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const benchmarkWords = (language: string): BenchmarkWords =>
  wordsIn(language, { en: enBenchmark, pt: ptBenchmark });
