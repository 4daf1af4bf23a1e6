import { afterAll, beforeAll, expect, test } from 'vitest';
import { toAppError } from '../base/errors';
import type { FromRemote } from '../protocol/remote';
import { serveRemote } from './frame/serve';
import { Door, type Frame } from './door';
import { startFaultServer, type FaultServer } from './testing/fault-server';

let server: FaultServer;
beforeAll(async () => (server = await startFaultServer()));
afterAll(() => server.close());

/** Both ends over a real channel; only the browser's policy is made up. */
function loader(bound: boolean, seen: string[] = []): () => Promise<Frame> {
  return () => {
    const { port1, port2 } = new MessageChannel();
    serveRemote(
      {
        postMessage: (message: FromRemote) => port2.postMessage(message),
        addEventListener: (type, listener) => port2.addEventListener(type, listener),
      },
      {
        bind: (origin) => {
          seen.push(origin);
          return Promise.resolve(bound);
        },
      },
    );
    port2.start();
    return Promise.resolve({
      port: port1,
      remove: () => {
        port1.close();
        port2.close();
      },
    });
  };
}

async function answer(door: Door, model: string, values = new Map<string, string>(), content = 'Hi') {
  const { signal } = new AbortController();
  let text = '';
  const kinds = new Set<string>();
  try {
    const request = { model, messages: [{ role: 'user', content }] } as const;
    for await (const batch of door.ask({ request, values }, { signal }))
      for (const event of batch) {
        kinds.add(event.type);
        if (event.type === 'token') text += event.text;
      }
  } catch (thrown) {
    return { text, code: toAppError(thrown).code };
  }
  return { text, kinds: [...kinds] };
}

test('an answer comes through, with its figures, and what placeholders stood for', async () => {
  const bound: string[] = [];
  const took: unknown[] = [];
  const door = new Door({ address: server.address }, loader(true, bound), (one) => took.push(one));
  expect(await answer(door, 'echo', new Map([['[NAME_1]', 'Ana']]), 'I am [NAME_1]')).toEqual({
    text: 'You said: I am Ana',
    kinds: ['token', 'usage', 'done'],
  });
  expect(server.seen.at(-1)?.body).not.toContain('Ana');
  // One frame, one host, however often it is asked.
  expect(await answer(door, 'cut')).toEqual({ text: 'Half an ', code: 'remote/cut' });
  expect(bound).toEqual([new URL(server.address).origin]);
  expect(took).toHaveLength(2);
  expect(await door.models(new AbortController())).toContain('good');
  door.close();
});

test('where the policy does not hold nothing is sent', async () => {
  const before = server.seen.length;
  const door = new Door({ address: server.address, key: 'k' }, loader(false));
  expect(await answer(door, 'good')).toEqual({ text: '', code: 'remote/not-held' });
  expect(server.seen).toHaveLength(before);
  door.close();
});

test('a frame that is opened for one host is not opened for another', async () => {
  const { port1, port2 } = new MessageChannel();
  const bound: string[] = [];
  serveRemote(
    {
      postMessage: (message: FromRemote) => port2.postMessage(message),
      addEventListener: (type, listener) => port2.addEventListener(type, listener),
    },
    {
      bind: (origin) => {
        bound.push(origin);
        return Promise.resolve(true);
      },
    },
  );
  port2.start();
  const heard = new Promise((resolve) => port1.addEventListener('message', ({ data }) => resolve(data)));
  port1.start();
  for (const address of ['https://one.example/v1', 'https://two.example/v1'])
    port1.postMessage({ k: 'open', address });
  expect(await heard).toEqual({ k: 'opened' });
  expect(bound).toEqual(['https://one.example']);
  port1.close();
  port2.close();
});
