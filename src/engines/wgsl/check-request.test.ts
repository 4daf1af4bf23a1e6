import { describe, expect, it } from 'vitest';
import type { ChatMessage, GenerateRequest } from '../../protocol/chat';
import { checkRequest } from './check-request';

const defaults = { temperature: 0.5, top_p: 0.95, repetition_penalty: 1.1 };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const system = (content: string): ChatMessage => ({ role: 'system', content });
const request = (change: Record<string, unknown> = {}): GenerateRequest => ({
  messages: [user('hi')],
  ...change,
});

describe('checkRequest', () => {
  it("fills in the model's own defaults", () => {
    expect(checkRequest(request(), defaults)).toEqual({
      messages: [user('hi')],
      sampler: { temperature: 0.5, topP: 0.95, repetitionPenalty: 1.1, seed: undefined },
      maxTokens: Infinity,
      stop: [],
    });
  });

  it('takes what is in range, at the edges too', () => {
    const { sampler, maxTokens, stop } = checkRequest(
      request({ temperature: 0, top_p: 1, repetition_penalty: 0.5, seed: -3, max_tokens: 1, stop: ['x'] }),
      defaults,
    );
    expect(sampler).toEqual({ temperature: 0, topP: 1, repetitionPenalty: 0.5, seed: -3 });
    expect([maxTokens, stop]).toEqual([1, ['x']]);
    expect(() => checkRequest(request({ response_format: { type: 'text' } }), defaults)).not.toThrow();
  });

  it.each([
    [{ temperature: -0.1 }, 'temperature'],
    [{ temperature: NaN }, 'temperature'],
    [{ temperature: '1' }, 'temperature'],
    [{ top_p: 0 }, 'top_p'],
    [{ top_p: 1.1 }, 'top_p'],
    [{ repetition_penalty: 0 }, 'repetition_penalty'],
    [{ seed: 1.5 }, 'seed'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: 2.5 }, 'max_tokens'],
    [{ stop: [''] }, 'stop'],
    [{ stop: 'x' }, 'stop'],
    [{ stop: [1] }, 'stop'],
    [{ response_format: { type: 'xml' } }, 'response_format'],
    [{ response_format: null }, 'response_format'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema.schema'],
    [
      { response_format: { type: 'json_schema', json_schema: { schema: [] } } },
      'response_format.json_schema.schema',
    ],
    [{ messages: [] }, 'messages'],
    [{ messages: 'hi' }, 'messages'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ messages: [{ ...user('a'), images: ['data:image/png;base64,'] }] }, 'messages[0].images'],
    [{ messages: [system('a')] }, 'messages'],
    [{ messages: [assistant('a')] }, 'messages[0].role'],
    [{ messages: [user('a'), user('b')] }, 'messages[1].role'],
    [{ messages: [user('a'), assistant('b')] }, 'messages'],
    [{ messages: [system('a'), user('b'), system('c'), user('d')] }, 'messages[2].role'],
  ])('refuses %j by its field', (change, field) => {
    expect(() => checkRequest(request(change), defaults)).toThrow(
      expect.objectContaining({ code: 'run/bad-request', details: { field } }),
    );
  });

  it('lets pictures through where the engine sees, beside a person’s words only', () => {
    const sees = { sees: true };
    const images = ['data:image/png;base64,'];
    const seen = [{ ...user('a'), images }];
    expect(checkRequest(request({ messages: seen }), defaults, sees).messages).toEqual(seen);
    const field = (messages: readonly unknown[]) => () => checkRequest(request({ messages }), defaults, sees);
    expect(field([{ ...system('a'), images }, user('b')])).toThrow(/messages\[0\]\.images cannot be seen/);
    expect(field([{ ...user('a'), images: [7] }])).toThrow(/messages\[0\]\.images should be a list/);
    expect(field([{ ...user('a'), images: 'data:' }])).toThrow(/messages\[0\]\.images should be a list/);
  });
});
