// Worker entry for the hashes of a download: a core of its own for them, so that the thread that receives, stores
// and uploads is not held up. Binds, nothing else.
import { createLocalHasher, type LocalHasher, type ShardDigest } from '../disk/hashing';
import type { FromHashWorker, ToHashWorker } from './shard-hasher';

const hashers = new Map<number, Promise<LocalHasher>>();

addEventListener('message', (event: MessageEvent) => {
  const call = event.data as ToHashWorker;
  const back = call.op === 'update' ? { buffer: call.bytes.buffer } : {};
  answer(call).then(
    (digest) => send({ call: call.call, ...back, ...(digest && { digest }) }),
    (thrown: unknown) => send({ call: call.call, ...back, error: String(thrown) }),
  );
});
send({ ready: true });

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

function send(message: FromHashWorker): void {
  const transfer = 'buffer' in message && message.buffer ? [message.buffer] : [];
  postMessage(message, { transfer });
}
