// Token ids -> bytes -> text, a token at a time. One byte table made on first use and one streaming UTF-8 decoder:
// a character split over several tokens appears whole or not at all, and no text is ever decoded twice.
import type { ByteRule } from './check-tokenizer';

/** The bytes each id stands for. Control tokens stand for none: their spelling is not text. */
export class TokenBytes {
  private readonly cache: (Uint8Array | undefined)[] = [];
  private readonly encoder = new TextEncoder();

  constructor(
    private readonly tokens: readonly (string | undefined)[],
    private readonly isControl: (id: number) => boolean,
    readonly rule: ByteRule,
  ) {}

  of(id: number): Uint8Array {
    const known = this.cache[id];
    if (known) return known;
    const token = this.isControl(id) ? undefined : this.tokens[id];
    const bytes = token === undefined ? new Uint8Array() : this.bytesOfToken(token);
    this.cache[id] = bytes;
    return bytes;
  }

  private bytesOfToken(token: string): Uint8Array {
    if (this.rule.kind === 'byte-level') return bytesOfByteLevel(token, this.encoder);
    if (this.rule.byteFallback && /^<0x[0-9A-Fa-f]{2}>$/.test(token)) {
      return Uint8Array.of(parseInt(token.slice(3, 5), 16));
    }
    let text = token;
    for (const { from, to } of this.rule.replace) text = text.replaceAll(from, () => to);
    return this.encoder.encode(text);
  }
}

/**
 * Text of a growing list of ids. Where bytes are not valid UTF-8 each bad stretch becomes U+FFFD as soon as it is
 * known to be bad, as WHATWG decoders do; Hugging Face's ByteFallback waits for the end of a run of byte tokens
 * and then turns all of it into U+FFFD, which a stream that has shown the good part cannot.
 */
export class StreamDecoder {
  // ignoreBOM: a U+FEFF the model writes is text like any other.
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  private spacesToStrip: number;

  constructor(private readonly bytes: TokenBytes) {
    this.spacesToStrip = bytes.rule.kind === 'pieces' ? bytes.rule.stripStart : 0;
  }

  /** What one more token adds: '' while a character is incomplete. */
  push(id: number): string {
    const bytes = this.bytes.of(id);
    return bytes.length === 0 ? '' : this.strip(this.utf8.decode(bytes, { stream: true }));
  }

  /** What is left at the end: U+FFFD for a character that never completed. */
  flush(): string {
    return this.strip(this.utf8.decode());
  }

  private strip(text: string): string {
    let from = 0;
    while (this.spacesToStrip > 0 && from < text.length) {
      if (text[from] === ' ') {
        from++;
        this.spacesToStrip--;
      } else {
        this.spacesToStrip = 0;
      }
    }
    return from === 0 ? text : text.slice(from);
  }
}

/** Byte-level BPE writes each byte as a printable character: itself where printable, else U+0100 and up in order. */
const byteOfChar: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
})();

function bytesOfByteLevel(token: string, encoder: TextEncoder): Uint8Array {
  const bytes: number[] = [];
  for (const char of token) {
    const byte = byteOfChar.get(char);
    if (byte === undefined) return encoder.encode(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
