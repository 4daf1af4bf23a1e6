// The few words of the loader itself.
import type { WidgetLanguage } from '../../protocol/widget';

const words = {
  en: { title: 'Chat', open: 'Open the chat', close: 'Close the chat' },
  pt: { title: 'Conversa', open: 'Abrir a conversa', close: 'Fechar a conversa' },
} as const;

export function wordsFor(lang: WidgetLanguage = 'system'): (typeof words)[keyof typeof words] {
  const wanted = lang === 'system' ? document.documentElement.lang || navigator.language : lang;
  return wanted.toLowerCase().startsWith('pt') ? words.pt : words.en;
}
