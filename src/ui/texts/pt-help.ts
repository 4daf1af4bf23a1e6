// The words around the answers of the Help page, in Brazilian Portuguese.
import type { HelpWords } from './en-help';

export const ptHelp: HelpWords = {
  lead: 'O que as pessoas perguntam e as respostas que o Phield tiny aprendeu. Ele fala por si, aqui e na conversa.',
  find: 'Procurar uma pergunta',
  none: 'Nenhuma pergunta tem essas palavras. Pergunte na conversa.',
  ask: 'Perguntar na conversa',
  groups: {
    phield: 'O Phield',
    privacy: 'Privacidade e uso sem internet',
    chat: 'Na conversa',
    models: 'Modelos',
    tiny: 'O Phield tiny',
    device: 'Navegador e aparelho',
  },
};
