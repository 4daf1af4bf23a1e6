// As palavras de onde ficam os modelos: Configurações > Armazenamento, e mover um modelo, em português do Brasil.
import type { enPlaces } from './en-places';

export const ptPlaces: typeof enPlaces = {
  places: {
    heading: 'Armazenamento',
    label: 'Onde guardar os modelos',
    help: 'Vale para o que chegar a partir de agora. Com arquivos privados o modelo abre mais rápido; o IndexedDB é a alternativa quando eles dão problema. Um modelo que já está aqui fica onde está até você movê-lo, na página Armazenamento.',
    options: {
      auto: 'Como este site foi configurado',
      files: 'Em arquivos privados',
      indexeddb: 'No IndexedDB',
    },
    kept: {
      files: 'Em arquivos privados',
      indexeddb: 'No IndexedDB',
      both: 'Parte em arquivos privados, parte no IndexedDB',
    },
    move: { files: 'Mover para arquivos privados', indexeddb: 'Mover para o IndexedDB' },
    moveOf: (action, name) => `${action}: ${name}`,
  },
};
