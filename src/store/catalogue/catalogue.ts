// The models this app offers, as data: catalogue.json and places.json together, checked against their schema, and the
// way from a name or an address to what is known of a model. What it costs on a device and which engine runs it there is
// decided in src/engines.
import { AppError } from '../../base/errors';
import { Fields } from '../../formats/json';
import catalogueJson from './catalogue.json';
import { places, resolvePlace, type Place } from './places';

export type CatalogueEngine = 'wgsl' | 'webllm';
export type CatalogueQuantization = 'q4f16_1' | 'q4f32_1' | 'gguf';

/** phi3: Phi-3, 3.5 and 4 mini, 3 medium. llama: Llama and what is shaped like it. phi3v: with eyes. phi-msft: phi-1.5 and phi-2. phi3small: Phi-3 small. */
export const architectures = ['phi3', 'phi3v', 'phi-msft', 'phi3small', 'llama', 'qwen2'] as const;
export type Architecture = (typeof architectures)[number];

/** What a model's bytes follow from. */
export interface CatalogueShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediate: number;
  readonly vocab: number;
  /** lm_head is the embedding table. */
  readonly tied: boolean;
  /** Newest positions that one attends to, itself among them, as the model was trained; absent: all. */
  readonly slidingWindow?: number;
}

export interface CatalogueBuild {
  /** WebLLM's model_id where WebLLM has the build. */
  readonly id: string;
  readonly quantization: CatalogueQuantization;
  readonly contextWindow: number;
  /** Absolute, or relative to the app's address. */
  readonly folder: string;
  /** Other folders with the same files, asked in this order when the first fails. Absolute, or relative to the app's address. */
  readonly mirrors: readonly string[];
  /** `main` moves with its host; `bundled` comes with the app; else the commit in the folder's address. */
  readonly revision: string;
  readonly engines: readonly CatalogueEngine[];
  readonly webllm?: {
    /** Address of the compiled library. */
    readonly library: string;
    /** vram_required_MB as WebLLM declares it (MiB). */
    readonly declaredMemoryMB: number;
    readonly lowMemory: boolean;
  };
}

export interface CatalogueModel {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it is good for. */
  readonly purpose: string;
  /** BCP 47. */
  readonly languages: readonly string[];
  /** SPDX. */
  readonly licence: string;
  /** What its publisher says of its answers, in per cent of GSM8K solved, and where. */
  readonly quoted?: { readonly gsm8k: number; readonly source: string };
  readonly architecture: Architecture;
  readonly shape: CatalogueShape;
  readonly parameters: number;
  /** Of the shards of a q4 build; q4f16_1 and q4f32_1 are the same size on disk (bf16 scales). */
  readonly downloadBytes: number;
  /** False where a part of the model is not known tensor by tensor. */
  readonly downloadIsExact: boolean;
  readonly seesImages: boolean;
  /** Tokens that the model itself goes up to, where that is more than its builds do: for our engine, and only on a wish. */
  readonly longestContext?: number;
  /** 1 is offered first among those that fit. */
  readonly preference: number;
  /** What keeps it from running here although it is listed. */
  readonly obstacle?: { readonly code: string; readonly text: string };
  /** The preferred one first. */
  readonly builds: readonly CatalogueBuild[];
}

/** @throws AppError `internal/invariant` when the data does not match its schema */
export function parseCatalogue(data: unknown): readonly CatalogueModel[] {
  const source = {
    file: 'catalogue.json',
    code: 'internal/invariant',
    advice: 'Mend the catalogue.',
  } as const;
  const root = new Fields(data, source, '');
  root.integer('version', { min: 1, max: 1 });
  const models = root.objects('models', 100).map(readModel);
  const ids = models.flatMap(({ id, builds }) => [id, ...builds.map((build) => build.id)]);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw root.error('models', `names ${JSON.stringify(twice)} twice`);
  return models;
}

