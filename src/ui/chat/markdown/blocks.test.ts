import { describe, expect, it } from 'vitest';
import { markdownBlocks } from './blocks';

describe('markdownBlocks', () => {
  it.each([
    ['paragraphs', 'One\nline.\n\nTwo.', ['One\nline.\n', 'Two.']],
    ['a fence with blank lines', '```\na\n\nb\n```\n\nAfter', ['```\na\n\nb\n```\n', 'After']],
    ['a fence that is still open', 'Text\n\n```ts\na\n\nb', ['Text\n', '```ts\na\n\nb']],
    ['a longer fence around a shorter', '````\n```\n\n```\n````\n\nx', ['````\n```\n\n```\n````\n', 'x']],
    ['a loose list', '1. a\n\n2. b\n\n   more\n\nText', ['1. a\n\n2. b\n\n   more\n', 'Text']],
    ['a list after text', 'Text\n\n- a\n- b', ['Text\n', '- a\n- b']],
    ['leading blank lines', '\n\nText', ['\n\nText']],
    ['nothing', '', ['']],
  ])('cuts %s', (_, text, blocks) => {
    expect(markdownBlocks(text)).toEqual(blocks);
  });

  it('loses nothing, and never changes a finished block as text is added', () => {
    const text = 'A\n\n- x\n\n- y\n\n```\n1\n\n2\n```\n\n> q\n\nEnd\n\n\n| a |\n|---|\n| b |\n';
    let before: readonly string[] = [];
    for (let length = 0; length <= text.length; length += 1) {
      const blocks = markdownBlocks(text.slice(0, length));
      expect(blocks.join('\n')).toBe(text.slice(0, length));
      expect(blocks.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = blocks;
    }
  });
});
