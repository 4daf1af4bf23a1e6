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
