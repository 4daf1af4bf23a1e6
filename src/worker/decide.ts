// What to load for a name, on which engine, and whether this device has room for it: all before any big download.
import { AppError, toAppError } from '../base/errors';
import { benchmarkEngines, type Maker } from '../engines/benchmark';
import { chooseEngine, openChoiceMemory, refusal, timeEngines } from '../engines/choose';
import { probeDevice } from '../engines/device-probe';
import { fitModel, listModels, memoryOf, plannedBuffers } from '../engines/fit';
import { measureMemory } from '../engines/measure-memory';
import { folderAddress, importedScheme, withLibrary } from '../store/address';
import { catalogue, resolveModel } from '../store/catalogue/catalogue';
import { runsOnProcessor } from '../store/catalogue/places';
import { heldOrNothing } from '../store/disk/refused';
import type { Decision, EngineHostOptions } from './engine-host';
import { engineMaker, store } from './engine-makers';

const memory = openChoiceMemory();
/** Builds and contexts that this device has shown it has room for; a second try need not ask again. */
const measured = new Set<string>();

export const decide: EngineHostOptions['decide'] = async (name, appBase, wish, signal) => {
  const onProcessor = runsOnProcessor(name, appBase);
  if (wish.engine === 'wllama' && onProcessor) return onTheProcessor(name, appBase, wish, signal);
  try {
    const decision = await onGpu(name, appBase, wish, signal);
    return onProcessor && decision.otherEngine === undefined && decision.choice.engine === 'wgsl'
      ? { ...decision, otherEngine: 'wllama' }
      : decision;
  } catch (thrown) {
    throw onProcessor ? offeringProcessor(thrown) : thrown;
  }
};

/** Without a GPU there is the processor. */
function offeringProcessor(thrown: unknown): AppError {
  const { code, message, details, retryable } = toAppError(thrown);
  const offered = code.startsWith('gpu/') ? { ...details, otherEngine: 'wllama' } : details;
  return new AppError(code, message, { details: offered, retryable, cause: thrown });
}

async function onTheProcessor(
  name: string,
  appBase: string,
  wish: { readonly contextWindow?: number; readonly agreed?: boolean; readonly memoryOnly?: boolean },
  signal: AbortSignal,
): Promise<Decision> {
  const { folder, model, build } = resolveModel(name, appBase);
  if (!model) await lookAt(folder, wish, signal);
  else if (build?.revision !== 'bundled' && !wish.agreed) {
    const held = await heldOf(folder, wish);
    if (held?.totalBytes === undefined) askBefore(folder, model.downloadBytes);
  }
  return {
    build: name,
    ...(wish.contextWindow && { contextWindow: wish.contextWindow }),
    choice: { engine: 'wllama', why: 'asked-for' },
  };
}

const onGpu: EngineHostOptions['decide'] = async (name, appBase, wish, signal) => {
  const { folder, model, build, library: given } = resolveModel(name, appBase);
  // One that came with its library is known by the library, also where only the folder is named.
  const library = model ? undefined : (given ?? (await libraryOf(folder, wish)));
  const own = library === undefined ? folder : withLibrary(folder, library);
  // A person's own folder runs on our engine, which reads its shape from its config; the embedded model does so
  // everywhere, and its start waits for nothing.
  if (!model) await lookAt(own, wish, signal);
  if (library !== undefined) return { build: own, choice: { engine: 'webllm', why: 'only-one' } };
  if (!model || build?.revision === 'bundled')
    return { build: name, choice: { engine: 'wgsl', why: 'only-one' } };

  const probe = await probeDevice();
  const fit = fitModel(model, probe, wish.contextWindow ? { contextWindow: wish.contextWindow } : {});
  if (fit.verdict === 'cannot' || fit.build === undefined) throw refusal(fit);
  const isFile = model.builds.some(({ id, quantization }) => id === fit.build && quantization === 'gguf');
  const choice = await chooseEngine({ fit, probe, memory, wish: wish.engine, checkedAtLoad: isFile });
  // The build that fits may lie in another folder than the one that was asked for.
  const { folder: chosen } = resolveModel(fit.build, appBase);
  const held = await heldOf(chosen, wish);
  if (held?.totalBytes === undefined && !wish.agreed) askBefore(chosen, model.downloadBytes);
  const needed = memoryOf(model, fit, choice.engine, probe);
  const plan = `${fit.build} ${fit.contextWindow} ${choice.engine}`;
  if (held?.complete !== true && !measured.has(plan)) {
    await measureMemory(plannedBuffers(model, needed), { signal });
    measured.add(plan);
  }
  const otherEngine =
    choice.why === 'numerics-failed' ? undefined : fit.engines.find((engine) => engine !== choice.engine);
  return { build: fit.build, contextWindow: fit.contextWindow, choice, otherEngine };
};

