// Addresses of model folders: what may be one, and in which single form the store knows it.
import { AppError } from '../base/errors';

/**
 * The folder's address as the store knows it: absolute http(s), no query, fragment or password, ending in a slash.
 * @throws AppError network/bad-address
 */
export function folderAddress(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw badAddress(address, 'it is not a full address such as https://example.org/models/my-model/', cause);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badAddress(address, `it starts with ${url.protocol} and only https: and http: can be fetched`);
  }
  if (url.username !== '' || url.password !== '')
    throw badAddress(address, 'it carries a user name or password');
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}

/**
 * A file of the folder.
 * @throws AppError network/bad-address when the name would leave the folder
 */
export function fileAddress(base: string, name: string): string {
  if (name === '' || /[\\?#]|^\/|^[a-z][a-z0-9+.-]*:/i.test(name) || name.split('/').includes('..')) {
    throw badAddress(name, 'a model file must be named by a plain path inside its folder');
  }
  return new URL(name, base).href;
}

export function hostOf(url: string): string {
  return new URL(url).host;
}

function badAddress(address: string, why: string, cause?: unknown): AppError {
  return new AppError('network/bad-address', `"${address}" cannot be used as a model's address: ${why}.`, {
    details: { address },
    cause,
  });
}
