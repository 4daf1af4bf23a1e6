// Tabs of one origin and the one engine that they share: real lines and hubs over a bus and locks that work as the
// browser's, an engine that writes the same words for the same request.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../base/errors';
import type { LentModel } from '../base/lent-model';
import type { EngineClient } from '../client/client';
import { FakeEngine, fakeInfo } from '../client/fake-engine';
import type { GenerateEvent, GenerateRequest } from '../protocol/chat';
import type { Bus } from './bus';
import { Lane } from './lane';
import { shareEngine, type Locks } from './shared-engine';

const words = ['one ', 'two ', 'three ', 'four ', 'five ', 'six '];

/** Writes the words by turns that a test gives it, and goes on from the ids that an answer has. */
class Writer extends FakeEngine {
  readonly pauses: (() => void)[] = [];
  running = 0;
  most = 0;

  override async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<readonly GenerateEvent[]> {
    this.running++;
    this.most = Math.max(this.most, this.running);
    try {
      const last = request.messages.at(-1);
      const begun = last?.role === 'assistant' ? (last.tokenIds?.length ?? 0) : 0;
      for (let at = begun; at < words.length; at++) {
        await new Promise<void>((resolve) => {
          this.pauses.push(resolve);
          signal.addEventListener('abort', () => {
            this.pauses.splice(this.pauses.indexOf(resolve), 1);
            resolve();
          });
        });
        if (signal.aborted) {
          yield [{ type: 'done', finishReason: 'cancelled' }];
          return;
        }
        yield [{ type: 'token', text: words[at] ?? '', tokenIds: [at] }];
      }
      yield [{ type: 'done', finishReason: 'stop' }];
    } finally {
      this.running--;
    }
  }
}

/** A browser's locks and channel, for tabs that can be killed. */
class Origin {
  readonly #queues = new Map<string, { tab: object; grant: () => void }[]>();
  readonly #buses = new Map<object, (event: { readonly data: unknown }) => void>();
  readonly #dead = new WeakSet();

  tab() {
    const tab = {};
    const engine = new Writer({ info: { ...fakeInfo, abilities: ['continue'] } });
    const locks = {
      request: (name: string, _options: unknown, act: () => unknown) => {
        const queue = this.#queues.get(name) ?? [];
        this.#queues.set(name, queue);
        return new Promise((resolve) => {
          const grant = (): void =>
            void Promise.resolve(act()).then((value) => {
              this.#release(name, entry);
              resolve(value);
            });
          const entry = { tab, grant };
          queue.push(entry);
          if (queue.length === 1) grant();
        });
      },
    } as unknown as Locks;
    const openBus = (): Bus => ({
      postMessage: (data) => {
        if (this.#dead.has(tab)) return;
        for (const [other, listener] of this.#buses)
          if (other !== tab)
            queueMicrotask(() => !this.#dead.has(other) && listener({ data: structuredClone(data) }));
      },
      addEventListener: (_, listener) => this.#buses.set(tab, listener),
      close: () => this.#buses.delete(tab),
    });
    const client = shareEngine({ own: () => engine, appBase: 'https://phield.example/', locks, openBus });
    return { client, engine, kill: () => this.#kill(tab) };
  }

  #release(name: string, entry: object): void {
    const queue = this.#queues.get(name) ?? [];
    const first = queue[0] === entry;
    queue.splice(
      queue.findIndex((one) => one === entry),
      1,
    );
    if (first) queue[0]?.grant();
  }

  #kill(tab: object): void {
    this.#dead.add(tab);
    this.#buses.delete(tab);
    for (const [name, queue] of this.#queues)
      for (const entry of queue.filter((one) => one.tab === tab)) this.#release(name, entry);
  }
}

const clients: EngineClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.dispose()));

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const never = (): AbortSignal => new AbortController().signal;
const quiet = { signal: never(), onProgress: () => {} };

function open(origin: Origin) {
  const tab = origin.tab();
  clients.push(tab.client);
  return tab;
}

/** Collects an answer while it is written. */
function ask(client: EngineClient, change: Partial<GenerateRequest> = {}, signal = never()) {
  const answer = { text: '', finish: '', error: undefined as unknown, ended: Promise.resolve() };
  const request = { messages: [{ role: 'user' as const, content: 'Count.' }], ...change };
  answer.ended = (async () => {
    try {
      for await (const batch of client.generate(request, { signal }))
        for (const event of batch) {
          if (event.type === 'token') answer.text += event.text;
          if (event.type === 'done') answer.finish = event.finishReason;
        }
    } catch (thrown) {
      answer.error = thrown;
    }
  })();
  return answer;
}

async function step(engine: Writer, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await settle();
    engine.pauses.shift()?.();
  }
  await settle();
}

