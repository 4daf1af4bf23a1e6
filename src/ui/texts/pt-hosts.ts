// As páginas de outros sites que podem usar o modelo deste aparelho, em português do Brasil: a pergunta e a lista.
import type { HostWords } from './en-hosts';

export const ptHosts: HostWords = {
  asks: (origin) => `${origin} quer usar o modelo deste aparelho`,
  means:
    'A página poderia passar textos dela ao modelo e ler as respostas a esses textos, até você cancelar. Ela não vê suas conversas nem seus arquivos, nem aqui nem no Phield.',
  allow: 'Permitir',
  refuse: 'Não permitir',
  covered: '“Permitir” só funciona com esta pergunta inteira à vista, sem nada por cima.',
  using: 'Esta página está usando o modelo.',
  stop: 'Interromper o pedido da página',
  may: 'Esta página pode usar o modelo deste aparelho.',
  takeBack: 'Cancelar a permissão',
  list: 'Estas páginas podem usar o modelo deste aparelho:',
  none: 'Nenhuma página de outro site pode usar o modelo deste aparelho.',
  since: (date) => `desde ${date}`,
  takeBackFrom: (origin) => `Cancelar a permissão de ${origin}`,
  apart:
    'A maioria dos navegadores guarda à parte, em cada site, o que a conversa embutida nele lembra. O que você permitiu lá aparece lá, acima do campo de texto, e é lá que se cancela.',
};