function readModel(fields: Fields): CatalogueModel {
  const architecture = oneOf(fields, 'architecture', architectures);
  const builds = fields.objects('builds', 16).map(readBuild);
  const obstacle = fields.has('obstacle') ? fields.fields('obstacle') : undefined;
  if (builds.length === 0 && !obstacle) throw fields.error('builds', 'is empty and no obstacle says why');
  return {
    id: idOf(fields),
    name: sentence(fields, 'name'),
    purpose: sentence(fields, 'purpose'),
    languages: fields.strings('languages', 64).map((tag) => {
      if (/^[a-z]{2,3}(-[A-Z]{2})?$/.test(tag)) return tag;
      throw fields.error('languages', `has ${JSON.stringify(tag)}, which is no BCP 47 tag`);
    }),
    licence: sentence(fields, 'licence'),
    ...(fields.has('quoted') && { quoted: readQuoted(fields.fields('quoted')) }),
    architecture,
    shape: readShape(fields.fields('shape')),
    parameters: fields.integer('parameters', count),
    downloadBytes: fields.integer('downloadBytes', count),
    downloadIsExact: fields.boolean('downloadIsExact'),
    seesImages: fields.has('seesImages') && fields.boolean('seesImages'),
    ...(fields.has('longestContext') && { longestContext: fields.integer('longestContext', size) }),
    preference: fields.integer('preference', { min: 1, max: 100 }),
    ...(obstacle && { obstacle: { code: idOf(obstacle, 'code'), text: sentence(obstacle, 'text') } }),
    builds,
  };
}

function readQuoted(fields: Fields): NonNullable<CatalogueModel['quoted']> {
  return { gsm8k: fields.number('gsm8k', { min: 0, max: 100 }), source: sentence(fields, 'source') };
}

const count = { min: 1, max: 1e12 } as const;
const size = { min: 1, max: 1 << 20 } as const;

function readShape(fields: Fields): CatalogueShape {
  return {
    layers: fields.integer('layers', size),
    hidden: fields.integer('hidden', size),
    heads: fields.integer('heads', size),
    kvHeads: fields.integer('kvHeads', size),
    headDim: fields.integer('headDim', size),
    intermediate: fields.integer('intermediate', size),
    vocab: fields.integer('vocab', size),
    tied: fields.boolean('tied'),
    ...(fields.has('slidingWindow') && { slidingWindow: fields.integer('slidingWindow', size) }),
  };
}

function readBuild(fields: Fields): CatalogueBuild {
  const engines = fields.strings('engines', 2).map((name) => {
    if (name === 'wgsl' || name === 'webllm') return name;
    throw fields.error('engines', `has ${JSON.stringify(name)}`);
  });
  const webllm = fields.has('webllm') ? fields.fields('webllm') : undefined;
  if (engines.includes('webllm') !== (webllm !== undefined)) {
    throw fields.error('webllm', 'must be there exactly when engines names it');
  }
  const folder = sentence(fields, 'folder');
  if (!folder.endsWith('/')) throw fields.error('folder', 'must end in a slash');
  const mirrors = fields.has('mirrors') ? fields.strings('mirrors', 8) : [];
  for (const mirror of mirrors) {
    if (!mirror.endsWith('/')) throw fields.error('mirrors', 'must each end in a slash');
  }
  const revision = sentence(fields, 'revision');
  // A GGUF file stands for its folder.
  const [, named] = /\/resolve\/([^/]+)\/(?:[^/]+\.gguf\/)?$/i.exec(folder) ?? [];
  if (revision !== 'bundled' && named !== revision)
    throw fields.error('revision', 'must be the one in the folder address');
  return {
    id: idOf(fields),
    quantization: oneOf(fields, 'quantization', ['q4f16_1', 'q4f32_1', 'gguf'] as const),
    contextWindow: fields.integer('contextWindow', size),
    folder,
    mirrors,
    revision,
    engines,
    ...(webllm && {
      webllm: {
        library: sentence(webllm, 'library'),
        declaredMemoryMB: webllm.number('declaredMemoryMB', count),
        lowMemory: webllm.boolean('lowMemory'),
      },
    }),
  };
}