/**
 * An address that nobody has checked: whatever is wrong with it is said at once, in words of its own, where the
 * downloader would first try again for minutes. One whose files are known already, or that came from files, was
 * looked at before.
 */
async function lookAt(
  name: string,
  wish: { readonly agreed?: boolean; readonly memoryOnly?: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (name.startsWith(importedScheme)) return;
  const held = await heldOf(name, wish);
  if (held?.totalBytes !== undefined) return;
  const found = await store.preflight(name, signal);
  if (!wish.agreed) askBefore(folderAddress(name), found.totalBytes);
}

interface Keeping {
  readonly memoryOnly?: boolean;
}

/** Undefined where storage is refused and none is needed. */
const heldOf = (folder: string, { memoryOnly = false }: Keeping) =>
  heldOrNothing(store.status(folder), undefined, memoryOnly);

const libraryOf = (folder: string, { memoryOnly = false }: Keeping) =>
  heldOrNothing(store.libraryAddress(folder), undefined, memoryOnly);

/** From here on a download is a person's to begin: a link may name any model. */
const bigBytes = 50_000_000;

/** @throws AppError `run/needs-consent` */
function askBefore(folder: string, bytes: number): void {
  if (bytes < bigBytes) return;
  throw new AppError(
    'run/needs-consent',
    `Nobody here has said yes to a download of ${bytes} bytes from ${folder}.`,
    { details: { bytes, folder } },
  );
}

export const models: EngineHostOptions['models'] = async ({ language }) =>
  listModels(catalogue, await probeDevice(), { language });

export const compareEngines: EngineHostOptions['compareEngines'] = async (
  { model, appBase },
  { signal, emit },
) => {
  const { makers, build, probe } = await everyEngine(model, appBase);
  return timeEngines(
    makers.map(({ create }) => create),
    { build, probe, memory, signal, onStart: emit },
  );
};

export const benchmark: EngineHostOptions['benchmark'] = async (
  { model, appBase, llamaCpp = false },
  { signal, emit: onEvent },
) => {
  const options = { model, signal, onEvent };
  try {
    const { makers, build } = await everyEngine(model, appBase);
    const peers = llamaCpp && runsOnProcessor(build, appBase) ? await llamaCpps(appBase) : [];
    return await benchmarkEngines([...makers, ...peers], { ...options, build });
  } catch (thrown) {
    const isWithoutGpu = /^gpu\/(unavailable|no-adapter)$/.test(toAppError(thrown).code);
    if (!isWithoutGpu || !runsOnProcessor(model, appBase)) throw thrown;
    const processor = (await llamaCpps(appBase)).slice(-1);
    return benchmarkEngines(processor, {
      ...options,
      build: model,
      bandwidth: () => Promise.resolve(undefined),
    });
  }
};

/** llama.cpp over the same file: on the GPU, and on the processor. */
async function llamaCpps(appBase: string): Promise<readonly Maker[]> {
  return [
    { name: 'wllama-gpu', create: await engineMaker('wllama', appBase, {}, 'gpu') },
    { name: 'wllama', create: await engineMaker('wllama', appBase, {}, 'processor') },
  ];
}

/** The engines that can run a model here, all on one build. @throws AppError when this device cannot run it. */
async function everyEngine(name: string, appBase: string) {
  const { model } = resolveModel(name, appBase);
  const probe = await probeDevice();
  const fit = model && fitModel(model, probe);
  if (fit?.verdict === 'cannot') throw refusal(fit);
  if (model && !fit?.build) throw new AppError('internal/invariant', 'A model that fits has a build.');
  const build = fit?.build ?? name;
  const engines = fit?.engines ?? (['wgsl'] as const);
  const makers = engines.map(async (name): Promise<Maker> => ({
    name,
    create: await engineMaker(name, appBase),
  }));
  return { makers: await Promise.all(makers), build, probe };
}
