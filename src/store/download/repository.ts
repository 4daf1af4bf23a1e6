// What a repository on Hugging Face says of itself: which GGUF files it has, so that a person who knows only its name
// can choose one, and at which commit it stands. Nothing of a model is fetched.
import { AppError } from '../../base/errors';
import { parseJsonObject, type JsonSource } from '../../formats/json';
import { partNames } from '../../formats/gguf/model-file';
import {
  eyesName,
  hubFile,
  hubFolderOf,
  hubListing,
  hubRepository,
  withEyes,
  type HubRepository,
} from '../address';
import { requestFile, type Fetch } from './request';

interface RepositoryFile {
  /** The file's path in its repository; of a split model, its first part's. */
  readonly name: string;
  /** What the model is loaded by. */
  readonly address: string;
  /** Of all parts. */
  readonly nbytes: number;
  readonly parts: number;
}

export interface Repository {
  /** `owner/name`. */
  readonly name: string;
  /** The smallest first. Empty where it has none. */
  readonly files: readonly RepositoryFile[];
}

interface RepositoryOptions {
  readonly signal: AbortSignal;
  readonly fetch?: Fetch;
}

const maxListed = 1000;
const maxListChars = 2 * 2 ** 20;
const source: JsonSource = {
  file: 'the list of files',
  code: 'network/not-a-model',
  advice: 'Give the address of a file.',
};

/**
 * @param address `owner/name`, or the page of a repository.
 * @returns undefined for an address of any other kind.
 * @throws AppError network/*, run/aborted
 */
export async function listRepository(
  address: string,
  options: RepositoryOptions,
): Promise<Repository | undefined> {
  const repository = hubRepository(address);
  if (!repository) return undefined;
  return { name: repository.name, files: ggufFiles(repository, await filesOf(repository, options)) };
}

interface Listed {
  readonly path: string;
  readonly nbytes: number;
}

/** Its GGUF files. */
async function filesOf(repository: HubRepository, options: RepositoryOptions): Promise<readonly Listed[]> {
  const text = await ask(hubListing(repository), options);
  // The host answers with a bare list.
  const listed = parseJsonObject(`{"files":${text}}`, source, { maxChars: maxListChars, maxDepth: 8 });
  return listed.objects('files', maxListed).flatMap((fields): Listed[] => {
    if (fields.string('type', { maxChars: 40 }) !== 'file') return [];
    const path = fields.string('path', { maxChars: 1024 });
    if (!/\.gguf$/i.test(path)) return [];
    return [{ path, nbytes: fields.integer('size', { min: 0, max: Number.MAX_SAFE_INTEGER }) }];
  });
}

/** The file that a model sees by, where its repository has one beside it. */
export interface EyesBeside {
  readonly name: string;
  readonly nbytes: number;
  /** What the two are loaded by, as one model. */
  readonly address: string;
}

/**
 * @param base of a GGUF file, as the store knows it.
 * @returns undefined for an address of any other kind, of a pair among them, and where nobody says.
 * @throws AppError run/aborted
 */
export async function eyesBeside(base: string, options: RepositoryOptions): Promise<EyesBeside | undefined> {
  const repository = eyesName(base) === undefined ? hubFolderOf(base) : undefined;
  if (!repository) return undefined;
  try {
    const inside = repository.folder === '' ? '' : `${repository.folder}/`;
    const beside = (await filesOf(repository, options))
      .filter(({ path }) => path.startsWith(inside) && isEyesName(path.slice(inside.length)))
      .map(({ path, nbytes }) => ({ name: path.slice(inside.length), nbytes }))
      // Hosts have it in 16 bits and in 8; either sees.
      .sort((a, b) => a.nbytes - b.nbytes)[0];
    return beside && { ...beside, address: withEyes(base, beside.name) };
  } catch (thrown) {
    if (options.signal.aborted) throw thrown;
    return undefined;
  }
}

const isEyesName = (name: string): boolean =>
  /^mmproj[\w.-]*\.gguf$|^[\w.-]*[.-]mmproj[\w.-]*\.gguf$/i.test(name);

/** The files of models: not the half of one that looks at pictures, and none that lacks a part. */
function ggufFiles(repository: HubRepository, listed: readonly Listed[]): RepositoryFile[] {
  const models = listed.filter(({ path }) => !isEyesName(path.slice(path.lastIndexOf('/') + 1)));
  const sizes = new Map(models.map(({ path, nbytes }) => [path, nbytes]));
  const files = [...sizes.keys()].flatMap((path): RepositoryFile[] => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const parts = partsOf(path.slice(folder.length)).map((part) => sizes.get(folder + part));
    if (parts.includes(undefined) || path !== folder + (partsOf(path.slice(folder.length))[0] ?? ''))
      return [];
    const nbytes = parts.reduce<number>((sum, size = 0) => sum + size, 0);
    return [{ name: path, address: hubFile(repository, path), nbytes, parts: parts.length }];
  });
  return files.sort((a, b) => a.nbytes - b.nbytes || a.name.localeCompare(b.name));
}

/** A name that claims a thousand parts is nobody's. */
function partsOf(name: string): readonly string[] {
  try {
    return partNames(name);
  } catch {
    return [];
  }
}

/**
 * The commit at which the host's branch stands now, for a file whose own answer does not name it: big files come from
 * another host than the repository's.
 * @returns undefined where nobody says.
 */
export async function commitOf(base: string, options: RepositoryOptions): Promise<string | undefined> {
  const [, name, revision] =
    /^https:\/\/huggingface\.co\/([^/]+\/[^/]+)\/resolve\/([^/]+)\//.exec(base) ?? [];
  // A commit is one.
  if (name === undefined || revision === undefined || /^[0-9a-f]{40}$/.test(revision)) return undefined;
  try {
    const text = await ask(`https://huggingface.co/api/models/${name}/revision/${revision}`, options);
    const sha = parseJsonObject(text, source, { maxChars: maxListChars, maxDepth: 16 }).raw('sha');
    return typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha) ? sha : undefined;
  } catch (thrown) {
    if (options.signal.aborted) throw thrown;
    return undefined;
  }
}

async function ask(url: string, { signal, fetch = globalThis.fetch }: RepositoryOptions): Promise<string> {
  const response = await requestFile({ url, signal, fetch });
  const length = Number(response.headers.get('content-length') ?? 0);
  if (length > maxListChars) {
    await response.body?.cancel();
    throw new AppError('network/not-a-model', `The host's list of files has ${length} bytes.`, {
      details: { url, bytes: length },
    });
  }
  return response.text();
}
