// The folder's small files: configuration, tokenizer and the tensor manifest under either of its names. Each is
// kept as text; nothing that does not parse as what it should be is ever stored.
import { get, type UseStore } from 'idb-keyval';
import { AppError } from '../base/errors';
import type { TensorManifest } from '../formats/manifest';
import { parseManifest } from '../formats/parse-manifest';
import { fileAddress, hostOf } from './address';
import { commit } from './database';
import { manifestKey, planKey, textKey, type StoredManifest, type StoredText } from './keys';
import { connectionError, fileOf, requestFile, webPage, type Fetch } from './request';

/** The newer name first; the older has the same schema. */
export const manifestNames = ['tensor-cache.json', 'ndarray-cache.json'] as const;
/** Without these a folder cannot answer, so "complete" includes them. */
export const requiredTexts = ['mlc-chat-config.json', 'tokenizer.json'] as const;

export interface SmallFileContext {
  readonly base: string;
  readonly database: UseStore;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/** From the store, else fetched, checked and stored. */
export async function readText(context: SmallFileContext, name: string): Promise<string> {
  const { base, database } = context;
  const stored = await get<StoredText>(textKey(base, name), database);
  if (stored) return stored.text;
  const text = await fetchText(context, name);
  const value: StoredText = { text };
  await commit(database, (store) => store.put(value, textKey(base, name)), {
    file: name,
    neededBytes: text.length,
  });
  return text;
}

export interface ReadManifest {
  readonly stored: StoredManifest;
  readonly manifest: TensorManifest;
  readonly complete: boolean;
}

export async function readStoredManifest(
  database: UseStore,
  base: string,
): Promise<ReadManifest | undefined> {
  const complete = await get<StoredManifest>(manifestKey(base), database);
  const stored = complete ?? (await get<StoredManifest>(planKey(base), database));
  if (!stored) return undefined;
  return { stored, manifest: parseManifest(stored.text, stored.name), complete: complete !== undefined };
}

/** From the store, else fetched, parsed and stored as the plan of the download. */
export async function readManifest(context: SmallFileContext): Promise<ReadManifest> {
  const known = await readStoredManifest(context.database, context.base);
  if (known) return known;
  const { name, text } = await fetchManifest(context);
  const manifest = parseManifest(text, name);
  const stored: StoredManifest = { name, text, at: Date.now() };
  await commit(context.database, (store) => store.put(stored, planKey(context.base)), {
    file: name,
    neededBytes: text.length,
  });
  return { stored, manifest, complete: false };
}

async function fetchManifest(context: SmallFileContext): Promise<{ name: string; text: string }> {
  const [newer, older] = manifestNames;
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
  if (thrown.code === 'network/not-a-model') return true;
  return thrown.code === 'network/http-status' && [403, 404, 410].includes(Number(thrown.details['status']));
}

async function fetchText(context: SmallFileContext, name: string): Promise<string> {
  const url = fileAddress(context.base, name);
  const response = await requestFile({ url, signal: context.signal, fetch: context.fetch });
  let text: string;
  try {
    text = await response.text();
  } catch (thrown) {
    throw connectionError(url, context.signal, thrown);
  }
  if (name.endsWith('.json')) checkJson(url, text);
  return text;
}

function checkJson(url: string, text: string): void {
  if (/^\s*</.test(text)) throw webPage(url);
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      'network/not-a-model',
      `${fileOf(url)} from ${hostOf(url)} is not JSON (${text.length} characters): it was cut off, or it is another file.`,
      { details: { url, length: text.length }, retryable: true, cause },
    );
  }
}
