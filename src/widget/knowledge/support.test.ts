import { describe, expect, it } from 'vitest';
import type { EngineClient } from '../../client/client';
import type { FoundPassage } from '../../documents/messages';
import type { GenerateEvent } from '../../protocol/chat';
import { evaluateSupport } from '../testing/eval-support';
import { knowledgeMarkdown } from './knowledge';
import { createSupport } from './support';

const documents = [{ id: 'd', name: 'About' }];
const hit: FoundPassage = {
  documentId: 'd',
  passage: { index: 3, headings: ['How much is shipping?'], blocks: ['Shipping costs 12 reais.'] },
  score: 9,
  terms: ['ship'],
};

async function ask(question: string, found: readonly FoundPassage[], quotes: boolean) {
  const support = createSupport({
    ground: () => Promise.resolve({ content: 'grounded', sources: [] }),
    find: () => Promise.resolve(found),
    quotes: () => quotes,
    unknown: () => 'I do not know.',
  });
  const engine = {
    async *generate() {
      yield [{ type: 'token', text: 'from the model', tokenIds: [1] }] as readonly GenerateEvent[];
    },
  } as unknown as EngineClient;
  const client = support.client(engine);
  const { content, sources } = await support.ground(question, documents, { room: 500, client });
  let text = '';
  const request = { messages: [{ role: 'user' as const, content }] };
  for await (const batch of client.generate(request, { signal: new AbortController().signal }))
    for (const event of batch) if (event.type === 'token') text += event.text;
  return { text, sources };
}

describe('an answer from a site’s knowledge', () => {
  it('is the passage itself, cited, where the model is too small to be trusted with it', async () => {
    expect(await ask('How much is the shipping?', [hit], true)).toEqual({
      text: 'Shipping costs 12 reais. [1]',
      sources: [{ documentId: 'd', name: 'About', passage: 3, heading: 'How much is shipping?' }],
    });
  });
  it('is the model’s where it is able', async () => {
    expect((await ask('How much is the shipping?', [hit], false)).text).toBe('from the model');
  });
  it('is "I do not know" where nothing fits, whichever model', async () => {
    expect(await ask('Who won the cup in 1994?', [hit], false)).toEqual({
      text: 'I do not know.',
      sources: [],
    });
    expect(await ask('Who won?', [], true)).toEqual({ text: 'I do not know.', sources: [] });
  });
});

it('finds the right passage of the demo shop for 36 of 40 questions and admits what it was not told for 18 of 20', () => {
  const { rightPassage, saidUnknown, answerable, unanswerable } = evaluateSupport();
  expect([answerable, unanswerable]).toEqual([40, 20]);
  expect(rightPassage).toBeGreaterThanOrEqual(36);
  expect(saidUnknown).toBeGreaterThanOrEqual(18);
});

describe('knowledge', () => {
  it('is Markdown as it is, or a list of questions and answers', () => {
    expect(knowledgeMarkdown('\ufeff# Shop\n\nOpen.')).toBe('# Shop\n\nOpen.');
    expect(
      knowledgeMarkdown(
        JSON.stringify([
          { question: 'Open\nwhen?', also: ['Hours'], answer: 'At 9.', url: 'https://shop.example/h' },
        ]),
      ),
    ).toBe('## Open when? / Hours\n\nAt 9.\n\n<https://shop.example/h>');
  });
  it('that is JSON without an entry is refused', () => {
    expect(() => knowledgeMarkdown('[{"q":1}]')).toThrow(/without any entry/);
  });
});
