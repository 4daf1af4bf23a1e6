// As palavras do que o motor ocupa na GPU, na página Armazenamento, em português do Brasil.
import type { HeldWords } from './en-held';

export const ptHeld: HeldWords = {
  alone: (bytes) => `Na GPU agora: ${bytes}, do motor desta aba.`,
  shared: (bytes, guests) => `Na GPU agora: ${bytes}, uma vez só para ${guests} abas e quadros.`,
  here: 'O motor está nesta aba.',
  elsewhere: 'O motor está em outra aba; esta não ocupa nada.',
};
