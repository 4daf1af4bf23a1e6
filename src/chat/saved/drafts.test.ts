import { describe, expect, it } from 'vitest';
import { Drafts, type DraftStorage } from './drafts';

function memory(): DraftStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    key: (index) => [...texts.keys()][index] ?? null,
    get length() {
      return texts.size;
    },
  };
}

describe('drafts', () => {
  it('stay with their chat, and outlive the page', () => {
    const storage = memory();
    const before = new Drafts(storage);
    before.set('a', 'half a question');
    before.set(null, 'a new one');
    const after = new Drafts(storage);
    expect([after.get('a'), after.get('b'), after.get(null)]).toEqual(['half a question', '', 'a new one']);
    after.set('a', '');
    expect(storage.texts.size).toBe(1);
  });

  it('keep pasted texts and documents of each chat, and tell of their change', () => {
    const storage = memory();
    const drafts = new Drafts(storage);
    let told = 0;
    drafts.subscribe(() => told++);
    const before = drafts.extras('a');
    drafts.setExtras('a', { documents: [{ id: 'd', name: 'd.pdf' }] });
    drafts.setExtras('a', { pasted: ['long'] });
    expect(told).toBe(2);
    expect(drafts.extras('a')).toBe(drafts.extras('a'));
    expect(before).toEqual({ pasted: [], documents: [] });
    const after = new Drafts(storage);
    expect(after.extras('a')).toEqual({ pasted: ['long'], documents: [{ id: 'd', name: 'd.pdf' }] });
    expect(after.extras('b')).toEqual(before);
    after.setExtras('a', { pasted: [], documents: [] });
    expect(storage.texts.size).toBe(0);
    storage.setItem('phield-draft-extras:c', '{"pasted":[7],"documents":[{"id":1}]}');
    expect(after.extras('c')).toEqual(before);
    after.prune(new Set());
    expect(storage.texts.size).toBe(0);
  });

  it('of chats that are gone are forgotten, that of the next chat is not', () => {
    const storage = memory();
    storage.setItem('phield-settings', '{}');
    const drafts = new Drafts(storage);
    for (const id of ['a', 'b', null]) drafts.set(id, 'x');
    drafts.prune(new Set(['b']));
    expect([...storage.texts.keys()].sort()).toEqual(['phield-draft:', 'phield-draft:b', 'phield-settings']);
  });

  it('hold for the visit where nothing can be stored', () => {
    const full = { ...memory(), setItem: () => raise(), getItem: () => raise() };
    for (const drafts of [new Drafts(undefined), new Drafts(full)]) {
      drafts.set('a', 'text');
      expect(drafts.get('a')).toBe('text');
      expect(drafts.get('b')).toBe('');
    }
  });
});

function raise(): never {
  throw new DOMException('full', 'QuotaExceededError');
}
