// The words of the benchmark, in Brazilian Portuguese.
import type { BenchmarkWords } from './en-benchmark';

export const ptBenchmark: BenchmarkWords = {
  lead: 'Mede com que rapidez este aparelho lê a memória e, depois, cada motor que roda o modelo carregado, sobre o mesmo arquivo e alternadamente. A conversa espera enquanto isso.',
  run: 'Medir o desempenho',
  stop: 'Parar a medição',
  measuringMemory: 'Medindo a memória…',
  notReady: 'Antes é preciso carregar o modelo.',
  chatBusy: 'Uma resposta está sendo escrita; espere que termine.',
  softwareNote:
    'Este é um adaptador por software: o processador faz o papel da GPU. Seus números não são medida de velocidade.',
  on: (model, adapter) => `Modelo: ${model}. Placa gráfica: ${adapter}.`,
  onProcessor: (model, threads) => `Modelo: ${model}. Processador: ${threads}.`,
  threads: (count) => (count === 1 ? '1 thread' : `${count} threads`),
  processor: (threads) => `Processador, ${threads}`,
  software: (adapter) => `${adapter} (por software)`,
  memory: (rate) => `A memória é lida aqui a ${rate} quando não se faz mais nada.`,
  limit: (bytes, rate) =>
    `Escrever um token lê ${bytes} de pesos; só pela memória, seriam possíveis ${rate} tokens por segundo.`,
  failed: (engine, message) => `${engine} não rodou o modelo: ${message}`,
  guessed: (count) =>
    `${count} dos tokens foram previstos a partir do texto anterior e conferidos juntos, o que é mais rápido do que a memória sozinha permite.`,
  kernelsChosen: (seconds) => `Kernels do modo mais rápido neste aparelho, medido em ${seconds}`,
  kernelsUsual: 'Kernels no modo de costume, sem medição neste aparelho',
  prompts: { short: 'Texto curto', long: 'Texto longo' },
  columns: {
    engine: 'Motor',
    prompt: 'Texto',
    promptTokens: 'Tokens lidos',
    ttft: 'Primeiro token após',
    prefill: 'Leitura, tokens/s',
    decode: 'Escrita, tokens/s',
    roof: 'Do que a memória permite',
  },
  chart: 'Tokens por segundo na escrita e parte do que a memória permite',
  export: 'Exportar como JSON',
  withLlamaCpp: 'Também com o llama.cpp, nesta GPU e no processador: leva vários minutos a mais',
  llamaCppOnGpu: 'llama.cpp (WebGPU)',
  ratios: 'Quantas vezes o motor do Phield é mais rápido',
  figures: 'Números de cada motor',
  comparedWith: 'Em comparação com',
  ratioOf: (prompt, does) => `${prompt}, ${does}`,
  reading: 'leitura',
  writing: 'escrita',
};
