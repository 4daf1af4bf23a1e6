// Which wishes of a person reach which engine, and where each looks for its files.
import { beforeEach, describe, expect, it, vi } from 'vitest';

interface Init {
  readonly resolve: (model: string) => unknown;
  readonly mirrors?: (model: string) => readonly string[];
  readonly maxContextWindow?: number;
  readonly templateMode?: string;
}
const made = vi.hoisted((): { name: string; init: unknown } => ({ name: '', init: undefined }));
const maker = vi.hoisted(() => (name: string) => (init: unknown) => Object.assign(made, { name, init }));
vi.mock('../engines/wgsl/wgsl-engine', () => ({ createWgslEngine: maker('wgsl') }));
vi.mock('../engines/wllama/wllama-engine', () => ({ createWllamaEngine: maker('wllama') }));
vi.mock('../engines/webllm/webllm-engine', () => ({ createWebLlmEngine: maker('webllm') }));
const { engineMaker } = await import('./engine-makers');

const appBase = 'https://phield.example/';
const own = 'https://models.example/mine/';
const webllmModel = 'Phi-3-mini-4k-instruct-q4f16_1-MLC';

async function initOf(...args: Parameters<typeof engineMaker>): Promise<Init> {
  const make = await engineMaker(...args);
  expect(made.name).toBe('');
  make();
  expect(made.name).toBe(args[0]);
  return made.init as Init;
}

beforeEach(() => Object.assign(made, { name: '', init: undefined }));

describe('engineMaker', () => {
  const wish = { contextWindow: 1024, template: 'mlc' } as const;

  it('gives our engine both wishes, or neither', async () => {
    expect(await initOf('wgsl', appBase, wish)).toMatchObject({
      maxContextWindow: 1024,
      templateMode: 'mlc',
    });
    made.name = '';
    const init = await initOf('wgsl', appBase);
    expect(init).not.toHaveProperty('maxContextWindow');
    expect(init).not.toHaveProperty('templateMode');
  });

  it('gives llama.cpp the window: templates of its files are its own', async () => {
    const init = await initOf('wllama', appBase, wish);
    expect(init).toMatchObject({ maxContextWindow: 1024 });
    expect(init).not.toHaveProperty('templateMode');
    made.name = '';
    expect(await initOf('wllama', appBase, {})).not.toHaveProperty('maxContextWindow');
  });

  it('gives WebLLM the template: the window of its library is fixed', async () => {
    const init = await initOf('webllm', appBase, wish);
    expect(init).toMatchObject({ templateMode: 'mlc' });
    expect(init).not.toHaveProperty('maxContextWindow');
    made.name = '';
    expect(await initOf('webllm', appBase)).not.toHaveProperty('templateMode');
  });

  it.each(['wgsl', 'wllama'] as const)(
    'lets %s find a model of the catalogue and an own one',
    async (name) => {
      const { resolve, mirrors } = await initOf(name, appBase);
      expect(resolve(own)).toBe(own);
      expect(mirrors?.(own)).toEqual([]);
      expect(resolve('phield-tiny')).toBe(`${appBase}models/phield-tiny/`);
    },
  );

  it('lets WebLLM find a build with its library', async () => {
    const { resolve } = await initOf('webllm', appBase);
    expect(resolve(webllmModel)).toMatchObject({ id: webllmModel });
    expect(() => resolve(own)).toThrow(expect.objectContaining({ code: 'model/bad-library' }) as Error);
  });
});
