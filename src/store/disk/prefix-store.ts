// Keys and values of prompts that were computed once, kept so that a restart need not compute them again. A cache
// and nothing more: every block can be computed anew, so what does not fit, does not match its checksum or cannot be
// read is dropped without a word. A database of its own, so that no model's record ever depends on it.
import { get, getMany, type UseStore } from 'idb-keyval';
import { asPromise, commit, createDatabase, prefixRange } from './database';
import { sha256Hex } from './digest';

/** A block as its owner describes it. */
export interface BlockNote {
  /** What the bytes are of: weights, layout, version. Blocks of another identity are of no use to its model. */
  readonly identity: string;
  /** Place in the chain of blocks; where room is needed the end goes before the beginning. */
  readonly index: number;
  /** What computing it took, milliseconds. */
  readonly computeMs: number;
}

export interface BlockHead extends BlockNote {
  readonly nbytes: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

export interface PrefixStore {
  readonly budgetBytes: number;
  /** Of the blocks asked for, in order, those there up to the first that is missing; they count as used now. */
  find(base: string, ids: readonly string[]): Promise<readonly BlockHead[]>;
  /** @returns undefined where it is gone or damaged; then it is removed. */
  read(base: string, id: string): Promise<ArrayBuffer | undefined>;
  /** Room is made by dropping what was used longest ago. */
  write(base: string, id: string, bytes: ArrayBuffer, note: BlockNote): Promise<void>;
  /** Drops a model's blocks of any other identity. */
  keepOnly(base: string, identity: string): Promise<void>;
}

/** 640 tokens of Phi-3-mini, or all a small model ever holds. */
const defaultBudgetBytes = 256 * 1024 ** 2;

/** @param models the name of the database of the models that the blocks belong to. */
export function createPrefixStore(models: string, budgetBytes = defaultBudgetBytes): PrefixStore {
  const database = prefixDatabase(models);
  return {
    budgetBytes,
    async find(base, ids) {
      const all = await getMany<BlockHead | undefined>(
        ids.map((id) => headKey(base, id)),
        database,
      );
      const missing = all.indexOf(undefined);
      const heads = all.slice(0, missing < 0 ? all.length : missing).filter((head) => head !== undefined);
      if (heads.length === 0) return [];
      const usedAt = Date.now();
      await commit(database, (store) =>
        heads.forEach((head, i) => store.put({ ...head, usedAt }, headKey(base, ids[i] ?? ''))),
      );
      return heads;
    },
    async read(base, id) {
      const [head, blob] = await Promise.all([
        get<BlockHead>(headKey(base, id), database),
        get<Blob>(bytesKey(base, id), database),
      ]);
      // Read whole: a stored Blob that is sliced can take Chromium's tab with it.
      const bytes = head && blob?.size === head.nbytes ? await blob.arrayBuffer() : undefined;
      if (head && bytes && (await sha256Hex(bytes)) === head.sha256) return bytes;
      await commit(database, (store) => dropBlock(store, base, id));
      return undefined;
    },
    async write(base, id, bytes, note) {
      const { byteLength: nbytes } = bytes;
      if (nbytes > budgetBytes) return;
      const head: BlockHead = { ...note, nbytes, sha256: await sha256Hex(bytes), usedAt: Date.now() };
      const surplus = chooseSurplus(await allHeads(database), nbytes, budgetBytes);
      await commit(database, (store) => {
        for (const key of surplus) dropBlock(store, ...key);
        store.put(new Blob([bytes]), bytesKey(base, id));
        store.put(head, headKey(base, id));
      });
    },
    async keepOnly(base, identity) {
      const foreign = (await allHeads(database)).filter(
        ({ key, head }) => key[0] === base && head.identity !== identity,
      );
      if (foreign.length > 0)
        await commit(database, (store) => foreign.forEach(({ key }) => dropBlock(store, ...key)));
    },
  };
}

/** What is held of each model. */
export async function savedPrefixBytes(models: string): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (const { key, head } of await allHeads(prefixDatabase(models)))
    sums.set(key[0], (sums.get(key[0]) ?? 0) + head.nbytes);
  return sums;
}

/** All blocks of a model: goes with it. */
export async function removeSavedPrefixes(models: string, base: string): Promise<void> {
  await commit(prefixDatabase(models), (store) => store.delete(prefixRange([base])));
}

const databases = new Map<string, UseStore>();

function prefixDatabase(models: string): UseStore {
  const known = databases.get(models) ?? createDatabase(`${models}-prefixes`);
  databases.set(models, known);
  return known;
}

type BlockKey = readonly [base: string, id: string];
const headKey = (base: string, id: string): string[] => [base, 'head', id];
const bytesKey = (base: string, id: string): string[] => [base, 'bytes', id];

function dropBlock(store: IDBObjectStore, base: string, id: string): void {
  store.delete(headKey(base, id));
  store.delete(bytesKey(base, id));
}

interface Entry {
  readonly key: BlockKey;
  readonly head: BlockHead;
}

async function allHeads(database: UseStore): Promise<readonly Entry[]> {
  const keys = (await database('readonly', (store) => asPromise(store.getAllKeys()))).flatMap((key) => {
    const [base, kind, id] = Array.isArray(key) ? (key as unknown[]) : [];
    return typeof base === 'string' && kind === 'head' && typeof id === 'string' ? [[base, id] as const] : [];
  });
  const heads = await getMany<BlockHead | undefined>(
    keys.map(([base, id]) => headKey(base, id)),
    database,
  );
  return keys.flatMap((key, i) => {
    const head = heads[i];
    return head ? [{ key, head }] : [];
  });
}

/** What has to go so that `nbytes` more fit. */
function chooseSurplus(entries: readonly Entry[], nbytes: number, budgetBytes: number): readonly BlockKey[] {
  let held = entries.reduce((sum, { head }) => sum + head.nbytes, nbytes);
  const byAge = [...entries].sort((a, b) => a.head.usedAt - b.head.usedAt || b.head.index - a.head.index);
  const surplus: BlockKey[] = [];
  for (const { key, head } of byAge) {
    if (held <= budgetBytes) break;
    held -= head.nbytes;
    surplus.push(key);
  }
  return surplus;
}
