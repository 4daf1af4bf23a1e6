// As palavras da ficha de um arquivo GGUF, em português do Brasil.
import type { enGguf } from './en-gguf';

export const ptGguf: typeof enGguf = {
  gguf: {
    title: 'O que o arquivo diz de si',
    model: 'Modelo',
    architecture: 'Arquitetura',
    parameters: 'Parâmetros',
    mix: 'Pesos',
    context: 'Contexto máximo',
    tokens: (count) => `${count} tokens`,
    licence: 'Licença',
    noLicence: 'O arquivo não informa',
    memory: 'Memória na GPU',
    memoryAt: (bytes, tokens) => `${bytes} com ${tokens} tokens de contexto`,
  },
};
