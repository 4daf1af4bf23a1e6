// The RPC end to end over a real MessageChannel: what the window calls is what the worker's handlers see.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../base/errors';
import { connectWorker, type WorkerLike } from '../client/worker-client';
import type { GenerateEvent } from '../protocol/chat';
import type { LoadedModel } from '../protocol/rpc';
import { emitInFrames, serve, type Handlers } from './rpc-server';

const info: LoadedModel = {
  choice: { engine: 'wgsl', why: 'only-one' },
  id: 'm',
  engine: 'wgsl',
  adapter: { vendor: 'v', architecture: 'a', description: 'd', isFallback: true, shaderF16: false },
  contextWindow: 8,
  vocabSize: 4,
  parameters: 1,
  weightBytes: 1,
  gpuBytes: 1,
  defaults: { temperature: 1, top_p: 1, repetition_penalty: 1 },
};

const token = (text: string): GenerateEvent => ({ type: 'token', text, tokenIds: [text.length] });
const done: GenerateEvent = { type: 'done', finishReason: 'stop' };

function base(overrides: Partial<Handlers> = {}): Handlers {
  return {
    load: () => Promise.resolve(info),
    generate: () => Promise.resolve(null),
    countTokens: () => Promise.resolve(7),
    models: () => Promise.reject(new AppError('internal/unexpected', 'not asked for here')),
    compareEngines: () => Promise.resolve({}),
    benchmark: () => Promise.reject(new AppError('internal/unexpected', 'not asked for here')),
    held: () => Promise.resolve({ gpuBytes: 1, guests: 1 }),
    unload: () => Promise.resolve(null),
    ...overrides,
  };
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A worker in all but the thread: its own port, an error event that a test can fire, terminate. */
function pair(handlers: Handlers) {
  const spawned: { fail(message?: string): void; lose(error: AppError): void; send(data: unknown): void }[] =
    [];
  const spawn = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const onError: ((event: Event) => void)[] = [];
    const worker: WorkerLike = {
      postMessage: (message) => port1.postMessage(message),
      addEventListener: (type: string, listener: (event: never) => void) => {
        if (type === 'message') port1.addEventListener('message', listener as (event: MessageEvent) => void);
        else if (type === 'error') onError.push(listener as (event: Event) => void);
        port1.start();
      },
      terminate: () => port2.close(),
    };
    const lose = serve(
      {
        postMessage: (message) => port2.postMessage(message),
        addEventListener: (_type, listener) => {
          port2.addEventListener('message', listener);
          port2.start();
        },
      },
      handlers,
    );
    spawned.push({
      fail: (message) =>
        onError.forEach((listener) =>
          listener(
            message === undefined ? new Event('error') : Object.assign(new Event('error'), { message }),
          ),
        ),
      lose,
      send: (data) => port2.postMessage(data),
    });
    return worker;
  };
  return { client: connectWorker(spawn, { appBase: 'http://app/' }), spawned };
}

const live = () => new AbortController().signal;

async function collect(events: AsyncIterable<readonly GenerateEvent[]>): Promise<GenerateEvent[]> {
  const all: GenerateEvent[] = [];
  for await (const batch of events) all.push(...batch);
  return all;
}

