// The Rust tokenizer WebLLM uses, for comparison. Its package calls itself an ES module but is a UMD bundle: under
// Node it hangs itself on the global object, and its wasm glue looks for CommonJS names there.
import { createRequire } from 'node:module';

type Library = typeof import('@mlc-ai/web-tokenizers');

export interface ReferenceTokenizer {
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
}

let library: Promise<Library> | undefined;

export async function referenceTokenizer(json: string): Promise<ReferenceTokenizer> {
  const { Tokenizer } = await (library ??= load());
  const inner = await Tokenizer.fromJSON(new TextEncoder().encode(json).buffer);
  return {
    encode: (text) => [...inner.encode(text)],
    decode: (ids) => inner.decode(Int32Array.from(ids)),
  };
}

async function load(): Promise<Library> {
  Object.assign(globalThis, {
    require: createRequire(import.meta.url),
    __dirname: import.meta.dirname,
    __filename: import.meta.filename,
  });
  await import('@mlc-ai/web-tokenizers');
  return (globalThis as unknown as { readonly tokenizers: Library }).tokenizers;
}
