// One request for the bytes of a file from an offset on, read to its end or its failure. Decides what the answer
// means (continues, starts over, is another version, is too long); keeps nothing.
import { AppError } from '../../base/errors';
import { fileOf, hostOf } from '../address';
import type { PartSource } from '../disk/keys';
import { isLfsPointer, lfsPointer, lfsPointerBytes } from '../file-text';
import { bodyOf, connectionError, requestFile, type Fetch } from './request';
import { Watchdog, type StallLimit } from './watchdog';

export interface RangeAnswer {
  /** Offset of the body's first byte in the file. */
  readonly start: number;
  readonly source: PartSource;
}

export interface RangeRequest {
  readonly url: string;
  readonly from: number;
  readonly nbytes: number;
  /** Version of the bytes that are here already. */
  readonly source: PartSource | undefined;
  readonly fetch: Fetch;
  readonly stall: StallLimit;
  readonly signal: AbortSignal;
  /** @returns how many bytes at the start of the body to skip. */
  readonly onAnswer: (answer: RangeAnswer) => Promise<number>;
  readonly onBytes: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/**
 * Resolves when the body ended, which may be early: the caller counts.
 * @throws AppError network/* (retryable or not), storage/integrity when the file cannot be the manifest's
 */
export async function readRange(request: RangeRequest): Promise<void> {
  const { url, from, nbytes, fetch, stall, signal } = request;
  const watchdog = new Watchdog(url, stall, signal);
  try {
    const response = await requestRange(request, fetch, watchdog.signal);
    await refusePointer(response, request, watchdog.signal);
    const answer = answerOf(response, request);
    let skip = await request.onAnswer(answer);
    let bodyBytes = 0;
    for await (const piece of bodyOf(response, url, watchdog)) {
      if (from === 0 && bodyBytes === 0 && isLfsPointer(piece)) throw lfsPointer(fileOf(url), hostOf(url));
      bodyBytes += piece.byteLength;
      if (answer.start + bodyBytes > nbytes) throw wrongLength(url, nbytes, `more than ${nbytes}`);
      const fresh = skip > 0 ? piece.subarray(Math.min(skip, piece.byteLength)) : piece;
      skip -= piece.byteLength - fresh.byteLength;
      if (fresh.byteLength > 0) await request.onBytes(fresh);
    }
    // Ended where the server said the file ends: no line failed, the file is another one.
    const announced = response.headers.get('content-length');
    if (response.status === 200 && bodyBytes < nbytes && Number(announced ?? -1) === bodyBytes) {
      throw wrongLength(url, nbytes, String(bodyBytes));
    }
  } catch (thrown) {
    // Nothing of the file lies beyond `from`: it is shorter than the manifest says.
    if (thrown instanceof AppError && thrown.details['status'] === 416) {
      throw wrongLength(url, nbytes, `at most ${from}`);
    }
    throw thrown;
  } finally {
    watchdog.stop();
  }
}

/** A host that says how short the file is would else be told by that alone, whatever it holds. */
async function refusePointer(
  response: Response,
  { url, from, nbytes }: RangeRequest,
  signal: AbortSignal,
): Promise<void> {
  const range = response.headers.get('content-range')?.split('/')[1];
  const size = Number(range ?? response.headers.get('content-length') ?? NaN);
  if (from > 0 || nbytes <= lfsPointerBytes || !(size <= lfsPointerBytes)) return;
  let text: string;
  try {
    text = await response.text();
  } catch (thrown) {
    throw connectionError(url, signal, thrown);
  }
  throw isLfsPointer(text) ? lfsPointer(fileOf(url), hostOf(url)) : wrongLength(url, nbytes, String(size));
}

function requestRange(request: RangeRequest, fetch: Fetch, signal: AbortSignal): Promise<Response> {
  const { url, from, source } = request;
  const headers: Record<string, string> = { range: `bytes=${from}-` };
  // If-Range is not a header a server allows across origins unasked: there the ETag of the answer is compared.
  if (from > 0 && source?.etag && source.host === hostOf(url) && isSameOrigin(url))
    headers['if-range'] = source.etag;
  return requestFile({ url, signal, fetch, headers });
}

function answerOf(response: Response, { url, from, nbytes, source }: RangeRequest): RangeAnswer {
  const etag = response.headers.get('etag');
  const answered: PartSource = {
    host: hostOf(url),
    // A weak ETag says "means the same", not "is the same bytes".
    etag: etag !== null && !etag.startsWith('W/') ? etag : null,
  };
  if (response.status !== 206) return { start: 0, source: answered };
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (range && range[2] !== '*' && Number(range[2]) !== nbytes)
    throw wrongLength(url, nbytes, String(range[2]));
  const changed =
    from > 0 &&
    source?.host === answered.host &&
    source.etag !== null &&
    answered.etag !== null &&
    source.etag !== answered.etag;
  if (changed || (range && Number(range[1]) !== from)) {
    throw new AppError(
      'storage/integrity',
      `${fileOf(url)} changed on ${answered.host} while it was being downloaded; it must start over.`,
      { details: { url, file: fileOf(url), host: answered.host }, retryable: true },
    );
  }
  return { start: from, source: answered };
}

function wrongLength(url: string, nbytes: number, actual: string): AppError {
  return new AppError(
    'storage/integrity',
    `${fileOf(url)} from ${hostOf(url)} has ${actual} bytes; the manifest says ${nbytes}.`,
    { details: { url, file: fileOf(url), host: hostOf(url), expectedBytes: nbytes }, retryable: true },
  );
}

function isSameOrigin(url: string): boolean {
  return typeof location !== 'undefined' && new URL(url).origin === location.origin;
}
