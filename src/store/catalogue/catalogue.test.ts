import { existsSync, readFileSync } from 'node:fs';
import { ModelType, modelLibURLPrefix, prebuiltAppConfig, type ModelRecord } from '@mlc-ai/web-llm';
import { expect, test } from 'vitest';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import { catalogue, joined, parseCatalogue, resolveModel, type CatalogueModel } from './catalogue';
import factsJson from './catalogue.json';
import { catalogueNames } from './names';
import { places, resolvePlace, runsOnProcessor } from './places';

const catalogueJson = joined(factsJson, places);

const phi = prebuiltAppConfig.model_list.filter(({ model_id }) => /^phi-/i.test(model_id));
const builds = catalogue.flatMap((model) => model.builds.map((build) => ({ model, build })));
const appBase = 'https://phield.example/app/';

test('each model that is offered for its answers says what its publisher says of them, and where', () => {
  const offered = catalogue.filter(({ id, builds }) => id !== 'phield-tiny' && builds.length > 0);
  const quoted = offered.filter(({ quoted }) => quoted && quoted.source.length > 10);
  const without = offered.filter((model) => !quoted.includes(model)).map(({ id }) => id);
  // Seen here by no figure of text: eyes, and models that were not trained to answer.
  expect(without).toEqual(['phi-3.5-vision', 'phi-2', 'phi-1.5']);
});

test('WebLLM lists Phi models at all', () => {
  expect(phi.length).toBeGreaterThanOrEqual(20);
});

test.each(phi.map((record) => [record.model_id, record] as const))(
  '%s is in the catalogue as WebLLM lists it',
  (id, record: ModelRecord) => {
    const found = builds.find(({ build }) => build.id === id);
    expect(found?.build).toMatchObject({
      folder: `${record.model}/resolve/main/`,
      contextWindow: record.overrides?.context_window_size,
      webllm: {
        library: record.model_lib,
        declaredMemoryMB: record.vram_required_MB,
        lowMemory: record.low_resource_required,
      },
    });
    expect(found?.model.seesImages).toBe(record.model_type === ModelType.VLM);
    expect(record.model_lib.startsWith(modelLibURLPrefix)).toBe(true);
  },
);

test('every WebLLM build of the catalogue is one WebLLM lists', () => {
  const listed = new Set(phi.map(({ model_id }) => model_id));
  const ours = builds.filter(({ build }) => build.webllm).map(({ build }) => build.id);
  expect(ours.filter((id) => !listed.has(id))).toEqual([]);
});

/** Bytes of a q4 build's shards from the shape alone: half a byte a weight, two bytes a group of 32. */
function fileBytes({ architecture, shape }: CatalogueModel): number {
  const { layers, hidden, heads, kvHeads, headDim, intermediate, vocab, tied } = shape;
  const matrix = (rows: number, cols: number): number => rows * cols * (1 / 2 + 2 / 32);
  const vector = (length: number): number => 2 * length;
  const q = heads * headDim;
  const kv = kvHeads * headDim;
  if (architecture === 'phi-msft') {
    const biased = (rows: number, cols: number): number => matrix(rows, cols) + vector(rows);
    const layer =
      biased(q + 2 * kv, hidden) +
      biased(hidden, q) +
      biased(intermediate, hidden) +
      biased(hidden, intermediate) +
      vector(2 * hidden);
    return layers * layer + matrix(vocab, hidden) + biased(vocab, hidden) + vector(2 * hidden);
  }
  const layer =
    matrix(q + 2 * kv, hidden) +
    matrix(hidden, q) +
    matrix(2 * intermediate, hidden) +
    matrix(hidden, intermediate) +
    vector(2 * hidden);
  return layers * layer + matrix(vocab, hidden) * (tied ? 1 : 2) + vector(hidden);
}

test.each(
  catalogue
    // A GGUF file holds its head too, and each matrix in a type of its own.
    .filter(({ architecture, builds }) => architecture !== 'phi3v' && builds[0]?.quantization !== 'gguf')
    .map((model) => [model.id, model] as const),
)('%s: the download is what its shape weighs', (_, model) => {
  expect(model.downloadBytes).toBe(fileBytes(model));
});

test('Phi-3-mini weighs what its files weigh', () => {
  // Computed from MLC's tensor list, record by record.
  expect(catalogue.find(({ id }) => id === 'phi-3-mini')?.downloadBytes).toBe(2_149_644_288);
});

const tinyManifest = new URL('../../../public/models/phield-tiny/tensor-cache.json', import.meta.url);
test.runIf(existsSync(tinyManifest))('phield-tiny weighs what its manifest says', () => {
  const { totalBytes } = parseManifest(readFileSync(tinyManifest, 'utf8'));
  expect(catalogue.find(({ id }) => id === 'phield-tiny')?.downloadBytes).toBe(totalBytes);
});

test('each model says in one sentence what it is good for, or what stands in its way', () => {
  for (const { purpose, obstacle, builds: own } of catalogue) {
    expect(purpose).toMatch(/^[A-Z].*\.$/);
    expect(own.length > 0 || obstacle !== undefined).toBe(true);
  }
});

