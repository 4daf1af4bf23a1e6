import { describe, expect, it } from 'vitest';
import { completionLimits, readCompletion } from './completions';

const origin = 'https://shop.example';
const read = (data: unknown) => readCompletion(data, origin);
const hello = [{ role: 'user', content: 'Hi' }];
const deep = (levels: number): object => (levels === 0 ? {} : { items: deep(levels - 1) });

describe('what a page asks of the model', () => {
  it('is read as the engine takes it, with the page’s name before anything of the page’s', () => {
    expect(
      read({
        model: 'gpt-4',
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'One ' },
              { type: 'text', text: 'and' },
            ],
          },
          { role: 'user', content: 'two' },
        ],
        temperature: 0.5,
        top_p: 0.9,
        seed: 7,
        max_completion_tokens: 20,
        stop: 'END',
        stream: true,
        user: 'somebody',
      }),
    ).toEqual({
      request: {
        messages: [
          { role: 'system', content: 'Asked by the page https://shop.example.\n\nBe brief.' },
          { role: 'user', content: 'One and\n\ntwo' },
        ],
        temperature: 0.5,
        top_p: 0.9,
        seed: 7,
        max_tokens: 20,
        stop: ['END'],
      },
    });
  });

  it('has an answer’s length bounded, asked for or not', () => {
    expect(read({ messages: hello })).toMatchObject({ request: { max_tokens: completionLimits.tokens } });
    expect(read({ messages: hello, max_tokens: 900_000 })).toMatchObject({
      request: { max_tokens: completionLimits.tokens },
    });
  });

  it('may be held to a schema, which is copied and not shared', () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    expect(
      read({ messages: hello, response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }),
    ).toMatchObject({ request: { response_format: { type: 'json_schema', json_schema: { schema } } } });
  });

  it.each([
    ['nothing', undefined],
    ['no messages', { messages: [] }],
    ['too many messages', { messages: Array.from({ length: 101 }, () => hello[0]) }],
    ['too much text', { messages: [{ role: 'user', content: 'x'.repeat(completionLimits.text + 1) }] }],
    ['a role that is not one', { messages: [{ role: 'tool', content: 'x' }] }],
    ['a role of an object’s own', { messages: [{ role: 'constructor', content: 'x' }] }],
    ['a picture', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }],
    ['an assistant last', { messages: [...hello, { role: 'assistant', content: 'Hello' }] }],
    ['a system message in between', { messages: [...hello, { role: 'system', content: 'x' }, ...hello] }],
    ['tools', { messages: hello, tools: [] }],
    ['several answers', { messages: hello, n: 2 }],
    ['a temperature out of range', { messages: hello, temperature: 3 }],
    ['a number that is none', { messages: hello, top_p: NaN }],
    ['half a seed', { messages: hello, seed: 1.5 }],
    ['five stops', { messages: hello, stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['an unknown format', { messages: hello, response_format: { type: 'grammar' } }],
    [
      'a schema too deep',
      { messages: hello, response_format: { type: 'json_schema', json_schema: { schema: deep(30) } } },
    ],
    [
      'a schema too large',
      {
        messages: hello,
        response_format: { type: 'json_schema', json_schema: { schema: { title: 'x'.repeat(20_000) } } },
      },
    ],
  ])('is refused with a sentence: %s', (_, data) => {
    expect(read(data)).toEqual({ problem: expect.stringMatching(/\.$/) });
  });
});
