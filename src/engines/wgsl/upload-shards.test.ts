import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import type { ShardRecord, TensorRecord } from '../../formats/mlc/manifest';
import type { ModelFiles, StoredShard } from '../../store/store';
import { piecesOf } from './testing/model-folder';
import { uploadShards, type UploadTarget } from './upload-shards';

const shardBytes = 1_000;

function shardOf(i: number): ShardRecord {
  const tensor = (name: string, byteOffset: number, nbytes: number): TensorRecord => ({
    name: `${name}${i}`,
    shape: [nbytes / 2],
    dtype: 'float16',
    format: 'raw',
    nbytes,
    byteOffset,
  });
  // Ten bytes between the first two, and twelve at the end, belong to nobody.
  const records = [tensor('a', 0, 302), tensor('b', 312, 18), tensor('c', 330, 658)];
  return { dataPath: `shard${i}`, nbytes: shardBytes, md5sum: undefined, records };
}

const bytesOf = (i: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: shardBytes }, (_, at) => at * 7 + i * 31);

function stored(i: number, size: number): StoredShard {
  return { shard: shardOf(i), pieces: piecesOf(bytesOf(i), size) };
}

/** Only what an upload asks of a model's files; one answer of `shards()` after the other. */
function filesOf(...answers: readonly (readonly StoredShard[])[]): ModelFiles {
  const left = answers.values();
  return {
    base: 'https://example.org/',
    text: () => Promise.reject(new Error('not part of an upload')),
    manifest: () => Promise.reject(new Error('not part of an upload')),
    async *shards() {
      for (const shard of left.next().value ?? []) yield await Promise.resolve(shard);
    },
  };
}

interface Held extends UploadTarget {
  readonly held: Map<string, Uint8Array>;
  bytes: number;
  flushes: number;
}

function target(wants: (name: string) => boolean = () => true): Held {
  const held = new Map<string, Uint8Array>();
  const self: Held = {
    held,
    bytes: 0,
    flushes: 0,
    wants: ({ name }) => wants(name),
    upload: ({ name, nbytes }, offset, bytes) => {
      const tensor = held.get(name) ?? new Uint8Array(nbytes);
      held.set(name, tensor);
      tensor.set(bytes, offset);
    },
    flush: () => {
      self.flushes++;
      return Promise.resolve();
    },
    onBytes: (nbytes) => {
      self.bytes += nbytes;
    },
  };
  return self;
}

function expectTensors({ held }: Held, shards: readonly number[]): void {
  expect(held.size).toBe(3 * shards.length);
  for (const i of shards) {
    for (const { name, byteOffset, nbytes } of shardOf(i).records) {
      expect(held.get(name), name).toEqual(bytesOf(i).subarray(byteOffset, byteOffset + nbytes));
    }
  }
}

const never = new AbortController().signal;
const gone = new AppError('storage/integrity', 'Gone.', { details: { dropped: true } });

describe('uploading shards', () => {
  it.each([1, 7, 301, 512, 1_000])('puts pieces of %i bytes where they belong', async (size) => {
    const to = target();
    await uploadShards(filesOf([stored(0, size), stored(1, size), stored(2, size)]), to, never);
    expectTensors(to, [0, 1, 2]);
    expect(to.bytes).toBe(3 * shardBytes);
    expect(to.flushes).toBe(1);
  });

  it('reads no piece that nobody wants, and counts it', async () => {
    const shard = stored(0, 100);
    const reads: number[] = [];
    const pieces = shard.pieces.map((piece) => ({
      ...piece,
      read: () => {
        reads.push(piece.offset);
        return piece.read();
      },
    }));
    const to = target((name) => name === 'b0');
    await uploadShards(filesOf([{ ...shard, pieces }]), to, never);
    expect(reads).toEqual([300]);
    expect([...to.held.keys()]).toEqual(['b0']);
    expect(to.bytes).toBe(shardBytes);
  });

  it('keeps a few reads under way and no more', async () => {
    let now = 0;
    let most = 0;
    const pieces = stored(0, 50).pieces.map((piece) => ({
      ...piece,
      read: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now--;
        return piece.read();
      },
    }));
    const to = target();
    await uploadShards(filesOf([{ shard: shardOf(0), pieces }]), to, never);
    expectTensors(to, [0]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('asks again for a shard with a lost piece, and uploads no other twice', async () => {
    const [first, ...others] = stored(1, 300).pieces;
    if (!first) throw new Error('a shard has pieces');
    const broken = [...others, { ...first, read: () => Promise.reject(gone) }];
    const to = target();
    await uploadShards(
      filesOf([stored(0, 300), { shard: shardOf(1), pieces: broken }], [stored(0, 300), stored(1, 400)]),
      to,
      never,
    );
    expectTensors(to, [0, 1]);
    expect(to.bytes).toBe(2 * shardBytes + 700);
  });

  it('gives up when it is lost again', async () => {
    const pieces = stored(0, 300).pieces.map((piece) => ({ ...piece, read: () => Promise.reject(gone) }));
    const broken = [{ shard: shardOf(0), pieces }];
    await expect(uploadShards(filesOf(broken, broken), target(), never)).rejects.toBe(gone);
  });

  it('refuses a shard that is shorter than its record', async () => {
    const short = { shard: shardOf(0), pieces: stored(0, 300).pieces.slice(0, 3) };
    await expect(uploadShards(filesOf([short]), target(), never)).rejects.toMatchObject({
      code: 'model/bad-manifest',
    });
  });

  it('touches the target no more once it has failed or was stopped', async () => {
    for (const how of ['failed', 'stopped'] as const) {
      const controller = new AbortController();
      const to = target();
      let ended = false;
      const slow = stored(0, 250).pieces.map((piece, i) => ({
        ...piece,
        read: async () => {
          await new Promise((resolve) => setTimeout(resolve, i * 5));
          if (i === 1 && how === 'failed') throw new AppError('storage/unavailable', 'No disk.');
          if (i === 1) controller.abort();
          return piece.read();
        },
      }));
      const upload = to.upload.bind(to);
      const watched: UploadTarget = {
        ...to,
        upload: (record, offset, bytes) => {
          expect(ended).toBe(false);
          upload(record, offset, bytes);
        },
      };
      const uploading = uploadShards(
        filesOf([{ shard: shardOf(0), pieces: slow }]),
        watched,
        controller.signal,
      );
      await expect(uploading).rejects.toMatchObject({
        code: how === 'failed' ? 'storage/unavailable' : 'run/aborted',
      });
      ended = true;
      expect(to.held.get('c0')?.at(-1) ?? 0).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  });
});
