// Stop strings over a stream of text pieces. Text that could be the beginning of a stop string is held back until
// the next piece decides, so that nothing of a stop string is ever shown.

export class StopFilter {
  private held = '';

  /** @param stops non-empty strings. */
  constructor(private readonly stops: readonly string[]) {}

  /** @returns what may be shown now, and whether a stop string came: then nothing follows. */
  push(piece: string): { readonly text: string; readonly stopped: boolean } {
    const text = this.held + piece;
    // The earliest end of text wins when several are found.
    const at = Math.min(...this.stops.map((stop) => indexOrEnd(text, stop)), text.length);
    if (at < text.length) {
      this.held = '';
      return { text: text.slice(0, at), stopped: true };
    }
    const keep = Math.max(0, ...this.stops.map((stop) => overlap(text, stop)));
    this.held = text.slice(text.length - keep);
    return { text: text.slice(0, text.length - keep), stopped: false };
  }

  /** What is still held back, when the text ends for another reason. */
  flush(): string {
    const text = this.held;
    this.held = '';
    return text;
  }
}

function indexOrEnd(text: string, stop: string): number {
  const at = text.indexOf(stop);
  return at < 0 ? text.length : at;
}

/** Length of the longest end of `text` with which `stop` begins. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
