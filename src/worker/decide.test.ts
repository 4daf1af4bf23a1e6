// What is loaded for a name: which engine, which build, and what is asked or measured before anything big is fetched.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelFit, NumericsReport } from '../protocol/models';
import { withLibrary } from '../store/address';
import type { ModelStatus } from '../store/store';

const fakes = vi.hoisted(() => ({
  status: undefined as unknown as (base: string) => Partial<ModelStatus>,
  preflight: vi.fn(),
  measure: vi.fn(),
  fit: {},
  numerics: true,
  library: undefined as string | undefined,
}));
const store = {
  status: (base: string) => Promise.resolve({ base, ...fakes.status(base) }),
  preflight: fakes.preflight,
  libraryAddress: () => Promise.resolve(fakes.library),
};
vi.mock('./engine-makers', () => ({ store, engineMaker: vi.fn() }));
vi.mock('../engines/device-probe', () => ({ probeDevice: () => Promise.resolve({ key: 'a device' }) }));
vi.mock('../engines/measure-memory', () => ({ measureMemory: fakes.measure }));
vi.mock('../engines/fit', () => ({
  fitModel: () => fakes.fit,
  memoryOf: () => ({}),
  plannedBuffers: () => [1, 2, 3],
}));
vi.mock('../engines/choose', async (original) => ({
  ...(await original<typeof import('../engines/choose')>()),
  openChoiceMemory: () => ({ get: () => Promise.resolve(undefined), set: () => Promise.resolve() }),
  chooseEngine: ({ fit, wish }: { fit: ModelFit; wish?: string }) => {
    const numerics = { ok: fakes.numerics } as NumericsReport;
    const engine = fakes.numerics ? (wish ?? fit.engines[0]) : 'webllm';
    return Promise.resolve({ engine, why: fakes.numerics ? 'not-measured' : 'numerics-failed', numerics });
  },
}));
const { decide } = await import('./decide');

const signal = new AbortController().signal;
const appBase = 'https://phield.example/';
const own = 'https://models.example/mine/';
const big = 60_000_000;

beforeEach(() => {
  vi.clearAllMocks();
  fakes.status = () => ({ complete: false, totalBytes: undefined });
  fakes.preflight.mockResolvedValue({ base: own, totalBytes: 1_000_000, shards: 1 });
  fakes.measure.mockResolvedValue(undefined);
  fakes.numerics = true;
  fakes.library = undefined;
  fakes.fit = {
    verdict: 'fits',
    build: 'Phi-3-mini-4k-instruct-q4f16_1-MLC',
    engines: ['wgsl', 'webllm'],
    contextWindow: 4096,
  };
});

describe('the embedded model', () => {
  it('starts on our engine, and nothing is looked at first', async () => {
    expect(await decide('phield-tiny', appBase, {}, signal)).toEqual({
      build: 'phield-tiny',
      choice: { engine: 'wgsl', why: 'only-one' },
      otherEngine: 'wllama',
    });
    expect(fakes.preflight).not.toHaveBeenCalled();
    expect(fakes.measure).not.toHaveBeenCalled();
  });
});

describe('the processor', () => {
  it('is taken where a person asks for it, without a look at the GPU', async () => {
    expect(await decide('phield-tiny', appBase, { engine: 'wllama' }, signal)).toEqual({
      build: 'phield-tiny',
      choice: { engine: 'wllama', why: 'asked-for' },
    });
    const file = 'imported:/mine.gguf';
    expect((await decide(file, appBase, { engine: 'wllama' }, signal)).choice.engine).toBe('wllama');
  });

  it('is not taken for a folder of MLC’s, which it cannot read', async () => {
    fakes.status = () => ({ totalBytes: big });
    expect((await decide(own, appBase, { engine: 'wllama' }, signal)).choice.engine).toBe('wgsl');
  });

  it('asks before a download that nobody has said yes to', async () => {
    const file = 'https://models.example/big.gguf';
    fakes.preflight.mockResolvedValue({ base: file, totalBytes: big, shards: 1 });
    await expect(decide(file, appBase, { engine: 'wllama' }, signal)).rejects.toMatchObject({
      code: 'run/needs-consent',
    });
  });
});

