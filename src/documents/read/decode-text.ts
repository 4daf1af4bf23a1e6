// Bytes to text: byte order marks first, then what the bytes can only be. Nothing is guessed that would be silent: the
// encoding that was taken is part of the document's record.
import { AppError } from '../../base/errors';
import type { TextEncoding } from '../document';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** @throws AppError `documents/unsupported-kind` where the bytes are no text. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (!looksLikeText(text))
    throw new AppError('documents/unsupported-kind', 'The file holds bytes that are not text.', {
      details: { kind: 'binary' },
    });
  return { text, encoding };
}

function encodingOf(bytes: Uint8Array): TextEncoding {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  const silent = silentUtf16(bytes);
  if (silent) return silent;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** UTF-16 without a mark: in Latin text every other byte is zero. */
function silentUtf16(bytes: Uint8Array): TextEncoding | undefined {
  const length = Math.min(bytes.length, 4096) & ~1;
  if (length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const most = length / 2;
  if (odd > most * 0.4 && even < most * 0.02) return 'utf-16le';
  if (even > most * 0.4 && odd < most * 0.02) return 'utf-16be';
  return undefined;
}

/** Text has hardly any control characters; a program or a picture is full of them. */
function looksLikeText(text: string): boolean {
  const sample = text.slice(0, 20_000);
  let odd = 0;
  for (let at = 0; at < sample.length; at++) {
    const code = sample.charCodeAt(at);
    if (code === 0) return false;
    if ((code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) || code === 0xfffd) odd++;
  }
  return odd <= sample.length * 0.02;
}
