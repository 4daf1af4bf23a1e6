// Addresses of model folders: what may be one, and in which single form the store knows it.
import { AppError } from '../base/errors';

/** Models that came from files and have no address on the network: `imported:/name/`. */
export const importedScheme = 'imported:';

const folderFiles = /\/(mlc-chat-config|tensor-cache|ndarray-cache|tokenizer)\.json$/;

/**
 * The folder's address as the store knows it: absolute http(s), no query, fragment or password, ending in a slash.
 * The address of one of its files stands for it, and a repository on Hugging Face, by `owner/name` or the address of its page, for the folder of its files.
 * @throws AppError network/bad-address
 */
export function folderAddress(address: string): string {
  let url: URL;
  try {
    url = new URL(isHubName(address) ? `https://${hubHost}/${address}` : address);
  } catch (cause) {
    throw badAddress(address, 'it is not a full address such as https://example.org/models/my-model/', cause);
  }
  if (url.protocol === importedScheme) return url.href.endsWith('/') ? url.href : `${url.href}/`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badAddress(address, `it starts with ${url.protocol} and only https: and http: can be fetched`);
  }
  if (url.username !== '' || url.password !== '')
    throw badAddress(address, 'it carries a user name or password');
  // The address of one of its files, as a person copies it from the browser, is the folder's.
  url.pathname = url.pathname.replace(folderFiles, '/');
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  if (url.hostname === hubHost) url.pathname = hubFolder(url.pathname);
  // Every part of a split file stands for the whole.
  url.pathname = url.pathname.replace(/-\d{5}(-of-\d{5}\.gguf\/)$/i, '-00001$1');
  return url.href;
}

const hubHost = 'huggingface.co';

/** `owner/name`, as people write the name of a repository. */
export const isHubName = (address: string): boolean =>
  /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(address) && !/\.(gguf|json)$/i.test(address);

/** A folder of a repository on Hugging Face, whose files its host can list. */
export interface HubRepository {
  /** `owner/name`. */
  readonly name: string;
  readonly revision: string;
  /** The folder inside of it, without slashes at its ends; empty for all of it. */
  readonly folder: string;
}

/**
 * @param address `owner/name`, as people write it, or the page of a repository.
 * @returns undefined for anything else, the address of a file among it.
 */
export function hubRepository(address: string): HubRepository | undefined {
  let url: URL;
  try {
    url = new URL(isHubName(address) ? `https://${hubHost}/${address}` : address);
  } catch {
    return undefined;
  }
  if (url.hostname !== hubHost || isGguf(`${url.pathname}/`)) return undefined;
  const [, owner = '', name = '', kind = '', revision = 'main', ...rest] = url.pathname.split('/');
  if (owner === '' || name === '' || !['', 'tree', 'resolve'].includes(kind)) return undefined;
  return {
    name: `${decodeURIComponent(owner)}/${decodeURIComponent(name)}`,
    revision: decodeURIComponent(revision),
    folder: decodeURIComponent(rest.join('/').replace(/\/$/, '')),
  };
}

/** The folder of a repository that a GGUF file of it lies in, by the file's address; undefined for any other address. */
export function hubFolderOf(base: string): HubRepository | undefined {
  const [, name = '', revision = '', inside = ''] =
    /^https:\/\/huggingface\.co\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/((?:[^/]+\/)*)[^/]+\.gguf\/$/i.exec(
      base,
    ) ?? [];
  if (name === '') return undefined;
  const folder = decodeURIComponent(inside.replace(/\/$/, ''));
  return { name: decodeURIComponent(name), revision: decodeURIComponent(revision), folder };
}

/** Where the files of a repository lie. @param path of one of them; the repository's folder without. */
export function hubFile({ name, revision }: HubRepository, path = ''): string {
  return `https://${hubHost}/${name}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Where the host lists them. */
export function hubListing({ name, revision, folder }: HubRepository): string {
  const inside = folder === '' ? '' : `/${folder.split('/').map(encodeURIComponent).join('/')}`;
  return `https://${hubHost}/api/models/${name}/tree/${encodeURIComponent(revision)}${inside}?recursive=true`;
}