async function two() {
  const origin = new Origin();
  const [first, second] = [open(origin), open(origin)];
  await first.client.load('m', quiet);
  await second.client.load('m', quiet);
  return { origin, first, second };
}

describe('tabs of one origin', () => {
  it('hold one engine, loaded once', async () => {
    const { first, second } = await two();
    expect([first.engine.loads, second.engine.loads]).toEqual([['m'], []]);
  });

  it('are told the bytes of the one engine, by whom it serves, and which of them has it', async () => {
    const { origin, first, second } = await two();
    const third = open(origin);
    await third.client.load('m', quiet);
    // As while an answer runs, which may take minutes.
    const answer = ask(second.client);
    await step(first.engine, 1);
    first.engine.memory = { gpuBytes: 4096, guests: 1, here: true };
    const all = await Promise.all([first, second, third].map(({ client }) => client.held()));
    expect(all).toEqual([
      { gpuBytes: 4096, guests: 3, here: true },
      { gpuBytes: 4096, guests: 3, here: false },
      { gpuBytes: 4096, guests: 3, here: false },
    ]);
    first.kill();
    await settle();
    expect(await second.client.held()).toMatchObject({ guests: 1, here: true });
    await third.client.countTokens([]);
    expect(await third.client.held()).toMatchObject({ guests: 2, here: false });
    await step(second.engine, 6);
    await answer.ended;
  });

  it('tell whoever has the engine where a model lies that only they can reach', async () => {
    const { first, second } = await two();
    const lent: LentModel = {
      base: 'https://models.example/big/',
      manifest: { name: 'tensor-cache.json', text: '{}' },
      texts: new Map([['tokenizer.json', '{}']]),
      parts: new Map([['shard', [{ offset: 0, length: 1, sum: 'x' }]]]),
      directory: {},
    };
    const load = vi.spyOn(first.engine, 'load');
    await second.client.load('big', { ...quiet, lent });
    expect(load.mock.lastCall?.[1]).toMatchObject({ lent });
    // Also when the engine has to load it anew for them.
    await first.client.load('m', quiet);
    const answer = ask(second.client);
    await step(first.engine, 6);
    await answer.ended;
    expect(load.mock.lastCall?.[1]).toMatchObject({ lent });
  });

  it('are answered one after the other, each by what it can stop', async () => {
    const { first, second } = await two();
    const stop = new AbortController();
    const [a, b] = [ask(first.client), ask(second.client, {}, stop.signal)];
    await step(first.engine, 2);
    expect([a.text, b.text]).toEqual(['one two ', '']);
    stop.abort();
    await b.ended;
    expect(b.finish).toBe('cancelled');
    await step(first.engine, 4);
    await a.ended;
    expect([a.text, a.finish]).toEqual([words.join(''), 'stop']);
    const c = ask(second.client);
    await step(first.engine, 6);
    await c.ended;
    expect(c.text).toBe(words.join(''));
    expect([first.engine.most, second.engine.most]).toEqual([1, 0]);
  });

  it('end their own answers alone: the other’s goes on', async () => {
    const { first, second } = await two();
    const b = ask(second.client);
    await step(first.engine, 2);
    second.kill();
    await settle();
    const a = ask(first.client);
    await step(first.engine, 6);
    await a.ended;
    expect(a.text).toBe(words.join(''));
    expect(b.text).toBe('one two ');
  });

  it('take over when the one with the engine dies: the answer goes on, its words those of an undisturbed one', async () => {
    const { first, second } = await two();
    const answer = ask(second.client, { max_tokens: 20 });
    await step(first.engine, 3);
    expect(answer.text).toBe('one two three ');
    first.kill();
    await step(second.engine, 6);
    await answer.ended;
    expect([answer.text, answer.finish, answer.error]).toEqual([words.join(''), 'stop', undefined]);
    expect(second.engine.loads).toEqual(['m']);
  });

  it('hear when the engine itself is lost', async () => {
    const { first, second } = await two();
    const heard: string[] = [];
    second.client.onLost(({ code }) => heard.push(code));
    first.engine.lose(new AppError('gpu/device-lost', 'Gone.'));
    await settle();
    expect(heard).toEqual(['gpu/device-lost']);
    await second.client.load('m', quiet);
    expect(first.engine.loads).toEqual(['m', 'm']);
  });

  it('with two models are each answered by their own', async () => {
    const { first, second } = await two();
    await second.client.load('other', quiet);
    const a = ask(first.client);
    await step(first.engine, 6);
    await a.ended;
    expect(a.finish).toBe('stop');
    expect(first.engine.loads).toEqual(['m', 'other', 'm']);
  });

  it('that know no locks have an engine each', async () => {
    const engine = new Writer();
    const client = shareEngine({
      own: () => engine,
      appBase: 'https://phield.example/',
      locks: undefined,
      openBus: () => {
        throw new Error('There is none.');
      },
    });
    clients.push(client);
    await client.load('m', quiet);
    expect(engine.loads).toEqual(['m']);
  });

  it('do not mix an answer of a format with what another engine begins anew', async () => {
    const { first, second } = await two();
    const answer = ask(second.client, { response_format: { type: 'json_object' } });
    await step(first.engine, 1);
    first.kill();
    await settle();
    await answer.ended;
    expect(answer.error).toMatchObject({ code: 'worker/crashed', retryable: true });
  });
});

