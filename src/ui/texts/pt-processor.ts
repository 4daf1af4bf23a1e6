// As palavras de responder no processador, em português do Brasil.
import type { enProcessor } from './en-processor';

export const ptProcessor: typeof enProcessor = {
  processor: {
    title: 'Responder usando o processador',
    lead: 'Um modelo também pode rodar no processador deste aparelho, sem placa gráfica. É muitas vezes mais lento que uma GPU, e basta para respostas curtas de um modelo pequeno. Tudo continua neste aparelho.',
    run: (model) => `Rodar ${model} no processador`,
    runBuiltIn: 'Rodar o modelo embutido no processador',
    needsFile: (model) =>
      `${model} não pode: no processador só rodam arquivos GGUF e o modelo que vem com o Phield.`,
    runsOn: (threads, rate) =>
      `Roda no processador deste aparelho (${threads === 1 ? 'uma linha de execução' : `${threads} linhas de execução`}), cerca de ${rate} tokens por segundo`,
    threads: 'Linhas de execução do processador',
    speed: 'Tokens por segundo, ao carregar',
  },
};