function idOf(fields: Fields, name = 'id'): string {
  const id = fields.string(name, { maxChars: 100 });
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) throw fields.error(name, 'must be letters, digits, . _ -');
  return id;
}

function sentence(fields: Fields, name: string): string {
  const text = fields.string(name, { maxChars: 400 });
  if (text.trim() === '' || text !== text.trim()) throw fields.error(name, 'is empty or has outer spaces');
  return text;
}

function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const value = fields.string(name, { maxChars: 100 });
  const found = allowed.find((entry) => entry === value);
  if (found === undefined)
    throw fields.error(name, `is ${JSON.stringify(value)}; known: ${allowed.join(', ')}`);
  return found;
}

/** Facts and places of each model as one, for the schema check. */
export function joined(
  facts: { readonly models: readonly { readonly id: string; readonly builds: readonly object[] }[] },
  where: readonly Place[],
): object {
  const models = facts.models.map((model) => {
    const place = where.find(({ id }) => id === model.id);
    const builds = model.builds.map((build) => {
      const { id } = build as { readonly id?: unknown };
      const { library, ...rest } = place?.builds.find((one) => one.id === id) ?? {};
      const webllm = 'webllm' in build ? { webllm: { ...(build.webllm as object), library } } : {};
      return { ...build, ...rest, ...webllm };
    });
    return { ...model, name: place?.name, builds };
  });
  return { ...facts, models };
}

export const catalogue: readonly CatalogueModel[] = parseCatalogue(joined(catalogueJson, places));

/**
 * The sliding window that a model of these sizes was trained with. MLC-LLM leaves it out of what it writes, and nothing
 * else in a folder tells; Phi-3-mini with and without it have the same sizes, and long rope where it has none.
 */
export function trainedWindow(
  shape: Omit<CatalogueShape, 'tied' | 'slidingWindow'> & { readonly longRope: unknown },
): number | undefined {
  const { layers, hidden, heads, kvHeads, headDim, intermediate, vocab } = shape;
  const sizes = { layers, hidden, heads, kvHeads, headDim, intermediate, vocab };
  const isSame = (known: CatalogueShape): boolean =>
    Object.entries(sizes).every(([name, value]) => known[name as keyof typeof sizes] === value);
  if (shape.longRope !== undefined) return undefined;
  return catalogue.find((model) => model.shape.slidingWindow !== undefined && isSame(model.shape))?.shape
    .slidingWindow;
}

/** What to load: a folder, and what the catalogue knows of it. */
export interface ResolvedModel {
  /** The name it was asked by. */
  readonly id: string;
  /** Absolute address, ending in a slash. */
  readonly folder: string;
  /** Other folders with the same files, asked when the first fails. */
  readonly mirrors: readonly string[];
  /** Undefined for a person's own folder: only its files tell what it is. */
  readonly model: CatalogueModel | undefined;
  readonly build: CatalogueBuild | undefined;
  /** The compiled library that a person gave with a folder of their own. */
  readonly library?: string;
}

/** As resolvePlace, with what is known of the model. @throws AppError as it does, with the obstacle where there is one */
export function resolveModel(name: string, appBase: string): ResolvedModel {
  const blocked = catalogue.find(({ id, builds }) => id === name && builds.length === 0);
  if (blocked) {
    throw new AppError(
      'model/unsupported-arch',
      `${blocked.name} cannot be loaded by name. ${blocked.obstacle?.text ?? ''}`,
      { details: { model: blocked.id, obstacle: blocked.obstacle?.code ?? '' } },
    );
  }
  const { id, folder, mirrors, build, library } = resolvePlace(name, appBase);
  const model = catalogue.find(({ builds }) => builds.some((one) => one.id === build));
  if (!model)
    return { ...{ id, folder, mirrors, model, build: undefined }, ...(library !== undefined && { library }) };
  return { id, folder, mirrors, model, build: model.builds.find((one) => one.id === build) };
}
