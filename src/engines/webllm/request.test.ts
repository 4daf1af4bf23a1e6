import type { CompletionUsage } from '@mlc-ai/web-llm';
import { expect, test } from 'vitest';
import { toFinish, toUsage, toWebLlmRequest } from './request';

test('a request in WebLLM’s shape', () => {
  const request = toWebLlmRequest(
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is this?', images: ['data:image/png;base64,AA=='] },
      ],
      temperature: 0,
      seed: 7,
      max_tokens: 5,
      stop: ['END'],
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    },
    { seesImages: true },
  );
  expect(request).toEqual({
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
    ],
    temperature: 0,
    seed: 7,
    max_tokens: 5,
    stop: ['END'],
    response_format: { type: 'json_object', schema: '{"type":"object"}' },
  });
});

test.each([
  ['a picture for a model without eyes', 'user', 'data:image/png;base64,AA==', false],
  ['a picture from the network', 'user', 'https://example.org/cat.png', true],
  ['a page posing as a picture', 'user', 'data:text/html;base64,AA==', true],
  ['a picture in an answer', 'assistant', 'data:image/png;base64,AA==', true],
] as const)('%s is refused', (_, role, url, seesImages) => {
  const messages = [{ role, content: 'x', images: [url] }];
  expect(() => toWebLlmRequest({ messages }, { seesImages })).toThrow(
    expect.objectContaining({ code: 'run/bad-request' }) as Error,
  );
});

test('usage counts the whole prompt, though WebLLM reports only what it had to read', () => {
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 10,
    total_tokens: 15,
    extra: { prefill_tokens_per_s: 100, decode_tokens_per_s: 20 },
  } as CompletionUsage;
  expect(toUsage(usage, 25, 123)).toEqual({
    prompt_tokens: 25,
    completion_tokens: 10,
    total_tokens: 35,
    cached_tokens: 20,
    ttft_ms: 123,
    prefill_tokens_per_s: 100,
    decode_tokens_per_s: 20,
  });
  const nothing = { ...usage, completion_tokens: 1, extra: { ...usage.extra, prefill_tokens_per_s: NaN } };
  expect(toUsage(nothing, 0, 1)).toMatchObject({
    prompt_tokens: 5,
    prefill_tokens_per_s: 0,
    decode_tokens_per_s: 0,
  });
});

test.each([
  ['stop', false, 5, undefined, { finishReason: 'stop' }],
  ['length', false, 5, 5, { finishReason: 'length' }],
  ['length', false, 5, 9, { finishReason: 'length', contextFull: true }],
  ['length', false, 5, undefined, { finishReason: 'length', contextFull: true }],
  ['abort', false, 5, undefined, { finishReason: 'cancelled' }],
  ['stop', true, 5, undefined, { finishReason: 'cancelled' }],
] as const)('%s, cancelled %s, after %i of %s tokens', (reason, cancelled, count, most, finish) => {
  expect(toFinish(reason, cancelled, count, most)).toEqual(finish);
});
