// Looks at a model's folder before anything big is fetched: is the address one, does the server let us read it,
// is it a model, one this app can run, and how much would it download. Stores nothing.
import { AppError } from '../../base/errors';
import { countedFetch } from '../../ledger/counted-fetch';
import type { TensorManifest } from '../../formats/mlc/manifest';
import { manifestFiles, parseManifest } from '../../formats/mlc/parse-manifest';
import { folderFacts } from '../../formats/mlc/folder-facts';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { ModelFacts } from '../../formats/model-facts';
import { requiredTensors } from '../../formats/decoder-tensors';
import { ggufCard } from '../../formats/gguf/card';
import { parseHeads } from '../../formats/gguf/model-file';
import { fileAddress, fileOf, folderAddress, ggufName, hostOf, isGguf, libraryIn } from '../address';
import { fetchHeads } from './gguf-heads';
import type { EyesBeside } from './repository';
import { defaultSettings } from './settings';
import { checkJsonText, isLfsPointer, isWebPage, lfsPointer, lfsPointerBytes } from '../file-text';
import { requestFile, type Fetch } from './request';
import { throwIfAborted } from './retry';
import { isAbsent, requiredTexts } from './small-files';

export interface Preflight {
  readonly base: string;
  readonly configText: string;
  readonly totalBytes: number;
  readonly shards: number;
  /** Where our own engine can run it. */
  readonly facts?: ModelFacts;
  /** What it would see by, where that lies beside it and is not asked for. */
  readonly eyes?: EyesBeside;
}

export interface PreflightOptions {
  readonly signal: AbortSignal;
  readonly fetch?: Fetch;
  /** How long the whole look may take. */
  readonly patienceMs?: number;
}

/**
 * @throws AppError network/bad-address, network/cors, network/offline, network/http-status, network/timeout,
 *   network/not-a-model, model/lfs-pointer, model/unsupported-arch, model/bad-config, model/bad-manifest,
 *   model/missing-tensor, model/shape-mismatch, run/aborted
 */
export async function preflight(address: string, options: PreflightOptions): Promise<Preflight> {
  const { patienceMs = 20_000 } = options;
  const base = folderAddress(address);
  const library = libraryIn(address);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(tooSlow(base, patienceMs)), patienceMs);
  const ask = {
    base,
    signal: AbortSignal.any([options.signal, silence.signal]),
    fetch: options.fetch ?? countedFetch('model'),
  };
  try {
    if (isGguf(base)) return await lookAtGguf(ask);
    const configText = await readSmall(ask, requiredTexts[0]);
    // With a library of its own another engine is to run it: what ours can run is not checked.
    const config = library === undefined ? parseConfig(configText) : undefined;
    const manifest = await readTensorManifest(ask);
    if (config) requiredTensors(manifest, config.shape);
    await mustExist(ask, requiredTexts[1]);
    const [first] = manifest.shards;
    if (first) await mustExist(ask, first.dataPath, first.nbytes);
    return {
      base,
      configText,
      totalBytes: manifest.totalBytes,
      shards: manifest.shards.length,
      ...(config && { facts: folderFacts(config) }),
    };
  } finally {
    clearTimeout(timer);
  }
}

async function lookAtGguf({ base, signal, fetch }: Ask): Promise<Preflight> {
  let heads: string;
  try {
    heads = await fetchHeads({ base, signal, fetch, stall: defaultSettings.stall });
  } catch (thrown) {
    throwIfAborted(signal);
    if (isAbsent(thrown)) throw notThere(base, thrown);
    if (thrown instanceof AppError && thrown.code !== 'network/offline') throw thrown;
    throw await unreachable(fileAddress(base, ggufName(base)), signal, thrown);
  }
  const model = parseHeads(heads);
  const facts = await ggufCard(model);
  const files = [...model.files, ...(model.eyes ? [model.eyes] : [])];
  const totalBytes = files.reduce((sum, { nbytes }) => sum + nbytes, 0);
  return { base, configText: '', totalBytes, shards: files.length, facts };
}