const libraryMark = '#library=';

/** The name of a folder of a person's own together with the compiled library that WebLLM is to run it by. */
export function withLibrary(address: string, library: string): string {
  return `${address}${libraryMark}${encodeURIComponent(library)}`;
}

/**
 * The absolute address of the library that such a name carries, if it carries one.
 * @throws AppError network/bad-address
 */
export function libraryIn(name: string): string | undefined {
  const at = name.indexOf(libraryMark);
  if (at < 0) return undefined;
  const text = name.slice(at + libraryMark.length);
  let url: URL;
  try {
    url = new URL(decodeURIComponent(text));
  } catch (cause) {
    throw badAddress(
      text,
      'its library is not a full address such as https://example.org/my-model.wasm',
      cause,
    );
  }
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw badAddress(url.href, 'a library is fetched by https: or http:, without a password');
  url.hash = '';
  return url.href;
}

/**
 * The same folder at a fixed commit, where its host names one: Hugging Face's `/resolve/<branch>/` moves, its
 * `/resolve/<commit>/` does not.
 */
export function pinnedFolder(base: string, commit: string): string {
  if (!/^[0-9a-f]{40}$/.test(commit)) return base;
  return base.replace(/\/resolve\/[^/]+\/((?:[^/]+\/)*[^/]+\.gguf\/)?$/i, `/resolve/${commit}/$1`);
}

/**
 * A file of the folder.
 * @throws AppError network/bad-address when the name would leave the folder
 */
export function fileAddress(base: string, name: string): string {
  if (name === '' || /[\\?#]|^\/|^[a-z][a-z0-9+.-]*:/i.test(name) || name.split('/').includes('..')) {
    throw badAddress(name, 'a model file must be named by a plain path inside its folder');
  }
  // A GGUF file stands for its folder: the parts it may have been split into lie beside it.
  return new URL(isGguf(base) ? `../${name}` : name, base).href;
}

/** Whether a model is a GGUF file: its address is then the file's, with a slash at its end as every model's has. */
export function isGguf(base: string): boolean {
  return /\.gguf\/$/i.test(base);
}

/** Of a file of a model and the one that it sees by: `…/x.gguf+mmproj-x.gguf/` is the two as one model. */
const pair = /^(.+\.gguf)\+([^+]+\.gguf)$/i;

/** The name of the file that such an address is of; of a pair, the model's own. */
export function ggufName(base: string): string {
  const name = lastName(base);
  return pair.exec(name)?.[1] ?? name;
}

/** The name of the file that the model of such an address sees by; undefined where it is none of a pair. */
export function eyesName(base: string): string | undefined {
  return pair.exec(lastName(base))?.[2];
}

/** The address of a pair. @param address of the model's own file. @param eyes name of the file beside it. */
export function withEyes(address: string, eyes: string): string {
  return `${address.replace(/\/$/, '')}+${encodeURIComponent(eyes)}`;
}

function lastName(base: string): string {
  return decodeURIComponent(base.split('/').at(-2) ?? '');
}

export function hostOf(url: string): string {
  return new URL(url).host;
}

export function fileOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** `/owner/name/` and `/owner/name/tree/branch/` are pages; the files lie below `/resolve/branch/`. */
function hubFolder(path: string): string {
  const [, owner, name, kind, branch, ...rest] = path.split('/');
  if (owner === undefined || name === undefined || name === '' || kind === 'resolve') return path;
  if (kind === 'tree' || kind === 'blob') return ['', owner, name, 'resolve', branch, ...rest].join('/');
  return kind === '' ? `/${owner}/${name}/resolve/main/` : path;
}

function badAddress(address: string, why: string, cause?: unknown): AppError {
  return new AppError('network/bad-address', `"${address}" cannot be used as a model's address: ${why}.`, {
    details: { address },
    cause,
  });
}
