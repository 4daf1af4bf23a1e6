// What the list of chats shows, as rows: pinned ones, folders, then by date. Pure; the words are the page's.
import type { Conversation } from './conversation';
import { folderLength } from './conversation-record';

export type GroupName =
  | { readonly kind: 'pinned' | 'today' | 'yesterday' | 'week' | 'month' }
  | { readonly kind: 'folder'; readonly name: string }
  /** A month of the given day, ms since 1970. */
  | { readonly kind: 'date'; readonly at: number };

export type ListRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: GroupName; readonly closed: boolean }
  | { readonly kind: 'chat'; readonly key: string; readonly id: string };

const dayMs = 86_400_000;

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** By calendar days, as a person counts them. */
export function dateGroup(at: number, now: number): GroupName {
  // Days with a change of the clock have 23 or 25 hours.
  const days = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  if (days <= 0) return { kind: 'today' };
  if (days === 1) return { kind: 'yesterday' };
  if (days <= 7) return { kind: 'week' };
  if (days <= 30) return { kind: 'month' };
  const month = new Date(at);
  return { kind: 'date', at: new Date(month.getFullYear(), month.getMonth(), 1).getTime() };
}

export function groupKey(group: GroupName): string {
  if (group.kind === 'folder') return `folder:${group.name}`;
  return group.kind === 'date' ? `date:${group.at}` : group.kind;
}

/** What of a chat decides on its place. */
type Placed = Pick<Conversation, 'id' | 'updatedAt' | 'pinnedAt' | 'folder'>;

/** @param closed keys of groups whose chats are folded away. */
export function listRows(
  chats: Iterable<Placed>,
  now: number,
  closed: ReadonlySet<string> = new Set(),
): readonly ListRow[] {
  const pinned: Placed[] = [];
  const folders = new Map<string, Placed[]>();
  const rest: Placed[] = [];
  for (const chat of chats) {
    if (chat.pinnedAt !== undefined) pinned.push(chat);
    else if (chat.folder === undefined) rest.push(chat);
    else {
      const folder = folders.get(chat.folder);
      if (folder) folder.push(chat);
      else folders.set(chat.folder, [chat]);
    }
  }
  const newest = (a: Placed, b: Placed): number => b.updatedAt - a.updatedAt;
  const rows: ListRow[] = [];
  const add = (group: GroupName, members: readonly Placed[]): void => {
    if (members.length === 0) return;
    const key = groupKey(group);
    const isClosed = closed.has(key);
    rows.push({ kind: 'group', key, group, closed: isClosed });
    if (!isClosed) for (const { id } of members) rows.push({ kind: 'chat', key: id, id });
  };
  add(
    { kind: 'pinned' },
    pinned.sort((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0)),
  );
  for (const name of [...folders.keys()].sort((a, b) => a.localeCompare(b)))
    add({ kind: 'folder', name }, (folders.get(name) ?? []).sort(newest));
  rest.sort(newest);
  for (let at = 0; at < rest.length;) {
    const first = rest[at];
    if (!first) break;
    const group = dateGroup(first.updatedAt, now);
    const key = groupKey(group);
    const from = at;
    while (at < rest.length && groupKey(dateGroup(rest[at]?.updatedAt ?? 0, now)) === key) at += 1;
    add(group, rest.slice(from, at));
  }
  return rows;
}

/** Names of the folders that are in use. */
export function folderNames(chats: Iterable<Placed>): readonly string[] {
  const names = new Set<string>();
  for (const { folder } of chats) if (folder !== undefined) names.add(folder);
  return [...names].sort((a, b) => a.localeCompare(b));
}

export function pin(conversation: Conversation, now: number): Conversation {
  return { ...conversation, pinnedAt: now, arrangedAt: now };
}

export function unpin(conversation: Conversation, now: number): Conversation {
  const { pinnedAt: _pinned, ...rest } = conversation;
  return { ...rest, arrangedAt: now };
}

/** Private or no longer: whether it may be sent to a larger model elsewhere. */
export function stayHere(conversation: Conversation, isPrivate: boolean, now: number): Conversation {
  const { staysHere: _before, ...rest } = conversation;
  return { ...rest, ...(isPrivate && { staysHere: true }), arrangedAt: now };
}

/** @param name blank: into none. */
export function moveToFolder(conversation: Conversation, name: string, now: number): Conversation {
  const { folder: _folder, ...rest } = conversation;
  const clean = [...name.replace(/\s+/g, ' ').trim()].slice(0, folderLength).join('');
  return { ...rest, ...(clean !== '' && { folder: clean }), arrangedAt: now };
}

export function withPersona(
  conversation: Conversation,
  persona: string | undefined,
  now: number,
): Conversation {
  const { persona: _persona, ...rest } = conversation;
  return { ...rest, ...(persona !== undefined && { persona }), arrangedAt: now };
}

/** A name that a model has made; one that a person gave stays. */
export function nameByModel(conversation: Conversation, title: string): Conversation {
  if (conversation.titledAt !== undefined || title === '') return conversation;
  return { ...conversation, title, titleByModel: true };
}
