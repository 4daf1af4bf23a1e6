import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, type CatalogueModel } from '../store/catalogue/catalogue';
import type { DeviceProbe } from './device-probe';
import { estimateMemory, fitModel, largestTensorBytes, listModels, memoryOf, plannedBuffers } from './fit';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** A laptop's GPU of today. */
const laptop: DeviceProbe = {
  adapter: { vendor: 'apple', architecture: 'metal-3', description: '', isFallback: false, shaderF16: true },
  limits: {
    maxBufferSize: 4 * GiB,
    maxStorageBufferBindingSize: 4 * GiB,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 1024,
  },
  subgroups: true,
  deviceMemoryGiB: 8,
  key: 'laptop',
};
const withoutF16: DeviceProbe = { ...laptop, adapter: { ...laptop.adapter, shaderF16: false } };
const software: DeviceProbe = {
  ...withoutF16,
  adapter: { ...withoutF16.adapter, vendor: 'google', architecture: 'swiftshader', isFallback: true },
};
const limited = (limits: Partial<DeviceProbe['limits']>): DeviceProbe => ({
  ...laptop,
  limits: { ...laptop.limits, ...limits },
});
const memory = (deviceMemoryGiB: number | undefined): DeviceProbe => ({ ...laptop, deviceMemoryGiB });

