import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError, toAppError } from '../../base/errors';
import { startFaultServer, type FaultServer } from '../testing/fault-server';
import { ask, listModels } from './ask';
import { usualLimits } from './guarded-fetch';

let server: FaultServer;
let other: FaultServer;
beforeAll(async () => {
  other = await startFaultServer();
  server = await startFaultServer(new URL(other.address).origin);
});
beforeEach(() => {
  server.seen.length = 0;
  other.seen.length = 0;
});
afterAll(() => Promise.all([server.close(), other.close()]));

const key = 'sk-test-0123456789abcdef';

async function outcome(model: string, { signal = new AbortController().signal, limits = usualLimits } = {}) {
  let text = '';
  let usage: unknown;
  let finishReason: string | undefined;
  let error: AppError | undefined;
  let took: unknown;
  try {
    const request = { model, messages: [{ role: 'user', content: 'Hello?' }] } as const;
    for await (const event of ask({ address: server.address, key }, request, {
      signal,
      limits,
      onTook: (t) => (took = t),
    })) {
      if (event.type === 'text') text += event.text;
      else if (event.type === 'usage') usage = { prompt: event.prompt, completion: event.completion };
      else finishReason = event.finishReason;
    }
  } catch (thrown) {
    error = toAppError(thrown);
  }
  return { text, usage, finishReason, code: error?.code, details: error?.details, error, took };
}

describe('a question to an endpoint', () => {
  test('streams, counts and ends; the key is in its one header and no other is sent along', async () => {
    const { text, usage, finishReason, code, took } = await outcome('good');
    expect({ text, usage, finishReason, code }).toEqual({
      text: 'A good answer.',
      usage: { prompt: 7, completion: 3 },
      finishReason: 'stop',
      code: undefined,
    });
    const [seen] = server.seen;
    expect(seen?.authorization).toBe(`Bearer ${key}`);
    expect(seen?.headers.filter((name) => /stainless|openai|cookie|referer/.test(name))).toEqual([]);
    expect(seen?.body).not.toContain(key);
    expect(took).toMatchObject({ sentBytes: seen?.body.length });
    expect((await outcome('crlf')).text).toBe('A good answer.');
    expect((await outcome('length')).finishReason).toBe('length');
  });

  test.each([
    ['bad-key', 'remote/bad-key', ''],
    ['unknown', 'remote/unknown-model', ''],
    ['limit', 'remote/rate-limited', ''],
    ['broken', 'remote/failed', ''],
    ['too-long', 'run/context-full', ''],
    ['redirect', 'remote/redirected', ''],
    ['redirect-here', 'remote/redirected', ''],
    ['limit-date', 'remote/rate-limited', ''],
    ['limit-nonsense', 'remote/rate-limited', ''],
    ['wrong-type', 'remote/cut', 'Half '],
    ['bad-unicode', 'remote/bad-answer', 'Half '],
    ['html', 'remote/cut', ''],
    ['cut', 'remote/cut', 'Half an '],
    ['reset', 'remote/cut', 'Half an '],
    ['malformed', 'remote/bad-answer', 'Half '],
    ['mid-error', 'remote/failed', 'Half '],
    ['line', 'remote/bad-answer', 'Half '],
  ])('%s is %s, and what came before stays', async (model, code, text) => {
    const result = await outcome(model);
    expect({ code: result.code, text: result.text }).toEqual({ code, text });
    expect(`${result.error?.message} ${JSON.stringify(result.details)}`).not.toMatch(/sk-|Hello/);
    // Once, and nowhere else.
    expect(server.seen).toHaveLength(1);
    expect(other.seen).toEqual([]);
    if (model === 'limit') expect(result.details).toEqual({ status: 429, waitS: 7 });
    if (model === 'limit-nonsense') expect(result.details).toEqual({ status: 429 });
    if (model === 'limit-date') {
      expect(result.details?.['waitS']).toBeGreaterThan(60);
      expect(result.details?.['waitS']).toBeLessThanOrEqual(90);
    }
  });

  test('a list of models that has moved to another host is not followed there, with or without a key', async () => {
    const { signal } = new AbortController();
    const address = server.address.replace('/v1', '/moved');
    await expect(listModels({ address, key }, { signal })).rejects.toMatchObject({
      code: 'remote/redirected',
    });
    await expect(listModels({ address }, { signal })).rejects.toMatchObject({ code: 'remote/redirected' });
    expect(other.seen).toEqual([]);
  });

  test('Azure gets its version, and the key in its own header and no other', async () => {
    const address = `${new URL(server.address).origin}/openai/deployments/good?api-version=2024-10-21`;
    const { signal } = new AbortController();
    expect(await listModels({ address, key }, { signal })).toEqual(['good']);
    expect(server.seen).toEqual([]);
    let text = '';
    const request = { model: 'good', messages: [{ role: 'user', content: 'Hello?' }] } as const;
    for await (const event of ask({ address, key }, request, { signal }))
      if (event.type === 'text') text += event.text;
    expect(text).toBe('A good answer.');
    expect(server.seen).toEqual([
      expect.objectContaining({
        path: '/openai/deployments/good/chat/completions?api-version=2024-10-21',
        apiKey: key,
        authorization: undefined,
      }),
    ]);
  });

  test('a network that a person has switched off is not asked', async () => {
    const { setCut } = await import('../../ledger/switch');
    await setCut(true);
    try {
      expect(await outcome('good')).toMatchObject({ code: 'network/cut', text: '' });
      expect(server.seen).toEqual([]);
      await setCut(false);
      const during = outcome('slow');
      await expect.poll(() => server.seen.length).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await setCut(true);
      expect(await during).toMatchObject({ code: 'network/cut', text: 'Half ' });
    } finally {
      await setCut(false);
    }
  });

  test('fields of the wrong kind, and tools that it calls, are passed over', async () => {
    expect(await outcome('odd')).toMatchObject({
      text: 'Still here.',
      finishReason: 'stop',
      code: undefined,
    });
  });

  test('silence ends, before and in the midst of an answer', async () => {
    const limits = { ...usualLimits, beginMs: 150, stallMs: 150 };
    expect(await outcome('silent', { limits })).toMatchObject({ code: 'network/timeout', text: '' });
    expect(await outcome('slow', { limits })).toMatchObject({ code: 'network/timeout', text: 'Half ' });
  });

  test('stopping stops it', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect(await outcome('slow', controller)).toMatchObject({ code: 'run/aborted', text: 'Half ' });
  });

  test('an endpoint that is not there is unreachable', async () => {
    const gone = await startFaultServer();
    await gone.close();
    const { signal } = new AbortController();
    await expect(listModels({ address: gone.address }, { signal })).rejects.toMatchObject({
      code: 'remote/unreachable',
    });
  });

  test('its models are listed; without a key no header has one', async () => {
    const { signal } = new AbortController();
    const models = await listModels({ address: server.address }, { signal });
    expect(models).toContain('good');
    expect(models).not.toContain(7);
    expect(server.seen[0]?.authorization).toBeUndefined();
  });
});
