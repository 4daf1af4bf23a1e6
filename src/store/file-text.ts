// What may be wrong with a small file of a model's folder, whichever way it came: told by its first bytes, before
// anything of it is stored.
import { AppError } from '../base/errors';
import { isDeeperThan } from '../formats/json';

/** A clone without Git LFS holds such a text of some 130 bytes in place of each large file. */
const lfsFirstLine = /^version https:\/\/git-lfs\.github\.com\/spec\/v\d+\r?\n/;
/** No pointer is longer. */
export const lfsPointerBytes = 1024;

export function isLfsPointer(start: string | Uint8Array<ArrayBuffer>): boolean {
  return lfsFirstLine.test(
    typeof start === 'string' ? start : new TextDecoder().decode(start.subarray(0, lfsPointerBytes)),
  );
}

/** @param where the file comes from, as a person knows it: a host, or the chosen files. */
export function lfsPointer(file: string, where: string): AppError {
  return new AppError(
    'model/lfs-pointer',
    `${file} from ${where} is a Git LFS pointer and not the file itself: run "git lfs pull" in the folder it was cloned to.`,
    { details: { file, where } },
  );
}

/** Files of real models nest half a dozen levels. */
const maxDepth = 64;

export function isWebPage(text: string): boolean {
  return /^\s*</.test(text);
}

/** @throws AppError model/lfs-pointer, network/not-a-model */
export function checkJsonText(file: string, where: string, text: string): void {
  if (isLfsPointer(text)) throw lfsPointer(file, where);
  if (isDeeperThan(text, maxDepth)) {
    throw new AppError(
      'network/not-a-model',
      `${file} from ${where} nests deeper than ${maxDepth} levels: no model's file does.`,
      { details: { file, where } },
    );
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      'network/not-a-model',
      `${file} from ${where} is not JSON (${text.length} characters): it was cut off, or it is another file.`,
      { details: { file, where, length: text.length }, retryable: true, cause },
    );
  }
}
