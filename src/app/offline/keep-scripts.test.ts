import { describe, expect, it } from 'vitest';
import { keepScripts, type Keeper } from './keep-scripts';

const at = (name: string): string => `https://phield.example/app/assets/${name}`;
const scripts: Record<string, string> = {
  'webllm-engine-a1.js': `import{x}from"./tokenizer-b2.js";const w=()=>import("./web-llm-c3.js");`,
  'web-llm-c3.js': `export const engine="./not-a-script.json";import('./webllm-engine-a1.js')`,
  'tokenizer-b2.js': '',
};

const addressOf = (request: RequestInfo | URL): string =>
  request instanceof Request ? request.url : request.toString();

function browser(kept: Record<string, string> = {}) {
  const held = new Map(Object.entries(kept).map(([name, text]) => [at(name), text]));
  const fetched: string[] = [];
  const keeper: Keeper = {
    open: () =>
      Promise.resolve({
        match: (url) => {
          const text = held.get(addressOf(url));
          return Promise.resolve(text === undefined ? undefined : new Response(text));
        },
        put: async (url, response) => void held.set(addressOf(url), await response.text()),
        delete: (url) => Promise.resolve(held.delete(addressOf(url))),
        keys: () => Promise.resolve([...held.keys()].map((url) => new Request(url))),
      }),
    fetch: (address) => {
      fetched.push(address);
      const text = scripts[address.slice(at('').length)];
      return Promise.resolve(new Response(text, { status: text === undefined ? 404 : 200 }));
    },
  };
  return { keeper, held, fetched };
}

describe('the scripts of an engine', () => {
  it('are kept with those of it that they import, each fetched once', async () => {
    const { keeper, held, fetched } = browser();
    expect(await keepScripts(at('webllm-engine-a1.js'), keeper)).toBe(true);
    expect([...held.keys()].sort()).toEqual([at('web-llm-c3.js'), at('webllm-engine-a1.js')]);
    expect(await keepScripts(at('webllm-engine-a1.js'), keeper)).toBe(true);
    expect(fetched).toHaveLength(2);
  });

  it('take the place of an older build', async () => {
    const { keeper, held } = browser({ 'web-llm-old.js': '' });
    await keepScripts(at('webllm-engine-a1.js'), keeper);
    expect(held.has(at('web-llm-old.js'))).toBe(false);
  });

  it('are no reason to fail where they cannot be kept', async () => {
    const { keeper, held } = browser();
    expect(await keepScripts(at('web-llm-gone.js'), keeper)).toBe(false);
    expect(await keepScripts('https://phield.example/src/engines/webllm/webllm-engine.ts', keeper)).toBe(
      false,
    );
    expect(held.size).toBe(0);
    const full = { ...keeper, open: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) };
    expect(await keepScripts(at('webllm-engine-a1.js'), full)).toBe(false);
    expect(await keepScripts(at('webllm-engine-a1.js'))).toBe(false);
  });
});