describe('a load that two tabs wait for', () => {
  it('is one, and goes on for the one that stays', async () => {
    const origin = new Origin();
    const [first, second] = [open(origin), open(origin)];
    first.engine.nextLoad = 'hold';
    const cancel = new AbortController();
    const one = first.client.load('m', { ...quiet, signal: cancel.signal });
    await settle();
    const stay = new AbortController();
    const other = second.client.load('m', { ...quiet, signal: stay.signal });
    await settle();
    const ended: string[] = [];
    for (const load of [one, other]) load.catch(({ code }: AppError) => ended.push(code));
    cancel.abort();
    await settle();
    expect(first.engine.loads).toEqual(['m']);
    expect(ended).toEqual(['run/aborted']);
    stay.abort();
    await expect(other).rejects.toMatchObject({ code: 'run/aborted' });
  });
});

describe('the lane', () => {
  it('takes guests in turn, whoever has asked for more', async () => {
    const lane = new Lane();
    const order: string[] = [];
    const job = (guest: string, name: string) =>
      lane.run(guest, never(), async () => {
        await settle();
        order.push(name);
      });
    await Promise.all([job('a', 'a1'), job('a', 'a2'), job('a', 'a3'), job('b', 'b1'), job('b', 'b2')]);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('goes on after a job that fails', async () => {
    const lane = new Lane();
    const failing = lane.run('a', never(), () => Promise.reject(new Error('no')));
    const next = lane.run('b', never(), () => Promise.resolve(7));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe(7);
  });
});