test.each([
  ['phield-tiny', 'https://phield.example/app/models/phield-tiny/', 'phield-tiny-q4f16_1'],
  [
    'phi-3-mini',
    'https://huggingface.co/mlc-ai/Phi-3-mini-4k-instruct-q4f16_1-MLC/resolve/main/',
    'Phi-3-mini-4k-instruct-q4f16_1-MLC',
  ],
  [
    'Phi-3-mini-4k-instruct-q4f32_1-MLC-1k',
    'https://huggingface.co/mlc-ai/Phi-3-mini-4k-instruct-q4f32_1-MLC/resolve/main/',
    'Phi-3-mini-4k-instruct-q4f32_1-MLC-1k',
  ],
  ['http://localhost:8000/my-model?x=1', 'http://localhost:8000/my-model/', undefined],
  ['imported:/my-phi/', 'imported:/my-phi/', undefined],
])('%s resolves to its folder', (name, folder, build) => {
  const resolved = resolveModel(name, appBase);
  expect(resolved.folder).toBe(folder);
  expect(resolved.build?.id).toBe(build);
});

test.each([
  ['gpt-5', 'model/unknown-model'],
  ['', 'model/unknown-model'],
  ['constructor', 'model/unknown-model'],
  ['phi-3-medium', 'model/unsupported-arch'],
  ['phi-3-small', 'model/unsupported-arch'],
  ['https://me:secret@host/model', 'network/bad-address'],
])('%s is refused with %s', (name, code) => {
  expect(() => resolveModel(name, appBase)).toThrow(expect.objectContaining({ code }) as Error);
});

type Edit = (model: Record<string, unknown>, root: Record<string, unknown>) => void;
const firstBuild = (model: Record<string, unknown>): Record<string, unknown> =>
  (model['builds'] as Record<string, unknown>[])[0] ?? {};
const broken: readonly (readonly [string, Edit])[] = [
  ['another version', (_, root) => (root['version'] = 2)],
  ['a purpose missing', (model) => delete model['purpose']],
  ['an unknown architecture', (model) => (model['architecture'] = 'mamba')],
  ['a shape with half a layer', (model) => ((model['shape'] as Record<string, unknown>)['layers'] = 0.5)],
  ['a language that is none', (model) => (model['languages'] = ['english language'])],
  ['no builds and no reason', (model) => (model['builds'] = [])],
  ['a folder without a slash', (model) => (firstBuild(model)['folder'] = 'models/x')],
  ['a revision that is not in the address', (model) => (firstBuild(model)['revision'] = 'main')],
  ['an engine we do not have', (model) => (firstBuild(model)['engines'] = ['onnx'])],
  ['webllm without a library', (model) => (firstBuild(model)['engines'] = ['webllm'])],
  ['an id twice', (model) => (firstBuild(model)['id'] = 'phi-3-mini')],
];
test.each(broken)('a catalogue with %s is refused', (_, edit) => {
  const data = structuredClone(catalogueJson) as unknown as Record<string, unknown>;
  edit((data['models'] as Record<string, unknown>[])[0] ?? {}, data);
  expect(() => parseCatalogue(data)).toThrow(
    expect.objectContaining({ code: 'internal/invariant' }) as Error,
  );
});

test('the catalogue itself passes', () => {
  expect(parseCatalogue(structuredClone(catalogueJson))).toEqual(catalogue);
});

test('a build may name mirrors, and they come with the resolved model', () => {
  const copy = structuredClone(catalogueJson) as unknown as { models: { builds: { mirrors?: unknown }[] }[] };
  const build = copy.models[0]?.builds[0];
  if (!build) throw new Error('The catalogue is empty.');
  build.mirrors = ['https://mirror.example/tiny/', 'copies/tiny/'];
  expect(parseCatalogue(copy)[0]?.builds[0]?.mirrors).toEqual(build.mirrors);
  build.mirrors = ['https://mirror.example/tiny'];
  expect(() => parseCatalogue(copy)).toThrow(/slash/);
  expect(resolveModel('phield-tiny', appBase).mirrors).toEqual([]);
});

test('what the page knows of models is what the worker knows', () => {
  expect(places.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id));
  for (const { model, build } of builds) {
    const { library, folder } = resolvePlace(build.id, appBase);
    expect([library, folder]).toEqual([build.webllm?.library, resolveModel(build.id, appBase).folder]);
    expect(resolveModel(build.id, appBase).model).toBe(model);
  }
  expect(new Map(catalogueNames()).get('Phi-3-mini-4k-instruct-q4')).toBe('Phi-3 mini 4k (GGUF)');
});

test('a GGUF file is of a fixed commit, and on the processor it runs as it is', () => {
  const files = builds.filter(({ build }) => build.quantization === 'gguf');
  expect(files.length).toBeGreaterThanOrEqual(8);
  for (const { build } of files) {
    expect(runsOnProcessor(build.id, appBase)).toBe(true);
    for (const address of [build.folder, ...build.mirrors])
      if (/^https:/.test(address)) expect(address).toMatch(/\/resolve\/[0-9a-f]{40}\/[^/]+\.gguf\/$/);
  }
  expect(runsOnProcessor('phield-tiny', appBase)).toBe(true);
  expect(runsOnProcessor('phi-3-mini', appBase)).toBe(false);
});
