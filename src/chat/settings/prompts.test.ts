import 'fake-indexeddb/auto';
import { createStore, set } from 'idb-keyval';
import { describe, expect, it } from 'vitest';
import { blanksOf, fillBlanks, Prompts } from './prompts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('saved prompts', () => {
  it('are there again in the next visit, by name, and gone once deleted', async () => {
    const database = createStore('prompts-a', 'records');
    const first = new Prompts(database);
    first.save({ id: '1', name: 'Story', text: 'Tell {{what}}' });
    first.save({ id: '2', name: '', text: 'A letter\nto my aunt' });
    first.save({ id: '1', name: 'Tale', text: 'Tell of {{what}}' });
    first.save({ id: '3', name: 'Nothing', text: ' ' });
    await settle();
    const second = new Prompts(database);
    await settle();
    expect(second.getState()).toEqual([
      { id: '2', name: 'A letter to my aunt', text: 'A letter\nto my aunt' },
      { id: '1', name: 'Tale', text: 'Tell of {{what}}' },
    ]);
    second.delete('2');
    await settle();
    const third = new Prompts(database);
    await settle();
    expect(third.getState().map(({ id }) => id)).toEqual(['1']);
  });

  it('that are damaged are left out', async () => {
    const database = createStore('prompts-b', 'records');
    await set('x', { id: 'x', name: 3, text: 'a' }, database);
    await set('y', null, database);
    const prompts = new Prompts(database);
    await settle();
    expect(prompts.getState()).toEqual([]);
  });

  it('hold for the visit where there is no database', () => {
    const prompts = new Prompts(undefined);
    prompts.save({ id: '1', name: 'A', text: 'B' });
    expect(prompts.getState()).toHaveLength(1);
  });
});

describe('blanks', () => {
  it('are found once each, and filled in wherever they stand', () => {
    const text = 'Write to {{ name }} on {{topic}}, dear {{name}}. {{}} {not}';
    expect(blanksOf(text)).toEqual(['name', 'topic']);
    expect(fillBlanks(text, new Map([['name', '$& Ana']]))).toBe(
      'Write to $& Ana on {{topic}}, dear $& Ana. {{}} {not}',
    );
  });
});
