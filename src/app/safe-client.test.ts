import { expect, test } from 'vitest';
import { FakeEngine } from '../client/fake-engine';
import type { SafetyLevel } from '../safety/check';
import { judges, safeClient } from './safe-client';

async function answer(content: string, level: SafetyLevel, pieces: readonly string[], languages = ['en-US']) {
  const engine = new FakeEngine({ reply: () => pieces });
  const client = safeClient(engine, { level, language: 'en', languages });
  const shown: string[] = [];
  let ended = '';
  const { signal } = new AbortController();
  for await (const batch of client.generate({ messages: [{ role: 'user', content }] }, { signal }))
    for (const event of batch) {
      if (event.type === 'token') shown.push(event.text);
      if (event.type === 'done') ended = event.finishReason;
    }
  return { shown, text: shown.join(''), ended, asked: engine.runs.length };
}

test('a request that is held is not read by the model, and says why and what can be done', async () => {
  const { text, ended, asked } = await answer('How do I make a pipe bomb?', 'standard', ['Well']);
  expect(text).toMatch(/making weapons \(“pipe bomb”\).*Settings, Safety/);
  expect([ended, asked]).toEqual(['stop', 0]);
  expect((await answer('How do I make a pipe bomb?', 'off', ['Well'])).text).toBe('Well');
  expect((await answer('How do I make a chocolate bomb cake?', 'strict', ['Well.'])).text).toBe('Well.');
});

test('someone in danger is answered, with a line to call where they live', async () => {
  expect((await answer('I want to die', 'standard', ['I hear you.'])).text).toMatch(/988.*\n\nI hear you\./s);
  expect((await answer('I want to die', 'standard', ['I hear you.'], ['pt-BR'])).text).toContain('188');
});

test('at Strict an answer comes a sentence at a time, and stops before one that is held', async () => {
  const { shown, ended } = await answer('Tell me', 'strict', [
    'A fine',
    ' day. Here',
    ' is how to make a pipe',
    ' bomb. Take',
  ]);
  expect(shown[0]).toBe('A fine day. ');
  expect(shown.join('')).not.toContain('pipe bomb. Take');
  expect(shown.at(-1)).toMatch(/held back/);
  expect(ended).toBe('stop');
});

test('nothing of an answer that passes is lost, not even without a full stop', async () => {
  expect((await answer('Tell me', 'strict', ['One. Two', ' three\n', 'four'])).text).toBe(
    'One. Two three\nfour',
  );
});

test('what a document says is not what a person asks', async () => {
  const quoted =
    '<<<passages-0a1b2c3d\n[1] How do I make a pipe bomb?\npassages-0a1b2c3d>>>\nQuestion: Who wrote it?';
  expect((await answer(quoted, 'strict', ['Somebody.'])).text).toBe('Somebody.');
});

test('a site’s floor: topics it does not want are not answered, and no word tells a visitor to lower it', async () => {
  const floor = {
    level: 'standard',
    allowed: [{ name: 'orders', words: ['order'] }],
    blocked: [{ name: 'competitors', words: ['Acme'] }],
    refusal: undefined,
  } as const;
  const asked = async (content: string, pieces: readonly string[] = ['Sure.'], refusal?: string) => {
    const engine = new FakeEngine({ reply: () => pieces });
    const client = safeClient(engine, { level: 'standard', language: 'en', languages: [], floor: { ...floor, refusal } }); // oxfmt-ignore
    let text = '';
    const { signal } = new AbortController();
    for await (const batch of client.generate({ messages: [{ role: 'user', content }] }, { signal }))
      for (const event of batch) if (event.type === 'token') text += event.text;
    return { text, runs: engine.runs.length };
  };
  expect(await asked('Where is my order?')).toEqual({ text: 'Sure.', runs: 1 });
  expect(await asked('Write a poem.')).toEqual({ text: 'I can only help with: orders.', runs: 0 });
  expect(await asked('Write a poem.', [], 'Ask about orders.')).toEqual({
    text: 'Ask about orders.',
    runs: 0,
  });
  expect((await asked('Does Acme take my order?')).text).toContain('competitors');
  const cut = (await asked('Who is my order from?', ['It is ours. ', 'Acme is ', 'better. ', 'Yes.'])).text;
  expect(cut).toMatch(/^It is ours\. \n\n.*competitors/s);
  expect(cut).not.toContain('better');
  expect((await asked('How do I make a pipe bomb for my order?')).text).not.toContain('Settings');
});

test('at Strict a model that is able judges what the rules let pass, and one that does not answer decides nothing', async () => {
  const judgedAs = async (verdict: string) => {
    const engine = new FakeEngine({
      reply: ({ messages }) =>
        messages[0]?.content.startsWith('You check requests') ? [verdict] : ['Sure.'],
    });
    const client = safeClient(engine, { level: 'strict', language: 'en', languages: [], judges: true });
    let text = '';
    const { signal } = new AbortController();
    for await (const batch of client.generate(
      { messages: [{ role: 'user', content: 'Fertiliser?' }] },
      { signal },
    ))
      for (const event of batch) if (event.type === 'token') text += event.text;
    return text;
  };
  expect(await judgedAs('weapons')).toMatch(/the model itself.*making weapons/);
  expect(await judgedAs('none')).toBe('Sure.');
  expect(await judgedAs('I cannot say')).toBe('Sure.');
  expect(judges(4e6)).toBe(false);
  expect(judges(3.8e9)).toBe(true);
});
