// As palavras de perguntar sobre uma imagem com o llama.cpp, em português do Brasil.
import type { PhotoWords } from './en-photo';

export const ptPhoto: PhotoWords = {
  onThisDevice: 'Um modelo deste aparelho enxerga imagens com o llama.cpp:',
  ask: (model) => `Carregar ${model} no processador`,
  slow: 'Ele usa o processador deste aparelho, não a placa gráfica, e isso é lento: olhar uma imagem leva de alguns segundos, com um modelo bem pequeno, a vários minutos antes da primeira palavra.',
  onGraphics: (model) =>
    `${model} está carregado na placa gráfica, onde só lê texto. No processador, ele enxerga imagens.`,
  own: 'Um modelo seu também pode enxergar: escolha juntos o arquivo GGUF dele e o arquivo mmproj feito para ele.',
  toImport: 'Importar arquivos',
};
