// @vitest-environment node
import { generateObject, generateText, jsonSchema, streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import { HostGrants } from '../../chat/settings/host-grants';
import { FakeEngine } from '../../client/fake-engine';
import { RateLimit, readHostMessage, type FrameMessage } from '../../protocol/widget';
import { HostCompletions } from '../host/completions';
import { phield } from './ai-sdk';
import { completionsOver } from './completions';

const origin = 'https://shop.example';
const messages = [{ role: 'user', content: 'Hi' }] as const;

/** On a busy machine too. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

/** Both ends of the line: the host's completions, the frame's, and an engine that says what it is told. */
function setUp({
  allowed = true,
  limit = 100,
  reply = ['Hel', 'lo'],
}: { allowed?: boolean; limit?: number; reply?: string[] | undefined } = {}) {
  const grants = new HostGrants(undefined);
  if (allowed) grants.allow(origin);
  const engine = new FakeEngine(reply.length > 0 ? { reply: () => reply } : {});
  const hearers = new Set<(message: FrameMessage) => void>();
  const told: FrameMessage[] = [];
  const frame = new HostCompletions({
    send: (message) => {
      told.push(message);
      for (const hear of hearers) hear(message);
    },
    origin,
    grants,
    engine: () => Promise.resolve(engine),
    model: () => 'phield-tiny',
    limit: new RateLimit(limit, 60_000),
  });
  const line = new AbortController();
  const completions = completionsOver({
    start: () => {},
    post: (message) => {
      const read = readHostMessage(structuredClone(message));
      if (read?.type === 'complete') void frame.complete(read.id, read.request);
      if (read?.type === 'stop') frame.stop(read.id);
    },
    listen: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    isWelcome: () => true,
    gone: () => line.signal,
  });
  return { completions, engine, frame, grants, hearers, line, told };
}

describe('the person’s model for a page', () => {
  it('answers in OpenAI’s shape, whole and as a stream', async () => {
    const { completions, engine, hearers } = setUp();
    expect(await completions.create({ messages, temperature: 0 })).toMatchObject({
      object: 'chat.completion',
      model: 'phield-tiny',
      choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
      usage: { total_tokens: expect.any(Number) },
    });
    const chunks = [];
    for await (const chunk of await completions.create({ messages, stream: true })) chunks.push(chunk);
    expect(chunks.map(({ choices: [{ delta }] }) => delta)).toEqual([
      { role: 'assistant', content: 'Hel' },
      { content: 'lo' },
      {},
    ]);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(engine.runs[0]?.request.messages).toEqual([
      { role: 'system', content: `Asked by the page ${origin}.` },
      { role: 'user', content: 'Hi' },
    ]);
    expect(hearers.size).toBe(0);
  });

  it('is asked for once, of the person: yes is remembered, no is not asked again', async () => {
    const { completions, frame, told } = setUp({ allowed: false });
    const first = completions.create({ messages });
    await eventually(() => frame.getState()).toBe('asking');
    expect(told).toEqual([{ type: 'asking' }]);
    frame.answer(true);
    expect((await first).choices[0].message.content).toBe('Hello');
    await completions.create({ messages });
    expect(told.filter(({ type }) => type === 'asking')).toHaveLength(1);

    const other = setUp({ allowed: false });
    const refused = other.completions.create({ messages });
    await eventually(() => other.frame.getState()).toBe('asking');
    other.frame.answer(false);
    await expect(refused).rejects.toMatchObject({ code: 'completion/not-permitted' });
    await expect(other.completions.create({ messages })).rejects.toMatchObject({
      code: 'completion/not-permitted',
    });
    expect(other.told.filter(({ type }) => type === 'asking')).toHaveLength(1);
    expect(other.engine.runs).toHaveLength(0);
  });

  it('stops when the page says so, when leave is taken back, and when the frame goes', async () => {
    const { completions, engine, frame, grants, line } = setUp({ reply: [] });
    const begin = async (signal?: AbortSignal) => {
      const runs = engine.runs.length;
      const created = completions.create({ messages, stream: true }, signal && { signal });
      await eventually(() => engine.runs.length).toBe(runs + 1);
      const run = engine.runs.at(-1);
      // As an engine does.
      run?.signal.addEventListener('abort', () => run.end('cancelled'));
      run?.say('One');
      const stream = (await created)[Symbol.asyncIterator]();
      await stream.next();
      return stream;
    };
    const isIdle = () => eventually(() => frame.getState()).toBe('idle');

    const controller = new AbortController();
    const stopped = await begin(controller.signal);
    controller.abort();
    await expect(stopped.next()).rejects.toThrow(/abort/i);
    await isIdle();
    expect(engine.runs[0]?.signal.aborted).toBe(true);

    const revoked = await begin();
    grants.revoke(origin);
    await expect(revoked.next()).rejects.toMatchObject({ code: 'run/aborted' });
    await isIdle();

    grants.allow(origin);
    const left = await begin();
    line.abort(new Error('The chat was closed.'));
    await expect(left.next()).rejects.toThrow('The chat was closed.');
    await isIdle();
  });

  it('answers who stops a request and asks anew at once, before the first has ended', async () => {
    const { completions, engine } = setUp({ reply: [] });
    const controller = new AbortController();
    const first = completions.create({ messages }, { signal: controller.signal });
    await eventually(() => engine.runs.length).toBe(1);
    controller.abort();
    await expect(first).rejects.toThrow(/abort/i);
    const second = completions.create({ messages });
    engine.runs[0]?.end('cancelled');
    await eventually(() => engine.runs.length).toBe(2);
    engine.runs[1]?.say('Yes');
    engine.runs[1]?.end();
    expect((await second).choices[0].message.content).toBe('Yes');
  });

  it('never runs a request that was stopped while it waited for the one before to end', async () => {
    const { completions, engine, frame } = setUp({ reply: [] });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = completions.create({ messages }, { signal: first.signal });
    await eventually(() => engine.runs.length).toBe(1);
    first.abort();
    await expect(running).rejects.toThrow(/abort/i);
    const waiting = completions.create({ messages }, { signal: second.signal });
    second.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    engine.runs[0]?.end('cancelled');
    await eventually(() => frame.getState()).toBe('idle');
    const third = completions.create({ messages });
    await eventually(() => engine.runs.length).toBe(2);
    engine.runs[1]?.end();
    await third;
    expect(engine.runs).toHaveLength(2);
  });

  it('takes one request at a time, not too many, and none that is wrong', async () => {
    const { completions, engine } = setUp({ reply: [], limit: 2 });
    const running = completions.create({ messages });
    await eventually(() => engine.runs.length).toBe(1);
    await expect(completions.create({ messages })).rejects.toMatchObject({ code: 'completion/busy' });
    engine.runs[0]?.end();
    await running;
    await expect(completions.create({ messages: [] })).rejects.toMatchObject({
      code: 'completion/bad-request',
    });
    await expect(completions.create({ messages })).rejects.toMatchObject({
      code: 'completion/rate-limited',
    });
  });
});

describe('with the Vercel AI SDK', () => {
  it('generates, streams, and holds to a schema', async () => {
    const { completions } = setUp();
    const model = phield(completions);
    const { text, usage } = await generateText({ model, prompt: 'Hi', temperature: 0, maxRetries: 0 });
    expect(text).toBe('Hello');
    expect(usage.totalTokens).toBeGreaterThan(0);
    let streamed = '';
    for await (const piece of streamText({ model, prompt: 'Hi' }).textStream) streamed += piece;
    expect(streamed).toBe('Hello');

    const json = setUp({ reply: ['{"ok":', 'true}'] });
    const schema = jsonSchema<{ ok: boolean }>({
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
    });
    const { object } = await generateObject({ model: phield(json.completions), schema, prompt: 'Well?' });
    expect(object).toEqual({ ok: true });
    expect(json.engine.runs[0]?.request.response_format).toMatchObject({ type: 'json_schema' });
  });

  it('says why there is no answer', async () => {
    const { completions, grants } = setUp();
    grants.revoke(origin);
    const asked = generateText({
      model: phield(completions),
      prompt: 'x',
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(50),
    });
    await expect(asked).rejects.toThrow();
  });
});
