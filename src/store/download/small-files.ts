// The folder's small files: configuration, tokenizer and the tensor manifest under either of its names. Each is
// kept as text; nothing that does not parse as what it should be is ever stored. One tab fetches, the others of
// the same moment wait and read what it stored.
import { get } from 'idb-keyval';
import { AppError, toAppError } from '../../base/errors';
import { ggufHeadFile } from '../../formats/gguf/model-file';
import { manifestFiles, parseManifest } from '../../formats/mlc/parse-manifest';
import { fileAddress, fileOf, hostOf, isGguf, pinnedFolder } from '../address';
import { commit, prefixRange, type ModelDatabase } from '../disk/database';
import { readStoredManifest, storedParts, type ReadManifest } from '../disk/records';
import { heldOrNothing } from '../disk/refused';
import { pinKey, planKey, textKey, type StoredManifest, type StoredText } from '../disk/keys';
import { checkJsonText, isWebPage } from '../file-text';
import { fetchHeads, manifestOfHeads } from './gguf-heads';
import { downloadLock, exclusively, ifFree } from './owner';
import { commitOf } from './repository';
import { bodyOf, requestFile, webPage } from './request';
import { maxRetryAfterMs, retryAfterMs, retryDelayMs, sleep, throwIfAborted } from './retry';
import type { DownloadSettings } from './settings';
import { Watchdog } from './watchdog';

/** Without these a folder cannot answer, so "complete" includes them. */
export const requiredTexts = ['mlc-chat-config.json', 'tokenizer.json'] as const;
/** The same of a model's address: a GGUF file has all of it in its head. */
export const textsOf = (base: string): readonly string[] => (isGguf(base) ? [ggufHeadFile] : requiredTexts);

export interface SmallFileContext {
  readonly base: string;
  readonly mirrors: readonly string[];
  readonly database: ModelDatabase;
  readonly settings: DownloadSettings;
  readonly signal: AbortSignal;
  readonly memoryOnly: boolean;
  /** A full disk is an error here too; else only where bytes of shards are stored. */
  readonly mustKeep?: boolean;
  /** The commit that the folder's host named during this call, which may not be stored. */
  readonly named: { commit?: string | undefined };
}

/** From the store, else fetched, checked and stored. */
export async function readText(context: SmallFileContext, name: string): Promise<string> {
  const { base, database, signal, memoryOnly } = context;
  const key = textKey(base, name);
  const look = () => heldOrNothing(get<StoredText>(key, database), undefined, memoryOnly);
  const stored = await look();
  if (stored) return stored.text;
  return exclusively(`phield-text:${base}${name}`, signal, async () => {
    const meanwhile = await look();
    if (meanwhile) return meanwhile.text;
    const text = await fetchText(context, name);
    const value: StoredText = { text };
    await keep(context, name, (store) => store.put(value, key));
    return text;
  });
}

/** From the store, else fetched, parsed and stored as the plan of the download. */
export async function readManifest(context: SmallFileContext): Promise<ReadManifest> {
  const { base, database, signal, memoryOnly } = context;
  const look = () => heldOrNothing(readStoredManifest(database, base), undefined, memoryOnly);
  const known = await look();
  if (known && known.stored.doubtful !== true) return known;
  return exclusively(`phield-text:${base}manifest`, signal, async () => {
    const meanwhile = await look();
    if (meanwhile && meanwhile.stored.doubtful !== true) return meanwhile;
    let fetched: { name: string; text: string };
    try {
      fetched = await fetchManifest(context, meanwhile !== undefined);
    } catch (thrown) {
      if (meanwhile && !signal.aborted) return meanwhile;
      throw thrown;
    }
    const { name, text } = fetched;
    const manifest = parseManifest(text, name);
    const stored: StoredManifest = { name, text, at: Date.now() };
    await keep(context, name, (store) => {
      store.put(stored, planKey(base));
      // The folder has changed: its other small files may be of the version before.
      if (meanwhile && meanwhile.stored.text !== text) store.delete(prefixRange([base, 'text']));
    });
    return { stored, manifest, complete: false };
  });
}

/** The folders to ask, the base first and at the commit its host named, where it names one. */
export async function foldersOf({
  base,
  mirrors,
  database,
  named,
  memoryOnly,
}: Pick<SmallFileContext, 'base' | 'mirrors' | 'database' | 'named' | 'memoryOnly'>): Promise<string[]> {
  const pinned = (): Promise<string | undefined> =>
    heldOrNothing(get<string>(pinKey(base), database), undefined, memoryOnly);
  const commit = named.commit ?? (await pinned());
  return [commit === undefined ? base : pinnedFolder(base, commit), ...mirrors];
}

/**
 * After the host has said that it no longer has the commit: what moves is asked again, and as that may be another
 * version, the manifest and the other small files are too.
 */
export async function forgetCommit({
  base,
  database,
  named,
  memoryOnly,
}: Pick<SmallFileContext, 'base' | 'database' | 'named' | 'memoryOnly'>): Promise<void> {
  named.commit = undefined;
  const forget = async (): Promise<void> => {
    const plan = await get<StoredManifest>(planKey(base), database);
    await commit(database, (store) => {
      store.delete(pinKey(base));
      store.delete(prefixRange([base, 'text']));
      if (plan) store.put({ ...plan, doubtful: true }, planKey(base));
    });
  };
  await heldOrNothing(forget(), undefined, memoryOnly);
}

