import { describe, expect, it } from 'vitest';
import { finishedSentences } from './announcer';

describe('finishedSentences', () => {
  it.each([
    ['One. Two. Thr', 'One. Two. '],
    ['He said “no.” And th', 'He said “no.” '],
    ['- a\n- b', '- a\n'],
    ['一。二', '一。'],
    ['3.5 is not an end', ''],
    ['', ''],
  ])('of %j are %j', (text, whole) => expect(finishedSentences(text)).toBe(whole));
});
