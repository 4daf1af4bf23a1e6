// Long texts that were pasted: kept beside the message box, where they would bury what is being typed, and sent behind it.
import type { ReactNode } from 'react';
import { useApp } from '../../app-context';
import { useExtras } from '../../common/draft-extras';
import { formatCount } from '../../common/format';
import { Icon } from '../../common/icons';

const longLetters = 2_000;
const longLines = 40;

export function isLongPaste(text: string): boolean {
  return text.length >= longLetters || text.split('\n', longLines).length === longLines;
}

export interface Pasted {
  readonly texts: readonly string[];
  add(text: string): void;
  remove(index: number): void;
  clear(): void;
}

/** Each chat's own, as with what is typed. */
export function usePasted(chatId: string | null): Pasted {
  const { drafts } = useApp();
  const { pasted } = useExtras(chatId);
  return {
    texts: pasted,
    add: (text) => drafts.setExtras(chatId, { pasted: [...drafts.extras(chatId).pasted, text] }),
    remove: (index) => drafts.setExtras(chatId, { pasted: pasted.filter((_, at) => at !== index) }),
    clear: () => drafts.setExtras(chatId, { pasted: [] }),
  };
}

/** The message as it is sent. */
export function withPasted(text: string, pasted: readonly string[]): string {
  return pasted.length === 0 ? text : [text, ...pasted].filter((one) => one.trim() !== '').join('\n\n');
}

interface Props {
  readonly pasted: Pasted;
  readonly onUnfold: (text: string) => void;
}

export function PastedTexts({ pasted, onUnfold }: Props): ReactNode {
  const { texts } = useApp();
  const { composer, language } = texts;
  if (pasted.texts.length === 0) return null;
  return (
    <ul className="file-chips pasted" aria-label={composer.pastedList}>
      {pasted.texts.map((text, at) => (
        <li key={at} className="file-chip">
          <Icon name="documents" />
          <span className="file-chip-name" dir="auto" title={text.slice(0, 400)}>
            {text.trim().slice(0, 60)}
          </span>
          <span className="file-chip-state">{composer.pasted(formatCount(text.length, language))}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={composer.unfoldPasted}
            title={composer.unfoldPasted}
            onClick={() => {
              pasted.remove(at);
              onUnfold(text);
            }}
          >
            <Icon name="edit" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={composer.dropPasted}
            title={composer.dropPasted}
            onClick={() => pasted.remove(at)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