function notThere(base: string, cause: unknown): AppError {
  const asked = cause instanceof AppError ? cause.details['url'] : undefined;
  const file = typeof asked === 'string' ? decodeURIComponent(fileOf(asked)) : ggufName(base);
  return new AppError('network/not-a-model', `${hostOf(base)} has no ${file} at that address.`, {
    details: { url: base, file },
    cause,
  });
}

function tooSlow(base: string, patienceMs: number): AppError {
  return new AppError(
    'network/timeout',
    `${hostOf(base)} did not answer within ${Math.round(patienceMs / 1000)} seconds: check the address, or try again later.`,
    { details: { url: base, patienceMs }, retryable: true },
  );
}

interface Ask {
  readonly base: string;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
}

async function readSmall({ base, signal, fetch }: Ask, name: string): Promise<string> {
  const url = fileAddress(base, name);
  let text: string;
  try {
    const response = await requestFile({ url, signal, fetch });
    text = await response.text();
  } catch (thrown) {
    throwIfAborted(signal);
    if (isAbsent(thrown)) throw notAModel(base, name, thrown);
    if (thrown instanceof AppError && thrown.code !== 'network/offline') throw thrown;
    throw await unreachable(url, signal, thrown);
  }
  if (isWebPage(text)) throw notAModel(base, name);
  checkJsonText(name, hostOf(url), text);
  return text;
}

/** A refused cross-origin answer and no answer look the same to a page; a request that reads nothing tells. */
async function unreachable(url: string, signal: AbortSignal, cause: unknown): Promise<AppError> {
  const host = hostOf(url);
  try {
    const { body } = await countedFetch('model')(url, { mode: 'no-cors', cache: 'no-store', signal });
    // A big file at that address is not to be fetched for this.
    await body?.cancel();
  } catch {
    throwIfAborted(signal);
    return new AppError(
      'network/offline',
      `${host} cannot be reached: check the address and the connection.`,
      { details: { url }, retryable: true, cause },
    );
  }
  return new AppError(
    'network/cors',
    `${host} does not allow this site to read its files: it must send Access-Control-Allow-Origin.`,
    { details: { url, host }, cause },
  );
}

async function readTensorManifest(ask: Ask): Promise<TensorManifest> {
  const [newer, older] = manifestFiles;
  try {
    return parseManifest(await readSmall(ask, newer), newer);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'network/not-a-model') throw thrown;
  }
  return parseManifest(await readSmall(ask, older), older);
}

/** Only a clear "no" counts: a server may refuse the question and still serve the file. */
async function mustExist(ask: Ask, name: string, nbytes = Infinity): Promise<void> {
  const { base, signal, fetch } = ask;
  let response: Response;
  try {
    response = await fetch(fileAddress(base, name), { method: 'HEAD', signal, cache: 'no-store' });
  } catch {
    throwIfAborted(signal);
    return;
  }
  const isPage = /text\/html/i.test(response.headers.get('content-type') ?? '');
  if (response.status === 404 || response.status === 410 || (response.ok && isPage))
    throw notAModel(base, name);
  const size = Number(response.headers.get('content-length') ?? NaN);
  if (response.ok && size <= lfsPointerBytes && size < nbytes) await mustNotBePointer(ask, name);
}

/** Of a file so short that reading it costs nothing. */
async function mustNotBePointer({ base, signal, fetch }: Ask, name: string): Promise<void> {
  let text: string;
  try {
    text = await (await requestFile({ url: fileAddress(base, name), signal, fetch })).text();
  } catch {
    throwIfAborted(signal);
    return;
  }
  if (isLfsPointer(text)) throw lfsPointer(name, hostOf(base));
}

function notAModel(base: string, name: string, cause?: unknown): AppError {
  return new AppError(
    'network/not-a-model',
    `${hostOf(base)} has no ${name} in that folder: it is not the folder of a model in MLC layout.`,
    { details: { url: base, file: name }, cause },
  );
}
