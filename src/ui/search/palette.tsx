// Search over everything, at Ctrl or Command with K: chats by what was said in them, pages, models and commands. A
// combobox over one list; the arrow keys choose, Enter opens.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { SearchAnswer, SearchHit } from '../../chat/search/search';
import { fold, type Snippet } from '../../chat/search/words';
import { useApp, type AppContextValue } from '../app-context';
import { Icon, type IconName } from '../common/icons';
import { jump } from '../common/jump';
import { chatHref } from '../common/route';
import { useChooseModel } from '../models/choose-model';
import { needsQuestion } from '../models/load/confirm-download';
import { openModelMenu } from '../models/menu/model-menu';
import { useModelList } from '../models/use-model-list';
import { commands } from './commands';

interface Item {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly note?: ReactNode;
  readonly act: () => void;
}

interface Group {
  readonly title: string;
  readonly items: readonly Item[];
}

const recentChats = 6;

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { texts } = app;
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [query, setQuery] = useState('');
  const answer = useAnswer(query, app);
  const groups = useGroups(query, answer, app, onClose);
  const items = groups.flatMap((group) => group.items);
  const [at, setAt] = useState(0);
  const current = items[Math.min(at, items.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [current?.key]);

  const optionId = (key: string): string => `${list}-${key}`;
  const move = (step: number): void => {
    if (items.length > 0) setAt((Math.min(at, items.length - 1) + step + items.length) % items.length);
  };
  const words = query.trim() !== '';
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label={texts.palette.label}
      onClose={onClose}
      // At Escape. What a dialog says of its own closing comes a moment later, when the keys that open it may have been
      // pressed again, which then would have put it away.
      onCancel={(event) => {
        event.preventDefault();
        dialog.current?.close();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="palette-head">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={texts.palette.label}
          aria-expanded
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={current && optionId(current.key)}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          placeholder={texts.palette.placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault();
              move(event.key === 'ArrowDown' ? 1 : -1);
            } else if (event.key === 'Enter') {
              event.preventDefault();
              current?.act();
            }
          }}
        />
        <button type="button" className="icon-button" aria-label={texts.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="palette-list" id={list} role="listbox" aria-label={texts.palette.results}>
        {groups.map(({ title, items: members }) => (
          <div key={title} role="group" aria-label={title}>
            <p className="menu-title" aria-hidden="true">
              {title}
            </p>
            {members.map((item) => (
              <div
                key={item.key}
                id={optionId(item.key)}
                role="option"
                aria-selected={item === current}
                className="palette-item"
                onPointerMove={() => setAt(items.indexOf(item))}
                onClick={item.act}
              >
                <Icon name={item.icon} />
                <span className="palette-title" dir="auto">
                  {item.title}
                </span>
                {item.note !== undefined && (
                  <span className="palette-note" dir="auto">
                    {item.note}
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="palette-foot" role="status">
        {words && answer && texts.palette.found(answer.total)}
        {words && answer && answer.unread > 0 && ` ${texts.palette.reading(answer.unread)}`}
      </p>
    </dialog>
  );
}

/** Of the last question that was answered; of none while the field is empty. */
function useAnswer(query: string, { search }: AppContextValue): SearchAnswer | undefined {
  const [answer, setAnswer] = useState<SearchAnswer | undefined>(undefined);
  const [round, setRound] = useState(0);
  useEffect(() => search.warm(), [search]);
  useEffect(() => {
    if (query.trim() === '') {
      setAnswer(undefined);
      return;
    }
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = performance.now();
    search.query(query).then(
      (found) => {
        if (!current) return;
        performance.measure('chats:search-key', { start });
        setAnswer(found);
        // Chats are still being read: ask once more in a moment.
        if (found.unread > 0) timer = setTimeout(() => setRound((before) => before + 1), 500);
      },
      () => current && setAnswer({ hits: [], total: 0, unread: 0 }),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, round, search]);
  return answer;
}

function useGroups(
  query: string,
  answer: SearchAnswer | undefined,
  app: AppContextValue,
  onClose: () => void,
): readonly Group[] {
  const { chat, library, texts } = app;
  const { palette } = texts;
  const list = useModelList();
  const choose = useChooseModel();
  const wanted = fold(query.trim());
  const isWanted = (title: string): boolean => wanted !== '' && fold(title).includes(wanted);

  const openChat = (id: string, messageId?: string): void => {
    onClose();
    chat.select(id);
    location.hash = chatHref(id);
    if (messageId === undefined) return;
    void chat.open(id).then(() => jump.set({ chatId: id, messageId }));
  };
  const chatItem = ({ chatId, title, messageId, snippet }: SearchHit): Item => ({
    key: chatId,
    icon: 'chat',
    title,
    ...(snippet && { note: <Marked {...snippet} /> }),
    act: () => openChat(chatId, messageId),
  });
  const recent = (): readonly SearchHit[] =>
    [...chat.getState().conversations.values()]
      .sort((a, b) => b.updatedAt - a.updatedAt)
      .slice(0, recentChats)
      .map(({ id, title, updatedAt }) => ({ chatId: id, title, updatedAt }));

  const commandItems = commands()
    .map(({ id, icon, title, run }): Item => ({
      key: `command-${id}`,
      icon,
      title: title(texts),
      act: () => {
        onClose();
        run(app);
      },
    }))
    .filter(({ title }) => wanted === '' || isWanted(title));
  const modelItems = (list && 'cards' in list ? list.cards : [])
    .filter(({ name, fit }) => fit.verdict !== 'cannot' && isWanted(name))
    .map((card): Item => ({
      key: `model-${card.id}`,
      icon: 'models',
      title: card.name,
      note: texts.modelPurposes[card.id] ?? card.purpose,
      act: () => {
        onClose();
        const base = library.storage.folderOf(card.fit.build ?? card.id);
        const here = library.getState().models?.find((model) => model.base === base);
        // The menu has the question that goes before a download.
        if (needsQuestion(card, here)) setTimeout(openModelMenu);
        else choose(card.id);
      },
    }));
  const hits = wanted === '' ? recent() : (answer?.hits ?? []);
  return [
    { title: wanted === '' ? palette.recent : texts.chats, items: hits.map(chatItem) },
    { title: texts.models.title, items: modelItems },
    { title: palette.commands, items: commandItems },
  ].filter(({ items }) => items.length > 0);
}

function Marked({ text, marks }: Snippet) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
