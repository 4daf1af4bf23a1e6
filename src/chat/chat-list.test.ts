import { describe, expect, it } from 'vitest';
import { dateGroup, folderNames, listRows, moveToFolder, nameByModel, pin, unpin } from './chat-list';
import { rename, startConversation } from './conversation';

const now = new Date(2026, 2, 18, 9).getTime();
const at = (month: number, day: number, hour = 12): number => new Date(2026, month, day, hour).getTime();

describe('dates as a person counts them', () => {
  it.each([
    [at(2, 18, 0), 'today'],
    // A clock that runs ahead.
    [at(2, 19), 'today'],
    [at(2, 17, 23), 'yesterday'],
    [at(2, 16), 'week'],
    [at(2, 11), 'week'],
    [at(2, 10), 'month'],
    [at(1, 16), 'month'],
    [at(1, 14), 'date'],
  ])('%s is %s', (when, kind) => expect(dateGroup(when, now).kind).toBe(kind));
  it('puts a month together', () => {
    expect(dateGroup(at(0, 3), now)).toEqual(dateGroup(at(0, 30), now));
  });
});

describe('rows', () => {
  const chats = [
    { id: 'old', updatedAt: at(0, 3) },
    { id: 'a', updatedAt: at(2, 18, 7) },
    { id: 'b', updatedAt: at(2, 18, 8) },
    { id: 'work', updatedAt: at(2, 1), folder: 'Work' },
    { id: 'garden', updatedAt: at(2, 2), folder: 'Garden' },
    { id: 'pin', updatedAt: at(0, 1), pinnedAt: 5, folder: 'Work' },
  ];
  const shown = (closed?: ReadonlySet<string>) =>
    listRows(chats, now, closed).map((row) => (row.kind === 'chat' ? row.id : `# ${row.key}`));
  it('are pinned ones, folders by name, then the newest first', () => {
    expect(shown()).toEqual([
      '# pinned',
      'pin',
      '# folder:Garden',
      'garden',
      '# folder:Work',
      'work',
      '# today',
      'b',
      'a',
      `# date:${at(0, 1, 0)}`,
      'old',
    ]);
    expect(folderNames(chats)).toEqual(['Garden', 'Work']);
  });
  it('are folded away with their group', () => {
    expect(shown(new Set(['today', 'folder:Work']))).not.toContain('a');
    expect(shown(new Set(['today']))).toContain('# today');
  });
});

describe('arranging', () => {
  const chat = startConversation('c', { role: 'user', id: 'q', parentId: null, createdAt: 1, text: 'Hello' });
  it('pins and unpins, moves into a folder and out of it, and says when', () => {
    expect(unpin(pin(chat, 3), 4)).toEqual({ ...chat, arrangedAt: 4 });
    expect(moveToFolder(chat, '  My   work ', 5)).toMatchObject({ folder: 'My work', arrangedAt: 5 });
    expect(moveToFolder(moveToFolder(chat, 'x', 5), ' ', 6)).toEqual({ ...chat, arrangedAt: 6 });
  });
  it('never puts a model’s name over a person’s', () => {
    expect(nameByModel(chat, 'A greeting')).toMatchObject({ title: 'A greeting', titleByModel: true });
    expect(nameByModel(rename(chat, 'Mine', 2), 'A greeting').title).toBe('Mine');
    expect(rename(nameByModel(chat, 'A greeting'), 'Mine', 2)).not.toHaveProperty('titleByModel');
  });
});