describe('worker RPC', () => {
  it('carries a call, its events and its answer', async () => {
    const seen: unknown[] = [];
    const { client } = pair(
      base({
        load: (body, { emit }) => {
          seen.push(body);
          emit({ phase: 'shards', loadedBytes: 1, totalBytes: 2, fraction: 0.5, fetchedBytes: 1 });
          return Promise.resolve(info);
        },
      }),
    );
    const fractions: number[] = [];
    const out = await client.load('tiny', { signal: live(), onProgress: (p) => fractions.push(p.fraction) });
    expect(out).toEqual(info);
    expect(fractions).toEqual([0.5]);
    expect(seen).toEqual([{ model: 'tiny', appBase: 'http://app/' }]);
  });

  it('starts another worker for one that stops where it makes workers of its own, and gives it the calls', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let loads = 0;
      const { client, spawned } = pair(
        base({ load: () => (++loads === 1 ? new Promise(() => undefined) : Promise.resolve(info)) }),
      );
      const heard = async (worker: number, body: boolean) => {
        spawned[worker]?.send({ v: 1, id: 0, k: 'alive', body });
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
      };
      const loading = client.load('tiny', { signal: live(), onProgress: () => undefined });
      await vi.waitFor(() => expect(loads).toBe(1), { interval: 0 });
      await heard(0, true);
      vi.advanceTimersByTime(7_000);
      await heard(0, true);
      vi.advanceTimersByTime(7_000);
      expect(spawned).toHaveLength(1);
      vi.advanceTimersByTime(1_000);
      expect(spawned).toHaveLength(2);
      expect(await loading).toEqual(info);
      await heard(1, true);
      await heard(1, false);
      vi.advanceTimersByTime(60_000);
      expect(spawned).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps class, code, details and retryable of an error', async () => {
    const { client } = pair(
      base({
        load: () =>
          Promise.reject(
            new AppError('storage/quota', 'full', { details: { neededBytes: 5 }, retryable: true }),
          ),
      }),
    );
    const error = await client.load('m', { signal: live(), onProgress: () => {} }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'storage/quota', details: { neededBytes: 5 }, retryable: true });
  });

  it('streams batches in order and loses none', async () => {
    const { client } = pair(
      base({
        generate: async (_request, { emit }) => {
          async function* events() {
            for (let i = 0; i < 100; i++) {
              yield token(String(i));
              if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
            }
            yield done;
          }
          await emitInFrames(events(), emit);
          return null;
        },
      }),
    );
    const all = await collect(client.generate({ messages: [] }, { signal: live() }));
    expect(all.slice(0, 100).map((e) => e.type === 'token' && e.text)).toEqual(
      Array.from({ length: 100 }, (_, i) => String(i)),
    );
    expect(all.at(-1)).toEqual(done);
  });

  it('aborting the signal reaches the handler and the run ends as the handler ends it', async () => {
    const { client } = pair(
      base({
        generate: async (_request, { signal, emit }) => {
          emit([token('a')]);
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          emit([{ type: 'done', finishReason: 'cancelled' }]);
          return null;
        },
      }),
    );
    const controller = new AbortController();
    const all: GenerateEvent[] = [];
    for await (const batch of client.generate({ messages: [] }, { signal: controller.signal })) {
      all.push(...batch);
      controller.abort();
    }
    expect(all.at(-1)).toEqual({ type: 'done', finishReason: 'cancelled' });
  });

  it('a signal that is aborted before the start ends as cancelled and calls nothing', async () => {
    const generate = vi.fn(() => Promise.resolve(null));
    const { client } = pair(base({ generate }));
    const all = await collect(client.generate({ messages: [] }, { signal: AbortSignal.abort() }));
    expect(all).toEqual([{ type: 'done', finishReason: 'cancelled' }]);
    expect(generate).not.toHaveBeenCalled();
  });

  it('leaving the loop early cancels the run in the worker', async () => {
    let aborted = false;
    const { client } = pair(
      base({
        generate: async (_request, { signal, emit }) => {
          emit([token('a')]);
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          aborted = true;
          return null;
        },
      }),
    );
    for await (const _batch of client.generate({ messages: [] }, { signal: live() })) break;
    expect(aborted).toBe(true);
  });

  it('a crashed worker rejects every pending call, tells listeners and is replaced at the next call', async () => {
    let loads = 0;
    const { client, spawned } = pair(
      base({ load: () => (++loads === 1 ? new Promise(() => {}) : Promise.resolve(info)) }),
    );
    const lost: string[] = [];
    client.onLost((error) => lost.push(error.code));
    const first = client.load('m', { signal: live(), onProgress: () => {} });
    await vi.waitFor(() => expect(loads).toBe(1));
    spawned[0]?.fail('boom');
    await expect(first).rejects.toMatchObject({ code: 'worker/crashed', retryable: true });
    expect(lost).toEqual(['worker/crashed']);
    await expect(client.load('m', { signal: live(), onProgress: () => {} })).resolves.toEqual(info);
    expect(spawned).toHaveLength(2);
  });

  it('tells a script that is gone from a worker that crashed', async () => {
    const { client, spawned } = pair(base());
    const load = client.load('m', { signal: live(), onProgress: () => {} });
    spawned[0]?.fail();
    await expect(load).rejects.toMatchObject({ code: 'worker/outdated' });
  });

  it('reports a device loss outside any call', async () => {
    const { client, spawned } = pair(base());
    await client.countTokens([]);
    const lost = new Promise<AppError>((resolve) => client.onLost(resolve));
    spawned[0]?.lose(new AppError('gpu/device-lost', 'gone'));
    await expect(lost).resolves.toMatchObject({ code: 'gpu/device-lost' });
  });

  it('a worker of another version is a typed error, not silence', async () => {
    const { client, spawned } = pair(base({ countTokens: () => new Promise(() => {}) }));
    const count = client.countTokens([]);
    spawned[0]?.send({ v: 2, id: 0, k: 'hello' });
    await expect(count).rejects.toMatchObject({ code: 'worker/protocol-mismatch' });
  });

  it('ignores messages that are not of the protocol', async () => {
    const { client, spawned } = pair(base());
    const count = client.countTokens([]);
    for (const junk of [null, 'x', 3, {}, { v: 1, id: 'a', k: 'ok' }, { v: 1, id: 1, k: 'nonsense' }])
      spawned[0]?.send(junk);
    await expect(count).resolves.toBe(7);
  });

  it('a disposed client refuses further calls', async () => {
    const { client } = pair(base());
    client.dispose();
    await expect(client.countTokens([])).rejects.toBeInstanceOf(AppError);
  });
});

describe('emitInFrames', () => {
  it('sends the first event at once and the rest at most once a frame', async () => {
    const sizes: number[] = [];
    async function* events() {
      for (let i = 0; i < 50; i++) {
        yield token('x');
        await Promise.resolve();
      }
    }
    await emitInFrames(events(), (batch) => sizes.push(batch.length));
    expect(sizes[0]).toBe(1);
    expect(sizes.reduce((a, b) => a + b)).toBe(50);
    expect(sizes.length).toBeLessThan(10);
  });

  it('hands on what it has when the source throws', async () => {
    const texts: string[] = [];
    async function* events() {
      yield token('a');
      yield token('b');
      await Promise.resolve();
      throw new AppError('gpu/device-lost', 'gone');
    }
    const run = emitInFrames(events(), (batch) =>
      batch.forEach((e) => e.type === 'token' && texts.push(e.text)),
    );
    await expect(run).rejects.toMatchObject({ code: 'gpu/device-lost' });
    expect(texts).toEqual(['a', 'b']);
  });
});
