import { describe, expect, it } from 'vitest';
import { append, startConversation, type AssistantMessage, type UserMessage } from '../conversation';
import { fromRecord } from '../conversation-record';
import { asJson, asMarkdown } from './export';

const question = (id: string, parentId: string | null, text: string): UserMessage => ({
  role: 'user',
  id,
  parentId,
  createdAt: 1,
  text,
});
const answer = (id: string, parentId: string, text: string): AssistantMessage => ({
  role: 'assistant',
  id,
  parentId,
  createdAt: 2,
  text,
  model: 'phield-tiny',
  status: { kind: 'complete', finishReason: 'stop', contextFull: false },
});
const start = startConversation('c', question('q', null, 'Onde cresce o CAFÉ?'));
const chat = append(append(start, answer('a', 'q', 'On hills.\n')), question('q2', 'a', 'And tea?'));
/** Another answer to the first question; what came after the first is on another branch. */
const branched = append(chat, answer('b', 'q', '**Brazil**'));

describe('a chat as a file', () => {
  const words = {
    you: 'You',
    picture: (i: number) => `Picture ${i}`,
    model: (model: string) => model.toUpperCase(),
  };
  it('is Markdown of the path on show', () => {
    expect(asMarkdown(chat, words).text).toBe(
      '# Onde cresce o CAFÉ?\n\n## You\n\nOnde cresce o CAFÉ?\n\n## PHIELD-TINY\n\nOn hills.\n\n## You\n\nAnd tea?\n',
    );
    expect(asMarkdown(branched, words).text).toContain('## PHIELD-TINY\n\n**Brazil**\n');
    expect(asMarkdown(branched, words).text).not.toContain('hills');
  });
  it('names pictures that it leaves out', () => {
    const seen = startConversation('p', {
      ...question('q', null, 'What?'),
      images: ['data:image/png;base64,AA=='],
    });
    expect(asMarkdown(seen, words).text).toContain('## You\n\n[Picture 1]\n\nWhat?');
  });
  it('is JSON of every branch, which reads back as the chat', () => {
    const file = JSON.parse(asJson(branched, new Date(0)).text) as { conversation: unknown };
    expect(file).toMatchObject({ format: 'phield-chat', version: 1, exportedAt: '1970-01-01T00:00:00.000Z' });
    expect(fromRecord(file.conversation)).toEqual(branched);
  });
  it.each([
    ['Onde: o "café"? <a/b>…', 'Onde o café a b.md'],
    ['...', 'chat.md'],
    ['x'.repeat(100), `${'x'.repeat(60)}.md`],
  ])('%j is named %j', (title, name) => expect(asMarkdown({ ...chat, title }, words).name).toBe(name));
});