describe("a person's own folder", () => {
  it('is looked at before it is loaded, and then runs on our engine', async () => {
    expect((await decide(own, appBase, {}, signal)).choice).toEqual({ engine: 'wgsl', why: 'only-one' });
    expect(fakes.preflight).toHaveBeenCalledOnce();
  });

  it('is not looked at again once its files are known, or when it came from files', async () => {
    fakes.status = () => ({ totalBytes: big });
    await decide(own, appBase, {}, signal);
    await decide('imported:/stick/', appBase, {}, signal);
    expect(fakes.preflight).not.toHaveBeenCalled();
  });

  it('is asked about when it is big and nobody has said yes', async () => {
    fakes.preflight.mockResolvedValue({ base: own, totalBytes: big, shards: 2 });
    await expect(decide(own, appBase, {}, signal)).rejects.toMatchObject({
      code: 'run/needs-consent',
      details: { bytes: big, folder: own },
    });
    await expect(decide(own, appBase, { agreed: true }, signal)).resolves.toMatchObject({ build: own });
    fakes.preflight.mockResolvedValue({ base: own, totalBytes: 49_999_999, shards: 2 });
    await expect(decide(own, appBase, {}, signal)).resolves.toMatchObject({ build: own });
  });

  it('runs on WebLLM by the library that came with it, also where only the folder is named later', async () => {
    const library = 'https://b.example/mine.wasm';
    const expected = { build: withLibrary(own, library), choice: { engine: 'webllm', why: 'only-one' } };
    expect(await decide(withLibrary(own, library), appBase, {}, signal)).toEqual(expected);
    expect(fakes.preflight.mock.lastCall?.[0]).toBe(withLibrary(own, library));
    fakes.library = library;
    expect(await decide(own, appBase, {}, signal)).toEqual(expected);
  });

  it('is refused in the words of the look', async () => {
    fakes.preflight.mockRejectedValue(new Error('no such folder'));
    await expect(decide(own, appBase, { agreed: true }, signal)).rejects.toThrow('no such folder');
  });
});

describe('a model of the list', () => {
  const agreed = { agreed: true };

  it('is asked about before its first download, not when it is here or on the way', async () => {
    await expect(decide('phi-3-mini', appBase, {}, signal)).rejects.toMatchObject({
      code: 'run/needs-consent',
      details: { folder: expect.stringContaining('Phi-3-mini') },
    });
    expect(fakes.measure).not.toHaveBeenCalled();
    fakes.status = () => ({ complete: false, totalBytes: big });
    await expect(decide('phi-3-mini', appBase, {}, signal)).resolves.toBeTruthy();
  });

  it('has its memory measured once before a download, and not when it is complete', async () => {
    fakes.fit = { ...fakes.fit, contextWindow: 1024 };
    await decide('phi-3-mini', appBase, agreed, signal);
    await decide('phi-3-mini', appBase, agreed, signal);
    expect(fakes.measure.mock.calls).toEqual([[[1, 2, 3], { signal }]]);
    fakes.fit = { ...fakes.fit, contextWindow: 2048 };
    fakes.status = () => ({ complete: true, totalBytes: big });
    await decide('phi-3-mini', appBase, agreed, signal);
    expect(fakes.measure).toHaveBeenCalledOnce();
  });

  it('is measured again when the first time there was no room', async () => {
    fakes.fit = { ...fakes.fit, contextWindow: 512 };
    fakes.measure.mockRejectedValueOnce(new Error('no room'));
    await expect(decide('phi-3-mini', appBase, agreed, signal)).rejects.toThrow('no room');
    await decide('phi-3-mini', appBase, agreed, signal);
    expect(fakes.measure).toHaveBeenCalledTimes(2);
  });

  it('names the other engine, but not one whose numbers are wrong', async () => {
    expect(await decide('phi-3-mini', appBase, agreed, signal)).toMatchObject({
      build: 'Phi-3-mini-4k-instruct-q4f16_1-MLC',
      contextWindow: 4096,
      choice: { engine: 'wgsl' },
      otherEngine: 'webllm',
    });
    fakes.numerics = false;
    const decision = await decide('phi-3-mini', appBase, agreed, signal);
    expect(decision.choice.engine).toBe('webllm');
    expect(decision.otherEngine).toBeUndefined();
  });

  it.each([{ verdict: 'cannot' as const }, { build: undefined }])(
    'is refused where it cannot run: %j',
    async (change) => {
      const reason = { code: 'memory' as const, text: 'It needs 3 GiB.', details: {} };
      fakes.fit = { ...fakes.fit, ...change, reason };
      await expect(decide('phi-3-mini', appBase, agreed, signal)).rejects.toMatchObject({
        code: 'gpu/out-of-memory',
      });
    },
  );
});
