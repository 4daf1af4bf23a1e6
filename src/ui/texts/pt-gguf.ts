// As palavras de um modelo próprio, em português do Brasil.
import type { GgufWords } from './en-gguf';

export const ptGguf: GgufWords = {
  title: 'O que os arquivos dizem dele',
  model: 'Modelo',
  fromFile: (name) => `Deste aparelho: ${name}`,
  architecture: 'Arquitetura',
  parameters: 'Parâmetros',
  mix: 'Pesos',
  context: 'Contexto máximo',
  tokens: (count) => `${count} tokens`,
  licence: 'Licença',
  noLicence: 'Os arquivos não informam',
  template: 'Como uma mensagem chega a ele',
  pictures: 'Imagens',
  seesBy: (file, bytes) =>
    `Enxerga por meio de ${file} (${bytes}), com o llama.cpp no processador. Na placa gráfica, só lê texto.`,
  alsoEyes: (file, bytes) =>
    `Ao lado dele está ${file} (${bytes}). Com esse arquivo ele também responde sobre imagens, devagar, com o llama.cpp no processador.`,
  withEyes: (file) => `Levar ${file} junto`,
  withoutEyes: 'Deixar de fora o arquivo de imagens',
  memory: 'Memória na GPU',
  memoryAt: (bytes, tokens) => `${bytes} com ${tokens} tokens de contexto`,
  fit: 'Cabe aqui?',
  fits: (has) => `Sim: há cerca de ${has} disponíveis`,
  tight: (has) => `Talvez: o navegador só garante ${has}; um teste antes de carregar dirá`,
  tooLarge: (has) => `Não: este aparelho tem cerca de ${has} para isso`,
  inSoftware: 'Dificilmente: este navegador calcula a WebGPU por software, e cada palavra leva segundos',
  smallInstead: 'Em vez dele, um pequeno e rápido:',
  smallOnProcessor: 'Modelos pequenos que servem para isso; antes de baixar qualquer um, o Phield pergunta:',
  whyOwn: 'a escolha habitual para este modelo.',
  processorToo:
    'O processador também roda este modelo, muitas vezes mais devagar. A página Desempenho compara os dois.',
  lineTakes: (time) => `Com o que esta conexão alcança, leva cerca de ${time}.`,
  repository: (name, count) => `${name} tem ${count === 1 ? 'um arquivo GGUF' : `${count} arquivos GGUF`}`,
  repositoryLead:
    'A diferença está na exatidão dos pesos. Q4_K_M é a escolha habitual; os maiores são um pouco melhores e mais lentos.',
  parts: (bytes, count) => (count === 1 ? bytes : `${bytes} em ${count} partes`),
  look: (file) => `Examinar ${file}`,
  reading: 'Lendo o que os arquivos dizem dele…',
};
