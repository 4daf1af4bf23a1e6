// What every realm of this project has (window, worker, service worker, Node) but ES2023's library does not
// declare. Code in an `any` folder may use these and nothing else of a browser.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
declare class URL {
  constructor(address: string, base?: string);
  readonly origin: string;
}
declare function atob(text: string): string;
declare function btoa(binary: string): string;
declare const crypto: { getRandomValues<T extends Uint8Array>(into: T): T };
