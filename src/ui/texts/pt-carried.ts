// Uma conversa que outra página entrega.
import type { enCarried } from './en-carried';

export const ptCarried: typeof enCarried = {
  title: 'Continuar esta conversa aqui?',
  note: (count, formatted) =>
    `Uma página entregou ${count === 1 ? 'uma mensagem' : `${formatted} mensagens`}. Elas vieram dentro do link: guarde só se você acabou de sair de uma conversa sua.`,
  keep: 'Guardar e abrir',
  leave: 'Deixar para lá',
  bad: 'Não dá para ler nenhuma conversa neste link.',
};
