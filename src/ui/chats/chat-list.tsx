// The chats in their groups. However many there are, only those in sight are in the page; each says which one of how
// many it is, and one that has the focus stays.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChatState } from '../../chat/chat-state';
import type { Conversation } from '../../chat/conversation';
import { listRows, type GroupName, type ListRow } from '../../chat/chat-list';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';
import type { Texts } from '../texts/en';
import { ChatEntry } from './chat-entry';
import { offsetsOf, windowOf } from './window';

/** In rem, as the style sheet has them; a finger needs more. */
const rowRem = { group: 2.1, chat: 2.4, touch: 2.75 } as const;
const around = 8;
/** Where the height is not known, as on a page that is not drawn. */
const usualHeight = 800;

export interface ChatListProps {
  readonly shown: boolean;
  readonly onChosen: () => void;
  readonly onDelete: (id: string) => void;
}

export function ChatList({ shown, onChosen, onDelete }: ChatListProps) {
  const { chat, texts } = useApp();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const today = useToday();
  const select = useMemo(() => rowsSelector(today, closed), [today, closed]);
  const rows = useStore(chat, select);
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: usualHeight });
  const [focused, setFocused] = useState<string | undefined>(undefined);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight || usualHeight });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      watcher.disconnect();
    };
  }, []);

  const { offsets, chats } = useMemo(() => measure(rows), [rows]);
  const { from, to } = windowOf(offsets, view.top, view.height, around);
  const kept = focused === undefined ? -1 : rows.findIndex(({ key }) => key === focused);
  const drawn = rows.slice(from, to).map((row, i) => [row, from + i] as const);
  const keptRow = rows[kept];
  if (keptRow && (kept < from || kept >= to)) drawn.push([keptRow, kept]);

  useEffect(() => void performance.mark('chats:listed'), []);

  const toggle = useCallback((key: string) => {
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);

  return (
    <nav className="chats" aria-label={texts.chats} ref={scroller}>
      {rows.length === 0 && <p className="no-chats">{texts.noChats}</p>}
      <ul
        style={{ height: `${offsets.at(-1) ?? 0}px` }}
        onFocus={({ target }) => setFocused(target.closest('li')?.dataset['key'])}
        onBlur={() => setFocused(undefined)}
      >
        {drawn.map(([row, index]) => (
          <li
            key={row.key}
            data-key={row.key}
            className="chat-row"
            style={{ transform: `translateY(${offsets[index] ?? 0}px)` }}
            {...(row.kind === 'chat' && { 'aria-setsize': chats.size, 'aria-posinset': chats.get(row.key) })}
          >
            {row.kind === 'group' ? (
              <Group row={row} onToggle={toggle} />
            ) : (
              <ChatEntry id={row.id} shown={shown} onChosen={onChosen} onDelete={onDelete} />
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Group({
  row,
  onToggle,
}: {
  readonly row: ListRow & { readonly kind: 'group' };
  readonly onToggle: (key: string) => void;
}) {
  const { texts } = useApp();
  if (row.group.kind !== 'folder') return <span className="chat-group">{groupText(row.group, texts)}</span>;
  return (
    <button
      type="button"
      className="chat-group"
      aria-expanded={!row.closed}
      aria-label={texts.sidebar.folder(row.group.name)}
      onClick={() => onToggle(row.key)}
    >
      <Icon name="folder" />
      <span>{row.group.name}</span>
      <Icon name="chevron" />
    </button>
  );
}

export function groupText(group: GroupName, { sidebar, language }: Texts): string {
  switch (group.kind) {
    case 'pinned':
      return sidebar.pinned;
    case 'today':
      return sidebar.today;
    case 'yesterday':
      return sidebar.yesterday;
    case 'week':
      return sidebar.lastWeek;
    case 'month':
      return sidebar.lastMonth;
    case 'folder':
      return group.name;
    case 'date': {
      const text = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' }).format(group.at);
      return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
    }
  }
}

function measure(rows: readonly ListRow[]) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const touch = window.matchMedia('(pointer: coarse)').matches;
  const heightOf = (row: ListRow): number => {
    if (row.kind === 'chat') return touch ? rowRem.touch : rowRem.chat;
    // A folder's name is pressed.
    return touch && row.group.kind === 'folder' ? rowRem.touch : rowRem.group;
  };
  const offsets = offsetsOf(rows.map((row) => rem * heightOf(row)));
  const chats = new Map<string, number>();
  for (const { kind, key } of rows) if (kind === 'chat') chats.set(key, chats.size + 1);
  return { offsets, chats };
}

/** Rows that stay the same object until something that decides on them changes: not with each token of an answer. */
function rowsSelector(now: number, closed: ReadonlySet<string>): (state: ChatState) => readonly ListRow[] {
  let last:
    | { readonly chats: ReadonlyMap<string, Conversation>; readonly rows: readonly ListRow[] }
    | undefined;
  return ({ conversations }) => {
    if (!last || !samePlaces(last.chats, conversations))
      last = { chats: conversations, rows: listRows(conversations.values(), now, closed) };
    else if (last.chats !== conversations) last = { chats: conversations, rows: last.rows };
    return last.rows;
  };
}

function samePlaces(a: ReadonlyMap<string, Conversation>, b: ReadonlyMap<string, Conversation>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [id, one] of b) {
    const was = a.get(id);
    if (was === one) continue;
    if (was?.updatedAt !== one.updatedAt || was.pinnedAt !== one.pinnedAt || was.folder !== one.folder)
      return false;
  }
  return true;
}

/** A moment of this day, which changes when the next begins. */
function useToday(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tomorrow = new Date(now);
    tomorrow.setHours(24, 0, 1, 0);
    const timer = setTimeout(() => setNow(Date.now()), Math.max(1000, tomorrow.getTime() - Date.now()));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
