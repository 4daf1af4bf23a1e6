// A model that sees by a second file, by its address: `…/x.gguf+mmproj-x.gguf/`, as the store names it.

const pair = /(\.gguf)(?:\+|%2B)[^/]+\.gguf(?=\/?$)/i;

/** Whether it can see pictures, where llama.cpp runs it. */
export const isPair = (base: string): boolean => pair.test(base);

/** The address of the model without what it sees by; undefined where it has none. */
export const textAlone = (base: string): string | undefined =>
  isPair(base) ? base.replace(pair, '$1') : undefined;
