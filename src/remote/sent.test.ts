import { expect, test } from 'vitest';
import { questionsIn, SentBook, sentKey } from './sent';

function localTexts(initial: Record<string, string> = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

test('the book begins empty, and keeps who, when and how much', () => {
  const storage = localTexts();
  const book = new SentBook(storage);
  expect(book.getState()).toEqual([]);
  const list = { at: 1, host: 'gw.example', sentBytes: 0, receivedBytes: 9 };
  const question = { at: 2, host: 'gw.example', sentBytes: 70, receivedBytes: 900 };
  book.note(list);
  new SentBook(storage).note(question);
  // Two tabs lose nothing of each other's.
  book.note({ ...question, at: 3 });
  expect(new SentBook(storage).getState().map(({ at }) => at)).toEqual([1, 2, 3]);
  expect(questionsIn(book.getState())).toHaveLength(2);
});

test('what storage holds is not trusted', () => {
  for (const text of [
    'x',
    '{}',
    '[1,null,{"at":1}]',
    '[{"at":-1,"host":"h","sentBytes":1,"receivedBytes":1}]',
  ])
    expect(new SentBook(localTexts({ [sentKey]: text })).getState()).toEqual([]);
});