function model(id: string): CatalogueModel {
  const found = catalogue.find((entry) => entry.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

test('Phi-3-mini in WebLLM: weights, cache and work by hand', () => {
  const f16 = estimateMemory(model('phi-3-mini'), 'q4f16_1', 'webllm', 4096);
  expect(f16.weights).toBe(2_149_644_288);
  expect(f16.kvCache).toBe(384 * 1024 * 4096);
  // WebLLM declares 3672.07 MB.
  expect(f16.total / MiB).toBeGreaterThan(3650);
  expect(f16.total / MiB).toBeLessThan(3690);
  const f32 = estimateMemory(model('phi-3-mini'), 'q4f32_1', 'webllm', 1024);
  expect(f32.kvCache).toBe(768 * 1024 * 1024);
  expect(f32.weights).toBe(2_149_644_288 + (2 * 3_821_079_552) / 32);
});

test('our engine keeps bf16 scales packed, so q4f32_1 weighs what q4f16_1 weighs', () => {
  const { weights } = estimateMemory(model('phi-3-mini'), 'q4f32_1', 'wgsl', 4096);
  expect(weights).toBe(2_149_644_288);
});

/** The table of docs/models.md. */
function declaredTable(): string {
  const rows = catalogue.flatMap((entry) =>
    entry.builds.flatMap(({ id, quantization, contextWindow, webllm }) => {
      if (!webllm) return [];
      const { weights, kvCache, work, total } = estimateMemory(entry, quantization, 'webllm', contextWindow);
      const cells = [weights, kvCache, work, total].map((bytes) => (bytes / MiB).toFixed(0));
      const difference = total / MiB - webllm.declaredMemoryMB;
      return [
        [id, contextWindow, ...cells, webllm.declaredMemoryMB.toFixed(0), difference.toFixed(0)].join(' | '),
      ];
    }),
  );
  return rows.map((row) => `| ${row} |`).join('\n');
}

test('docs/models.md has the table of our estimates against what WebLLM declares', () => {
  const document = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
  const cells = (text: string): string[][] =>
    text
      .split('\n')
      .filter((line) => /^\| *phi-/i.test(line) && line.split('|').length === 10)
      .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells(document)).toEqual(cells(declaredTable()));
});

test.each([
  ['Phi-3-mini-4k-instruct-q4f16_1-MLC', 40],
  ['Phi-3-mini-4k-instruct-q4f16_1-MLC-1k', 40],
  ['Phi-3.5-mini-instruct-q4f32_1-MLC', 60],
  ['phi-1_5-q4f16_1-MLC', 60],
])('%s is estimated within %i MiB of what WebLLM declares', (id, within) => {
  const [entry, build] =
    catalogue.flatMap((m) => m.builds.filter((b) => b.id === id).map((b) => [m, b] as const))[0] ?? [];
  if (!entry || !build?.webllm) throw new Error(`no ${id}`);
  const { total } = estimateMemory(entry, build.quantization, 'webllm', build.contextWindow);
  expect(Math.abs(total / MiB - build.webllm.declaredMemoryMB)).toBeLessThan(within);
});

test('the planned buffers hold what the estimate says, none larger than any adapter binds', () => {
  const plan = estimateMemory(model('phi-3-mini'), 'q4f16_1', 'wgsl', 4096);
  const sizes = plannedBuffers(model('phi-3-mini'), plan);
  expect(sizes.reduce((a, b) => a + b, 0) / plan.total).toBeCloseTo(1, 4);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(128 * MiB);
  expect(sizes.every((bytes) => bytes % 4 === 0)).toBe(true);
});

const cases = [
  // what, device, model, verdict, reason, build, engines
  [
    'a laptop',
    laptop,
    'phi-3-mini',
    'fits',
    'enough',
    'Phi-3-mini-4k-instruct-q4f16_1-MLC',
    ['wgsl', 'webllm'],
  ],
  ['no f16', withoutF16, 'phi-4-mini', 'fits', 'enough', 'Phi-4-mini-instruct-q4f16_1-MLC', ['wgsl']],
  ['no f16, no engine of ours', withoutF16, 'phi-2', 'fits', 'enough', 'phi-2-q4f32_1-MLC', ['webllm']],
  [
    '16 KiB of workgroup memory',
    limited({ maxComputeWorkgroupStorageSize: 16_384 }),
    'phi-2',
    'cannot',
    'limit',
    undefined,
    [],
  ],
  [
    '8 storage buffers',
    limited({ maxStorageBuffersPerShaderStage: 8 }),
    'phi-4-mini',
    'fits',
    'enough',
    'Phi-4-mini-instruct-q4f16_1-MLC',
    ['wgsl'],
  ],
  [
    'default binding size',
    limited({ maxStorageBufferBindingSize: 128 * MiB }),
    'phi-4-mini',
    'fits',
    'enough',
    'Phi-4-mini-instruct-q4f16_1-MLC',
    ['wgsl'],
  ],
  ['a software adapter', software, 'phi-3-mini', 'cannot', 'software-adapter', undefined, []],
  ['a software adapter', software, 'phield-tiny', 'fits', 'enough', 'phield-tiny-q4f16_1', ['wgsl']],
  ['2 GiB of memory', memory(2), 'phi-3-mini', 'cannot', 'memory', undefined, []],
  ['2 GiB of memory', memory(2), 'phi-1.5', 'tight', 'memory', 'phi-1_5-q4f16_1-MLC-1k', ['webllm']],
  ['any device', laptop, 'phi-3-small', 'cannot', 'obstacle', undefined, []],
  ['any device', laptop, 'phi-3-medium', 'cannot', 'obstacle', undefined, []],
] as const;
test.each(cases.map((row) => [`${row[0]}: ${row[2]}`, row] as const))('%s', (_, row) => {
  const [, probe, id, verdict, code, build, engines] = row;
  const fit = fitModel(model(id), probe);
  expect({ verdict: fit.verdict, code: fit.reason.code, build: fit.build, engines: fit.engines }).toEqual({
    verdict,
    code,
    build,
    engines,
  });
  expect(fit.reason.text).toMatch(/\w/);
});

test('memory is weighed for the engine that is taken, and by its own numbers', () => {
  const mini = model('phi-3-mini');
  const fit = fitModel(mini, laptop);
  expect(memoryOf(mini, fit, 'webllm', laptop)).toEqual(estimateMemory(mini, 'q4f16_1', 'webllm', 4096));
  const ours = memoryOf(mini, fit, 'wgsl', laptop);
  expect(ours).toEqual(estimateMemory(mini, 'q4f16_1', 'wgsl', 4096));
  const unpacked = estimateMemory(mini, 'q4f16_1', 'wgsl', 4096, { kvElementBytes: 4 });
  // A window of 2047, a chunk of 512, in pages of 512.
  expect(unpacked.kvCache).toBe(2 * 384 * 1024 * 2560);
  expect(estimateMemory(model('phi-3.5-mini'), 'q4f16_1', 'wgsl', 4096).kvCache).toBe(384 * 1024 * 4096);
  // A software adapter reads prompts in shorter steps.
  const short = estimateMemory(mini, 'q4f16_1', 'wgsl', 4096, { isFallback: true });
  expect(short.work).toBeLessThan(ours.work / 2);
});

test('a short context makes fit what a long one does not', () => {
  const small = fitModel(model('phi-3.5-mini'), memory(4));
  expect(small.contextWindow).toBe(1024);
  expect(small.verdict).toBe('tight');
  expect(small.reason.text).toMatch(/2\.\d GiB/);
  const wide = fitModel(model('phi-4-mini'), laptop);
  expect(wide.contextWindow).toBe(4096);
});

test.each([
  [4, 1024],
  [8, 4096],
  [undefined, 4096],
])('a device that says %s GiB starts with %i tokens, though more would be tight', (gib, contextWindow) => {
  expect(fitModel(model('phi-4-mini'), memory(gib)).contextWindow).toBe(contextWindow);
  // A wish is a wish.
  expect(fitModel(model('phi-4-mini'), memory(4), { contextWindow: 2048 }).contextWindow).toBe(2048);
});

test.each([
  // What no more than half of it can hold; where the browser says nothing, a laptop's.
  [1, 'en', 'smollm2-360m'],
  [1, 'pt', 'phield-tiny'],
  [2, 'en', 'llama-3.2-1b'],
  [2, 'pt', 'llama-3.2-1b'],
  [2, 'ja', 'qwen2.5-0.5b'],
  [4, 'en', 'qwen2.5-1.5b'],
  [4, 'pt', 'qwen2.5-1.5b'],
  [8, 'en', 'phi-3-mini'],
  [undefined, 'pt', 'phi-3.5-mini'],
] as const)('a device of %s GiB is offered, in %s, %s first', (deviceMemoryGiB, language, first) => {
  const { preselected, cards } = listModels(catalogue, memory(deviceMemoryGiB), { language });
  expect(preselected).toBe(first);
  const mini = cards.find(({ id }) => id === 'phi-3-mini')?.fit.verdict;
  expect(mini).toBe((deviceMemoryGiB ?? 8) < 4 ? 'cannot' : deviceMemoryGiB === 4 ? 'tight' : 'fits');
  // What is small and quick is there, and fits, wherever Phi-3-mini hardly does.
  for (const id of ['smollm2-135m', 'smollm2-360m'])
    expect(cards.find((card) => card.id === id)?.fit.verdict).toBe('fits');
});

test('a model that was never taught to chat is nobody’s first choice', () => {
  for (const gib of [1, 2, 4, 8, undefined])
    expect(listModels(catalogue, memory(gib)).preselected).not.toMatch(/^phi-(2|1\.5)$/);
});

test('the low-memory id is chosen where the context is short', () => {
  expect(fitModel(model('phi-3.5-mini'), memory(4)).build).toBe('Phi-3.5-mini-instruct-q4f16_1-MLC-1k');
});

test('an adapter that binds 512 MiB is one that WebLLM uses at 128 MiB: Phi-4-mini stays ours', () => {
  const probe = limited({ maxStorageBufferBindingSize: 512 * MiB });
  expect(fitModel(model('phi-4-mini'), probe).engines).toEqual(['wgsl']);
  expect(largestTensorBytes(model('phi-4-mini').shape)).toBe(307_298_304);
});

test.each([
  ['en', laptop, 'phi-3-mini'],
  ['en', memory(undefined), 'phi-3-mini'],
  ['pt-BR', laptop, 'phi-3.5-mini'],
  ['en', withoutF16, 'phi-3-mini'],
  ['en', memory(1), 'smollm2-360m'],
  ['en', software, 'phield-tiny'],
  ['pt', software, 'phield-tiny'],
] as const)('a person who speaks %s is offered what fits: %#', (language, probe, id) => {
  expect(listModels(catalogue, probe, { language }).preselected).toBe(id);
});

test('every card says why, in one sentence with its numbers', () => {
  for (const probe of [laptop, withoutF16, software, memory(2), memory(4)]) {
    for (const card of listModels(catalogue, probe).cards) {
      expect(card.fit.reason.text, card.id).toMatch(/\.$/);
      expect(card.fit.build === undefined).toBe(card.fit.verdict === 'cannot');
    }
  }
});

test('a cache with a window does not grow with the context, in our engine', () => {
  const cache = (engine: 'wgsl' | 'webllm', contextWindow: number): number =>
    estimateMemory(model('phi-3-mini'), 'q4f16_1', engine, contextWindow).kvCache / (384 * 1024);
  expect([cache('wgsl', 1024), cache('wgsl', 4096)]).toEqual([1024, 2560]);
  expect(cache('webllm', 4096)).toBe(4096);
});

test('a longer context than any build has is for our engine, of a model that goes up to it, where there is room', () => {
  const wish = (id: string, contextWindow: number, probe = laptop) =>
    fitModel(model(id), probe, { contextWindow });
  const phi4 = wish('phi-4-mini', 16_384);
  expect(phi4).toMatchObject({ contextWindow: 16_384, engines: ['wgsl'], verdict: 'tight' });
  expect(phi4.build).toBe('Phi-4-mini-instruct-q4f16_1-MLC');
  expect(wish('phi-4-mini', 8192)).toMatchObject({ contextWindow: 8192, verdict: 'fits' });
  // Phi-3-mini 4k was never shown more than 4096 positions; phi-2 2048.
  expect(wish('phi-3-mini', 16_384).contextWindow).toBe(4096);
  expect(wish('phi-2', 16_384).contextWindow).toBe(2048);
  // 12 KiB a token and layer: 16,384 of them are 192 MiB.
  const narrow = limited({ maxStorageBufferBindingSize: 128 * MiB });
  expect(wish('phi-3.5-mini', 16_384, narrow)).toMatchObject({ contextWindow: 8192, engines: ['wgsl'] });
  // Where memory is known to be short, what there is room for.
  expect(wish('phi-4-mini', 32_768, memory(4)).contextWindow).toBeLessThan(32_768);
  // Without a wish nothing changes.
  expect(fitModel(model('phi-4-mini'), laptop)).toMatchObject({
    contextWindow: 4096,
    engines: ['wgsl', 'webllm'],
  });
});
