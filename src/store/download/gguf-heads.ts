// The heads of a GGUF model over the network: a few hundred kilobytes by ranges, before anything big. What is kept of
// them is one text (formats/gguf/model-file.ts); the list of tensors that the store goes by follows from it.
import { manifestOf, parseHeads, partNames, readHeads, type GgufSource } from '../../formats/gguf/model-file';
import { eyesName, fileAddress, fileOf, ggufName, hostOf } from '../address';
import { AppError } from '../../base/errors';
import { isLfsPointer, isWebPage, lfsPointer } from '../file-text';
import { bodyOf, requestFile, webPage, type Fetch } from './request';
import { Watchdog, type StallLimit } from './watchdog';

export interface HeadRequest {
  /** The model's, or a mirror's. */
  readonly base: string;
  readonly fetch: Fetch;
  readonly stall: StallLimit;
  readonly signal: AbortSignal;
  /** The commit that the host says its answer is of. */
  readonly onCommit?: (commit: string) => void;
}

/** @returns the text of the heads. @throws AppError network/*, model/bad-gguf, model/unsupported-arch */
export async function fetchHeads(request: HeadRequest): Promise<string> {
  const open = (name: string): Promise<GgufSource> => openRemote(fileAddress(request.base, name), request);
  return (await readHeads(ggufName(request.base), open, eyesName(request.base))).text;
}

/** The list of tensors, in the schema of an MLC folder's. */
export function manifestOfHeads(
  base: string,
  heads: string,
): { readonly name: string; readonly text: string } {
  return { name: partNames(ggufName(base))[0] ?? ggufName(base), text: manifestOf(parseHeads(heads)) };
}

const firstBytes = 2 ** 20;

async function openRemote(url: string, request: HeadRequest): Promise<GgufSource> {
  const first = await readBytes(url, 0, firstBytes, request);
  const { nbytes } = first;
  return {
    nbytes,
    read: async (from, to) => {
      if (to <= first.bytes.byteLength) return first.bytes.slice(from, to);
      return (await readBytes(url, from, to, request)).bytes;
    },
  };
}

/** Bytes from .. to - 1, or to the file's end; from a server that knows no ranges too, whose answer is left early. */
async function readBytes(
  url: string,
  from: number,
  to: number,
  { fetch, stall, signal, onCommit }: HeadRequest,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly nbytes: number }> {
  const watchdog = new Watchdog(url, stall, signal);
  try {
    const headers = { range: `bytes=${from}-${to - 1}` };
    const response = await requestFile({ url, signal: watchdog.signal, fetch, headers });
    const commit = response.headers.get('x-repo-commit');
    if (commit !== null) onCommit?.(commit);
    const ranged = response.status === 206;
    const [, total] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    const nbytes = Number(ranged ? total : (response.headers.get('content-length') ?? undefined));
    if (!Number.isSafeInteger(nbytes) || nbytes <= 0) throw unsized(url);
    const end = Math.min(to, nbytes);
    const out = new Uint8Array(Math.max(0, end - from));
    let at = ranged ? from : 0;
    for await (const piece of bodyOf(response, url, watchdog)) {
      const skip = Math.max(0, from - at);
      if (skip < piece.byteLength && at + skip < end)
        out.set(piece.subarray(skip, Math.min(piece.byteLength, end - at)), at + skip - from);
      at += piece.byteLength;
      if (at >= end) break;
    }
    if (at < end) throw cutOff(url);
    if (from === 0) checkStart(url, out);
    return { bytes: out, nbytes };
  } finally {
    watchdog.stop();
  }
}

function checkStart(url: string, bytes: Uint8Array<ArrayBuffer>): void {
  if (isLfsPointer(bytes)) throw lfsPointer(fileOf(url), hostOf(url));
  if (isWebPage(new TextDecoder().decode(bytes.subarray(0, 64)))) throw webPage(url);
}

function unsized(url: string): AppError {
  return new AppError(
    'network/not-a-model',
    `${hostOf(url)} does not say how long ${fileOf(url)} is: it cannot be loaded from there.`,
    { details: { url } },
  );
}

function cutOff(url: string): AppError {
  return new AppError('network/offline', `The connection to ${hostOf(url)} ended early for ${fileOf(url)}.`, {
    details: { url },
    retryable: true,
  });
}
