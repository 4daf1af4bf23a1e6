// Worker entry for the hashes of a download: a core of its own for them, so that the thread that receives, stores
// and uploads is not held up. Binds, nothing else.
import { createLocalHasher, type LocalHasher, type ShardDigest } from '../disk/hashing';
import type { FromHashWorker, ToHashWorker } from './shard-hasher';

const hashers = new Map<number, Promise<LocalHasher>>();

// The page hands over the port at whose other end the store's worker is.
addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  if (!port) return;
  const send = (message: FromHashWorker): void => {
    port.postMessage(message, 'buffer' in message && message.buffer ? [message.buffer] : []);
  };
  port.onmessage = ({ data }: MessageEvent<ToHashWorker>) => {
    const back = data.op === 'update' ? { buffer: data.bytes.buffer } : {};
    answer(data).then(
      (digest) => send({ call: data.call, ...back, ...(digest && { digest }) }),
      (thrown: unknown) => send({ call: data.call, ...back, error: String(thrown) }),
    );
  };
  send({ ready: true });
});

/** Calls of one hasher are done in the order they came in: all of them wait for the same promise. */
async function answer(call: ToHashWorker): Promise<ShardDigest | undefined> {
  if (call.op === 'drop') {
    hashers.delete(call.hasher);
    return undefined;
  }
  const coming = hashers.get(call.hasher) ?? createLocalHasher();
  hashers.set(call.hasher, coming);
  const hasher = await coming;
  if (call.op === 'update') {
    hasher.update(call.bytes);
    return undefined;
  }
  hashers.delete(call.hasher);
  return hasher.digest();
}
