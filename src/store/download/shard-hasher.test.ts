// @vitest-environment jsdom
// The thread for hashes, with its script as it is at the other end of a real channel.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalHasher } from '../disk/hashing';

const large = 5 * 2 ** 20;
const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 251);

/** Fresh modules: the thread is one of the whole worker's. */
async function start(): Promise<typeof import('./shard-hasher')> {
  vi.resetModules();
  await import('./hash-worker');
  return import('./shard-hasher');
}

const channels: MessageChannel[] = [];
function channel(): MessageChannel {
  const made = new MessageChannel();
  channels.push(made);
  return made;
}

/** As the page does it. */
function connected(): MessagePort {
  const { port1, port2 } = channel();
  dispatchEvent(Object.assign(new Event('message'), { ports: [port1] }));
  return port2;
}

beforeEach(() => vi.useRealTimers());
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

describe('a larger shard', () => {
  it('is hashed by the thread that the page made, one for all', async () => {
    const { createShardHasher, hashThreadFrom } = await start();
    const ask = vi.fn(() => Promise.resolve(connected()));
    hashThreadFrom(ask);
    const local = await createLocalHasher();
    local.update(bytes);
    const [one, other] = [await createShardHasher(large), await createShardHasher(large)];
    await one.update(bytes.slice(0, 40_000));
    await other.update(bytes.slice(0, 5));
    await one.update(bytes.slice(40_000));
    expect(await one.digest()).toEqual(local.digest());
    other.drop();
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('whose thread ends is an error, not a wait for ever; the next one has a new thread', async () => {
    const { createShardHasher, hashThreadEnded, hashThreadFrom } = await start();
    const silent = channel();
    const ports = [silent.port2, connected()];
    hashThreadFrom(() => Promise.resolve(ports.shift()!));
    const coming = createShardHasher(large);
    silent.port1.postMessage({ ready: true });
    const hasher = await coming;
    const update = hasher.update(bytes);
    hashThreadEnded();
    await expect(update).rejects.toMatchObject({ code: 'internal/unexpected', retryable: true });
    const next = await createShardHasher(large);
    await next.update(bytes);
    expect((await next.digest()).sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is hashed here where the thread says no word', async () => {
    const { createShardHasher, hashThreadFrom } = await start();
    hashThreadFrom(() => Promise.resolve(channel().port2));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const coming = createShardHasher(large);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    const hasher = await coming;
    await hasher.update(bytes);
    expect((await hasher.digest()).sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('a small shard asks for no thread', async () => {
  const { createShardHasher, hashThreadFrom } = await start();
  const ask = vi.fn(() => Promise.resolve(connected()));
  hashThreadFrom(ask);
  const hasher = await createShardHasher(100_000);
  await hasher.update(bytes);
  await hasher.digest();
  expect(ask).not.toHaveBeenCalled();
});