/**
 * After a failure before the first byte of a shard: a folder that lacks a small file leaves no entry. Leaves alone
 * what another tab downloads at this moment.
 */
export async function dropUnbegun({
  base,
  database,
}: Pick<SmallFileContext, 'base' | 'database'>): Promise<void> {
  await ifFree(downloadLock(base), async () => {
    const isBegun = [...(await storedParts(database, base)).values()].some(({ bytes }) => bytes > 0);
    const known = await readStoredManifest(database, base);
    if (isBegun || known?.complete === true) return;
    await commit(database, (store) => store.delete(prefixRange([base])));
  });
}

async function keep(
  context: SmallFileContext,
  file: string,
  write: (store: IDBObjectStore) => void,
): Promise<void> {
  if (context.memoryOnly) return;
  try {
    await commit(context.database, write, { file });
  } catch (thrown) {
    // So full that not even this fits: the shards will say so, and how much is needed.
    if (context.mustKeep || !(thrown instanceof AppError) || thrown.code !== 'storage/quota') throw thrown;
  }
}

async function fetchManifest(
  context: SmallFileContext,
  isDoubted: boolean,
): Promise<{ name: string; text: string }> {
  const { base } = context;
  if (isGguf(base)) {
    const read = isDoubted ? fetchText : readText;
    return manifestOfHeads(base, await read(context, ggufHeadFile));
  }
  const [newer, older] = manifestFiles;
  try {
    return { name: newer, text: await fetchText(context, newer) };
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
  }
  try {
    return { name: older, text: await fetchText(context, older) };
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
    throw new AppError(
      'network/not-a-model',
      `${hostOf(context.base)} has neither ${newer} nor ${older} in that folder: it is not a model in MLC layout.`,
      { details: { url: context.base }, cause: thrown },
    );
  }
}

/** The server answered, and what it said means "no such file": 404 and its like, or a web page. */
export function isAbsent(thrown: unknown): boolean {
  if (!(thrown instanceof AppError)) return false;
  if (thrown.code === 'network/not-a-model') return thrown.details['webPage'] === true;
  return thrown.code === 'network/http-status' && [403, 404, 410].includes(Number(thrown.details['status']));
}

/** @throws AppError network/*, after as many tries as the settings say */
export async function fetchText(context: SmallFileContext, name: string): Promise<string> {
  const { settings, signal } = context;
  let folders = await foldersOf(context);
  let refusals = 0;
  for (let failures = 1; ; failures++) {
    const folder = folders[(failures - 1) % folders.length] ?? context.base;
    try {
      if (name === ggufHeadFile) return await fetchPinnedHeads(context, folder);
      return await fetchOnce(context, fileAddress(folder, name), folder === context.base);
    } catch (thrown) {
      throwIfAborted(signal);
      const error = toAppError(thrown);
      if (isAbsent(error) && folder === folders[0] && folder !== context.base) {
        await forgetCommit(context);
        folders = await foldersOf(context);
        failures = 0;
        continue;
      }
      // A web page for a small file is how many servers say "not found": asking again changes nothing.
      refusals = error.retryable && !isAbsent(error) ? 0 : refusals + 1;
      const askedMs = retryAfterMs(error, Date.now()) ?? 0;
      if (refusals >= folders.length || failures >= settings.retry.attempts || askedMs > maxRetryAfterMs)
        throw error;
      await sleep(Math.max(askedMs, retryDelayMs(failures, settings.retry)), signal);
    }
  }
}

/** The heads of a GGUF file, whose bytes are then asked for at the commit that they are of. */
async function fetchPinnedHeads(context: SmallFileContext, folder: string): Promise<string> {
  const { base, settings, signal } = context;
  const { fetch, stall } = settings;
  const known = folder === base ? await commitOf(base, { fetch, signal }) : undefined;
  let commit = known;
  const from = known === undefined ? folder : pinnedFolder(base, known);
  const heads = await fetchHeads({
    ...{ base: from, fetch, stall, signal },
    onCommit: (named) => (commit ??= named),
  });
  if (folder === base && commit !== undefined) await pin(context, commit);
  return heads;
}

async function pin(context: SmallFileContext, commit: string): Promise<void> {
  const { base, named } = context;
  if (pinnedFolder(base, commit) === base) return;
  named.commit = commit;
  await keep(context, 'pin', (store) => store.put(commit, pinKey(base)));
}

async function fetchOnce(context: SmallFileContext, url: string, pinnable: boolean): Promise<string> {
  const { settings, signal } = context;
  const watchdog = new Watchdog(url, settings.stall, signal);
  try {
    const response = await requestFile({ url, signal: watchdog.signal, fetch: settings.fetch });
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of bodyOf(response, url, watchdog))
      text += decoder.decode(piece, { stream: true });
    text += decoder.decode();
    if (url.endsWith('.json')) checkJson(url, text);
    const revision = response.headers.get('x-repo-commit');
    if (pinnable && revision !== null) await pin(context, revision);
    return text;
  } finally {
    watchdog.stop();
  }
}

function checkJson(url: string, text: string): void {
  if (isWebPage(text)) throw webPage(url);
  checkJsonText(fileOf(url), hostOf(url), text);
}
