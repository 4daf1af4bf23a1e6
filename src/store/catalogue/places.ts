// Where the models of the catalogue lie, and what they are called: all that the page itself has to know of them. What
// each is, needs and is good for is in catalogue.ts, which the worker reads; its schema check covers both.
import { AppError } from '../../base/errors';
import { folderAddress, isGguf, isHubName, libraryIn } from '../address';
import placesJson from './places.json';

export interface Place {
  readonly id: string;
  readonly name: string;
  /** The preferred one first. Empty where something stands in the way of loading it. */
  readonly builds: readonly {
    readonly id: string;
    readonly quantization: string;
    readonly folder: string;
    readonly mirrors?: readonly string[];
    readonly library?: string;
  }[];
}

export const places: readonly Place[] = placesJson;

/** Where a model is fetched from. */
export interface ResolvedPlace {
  /** The name it was asked by. */
  readonly id: string;
  /** Absolute address, ending in a slash. */
  readonly folder: string;
  /** Other folders with the same files, asked when the first fails. */
  readonly mirrors: readonly string[];
  /** Of the catalogue's build; undefined for a person's own folder. */
  readonly build: string | undefined;
  /** Of the compiled library that WebLLM runs it by: the catalogue's, or one that a person gave with their folder. */
  readonly library?: string;
  /** It comes with the app. */
  readonly bundled: boolean;
}

/**
 * @param name a model's id, a build's id (WebLLM's model_id), the absolute address of an MLC folder (with
 *   `#library=` and the address of its compiled library, where it has one) or of a GGUF file, `owner/name` of a
 *   repository, or the `imported:` name of one that came from files.
 * @param appBase absolute address of the app, for what comes with it.
 * @throws AppError `model/unknown-model`, `model/unsupported-arch` for one that is listed but cannot run,
 *   `network/bad-address`
 */
export function resolvePlace(name: string, appBase: string): ResolvedPlace {
  const model = places.find(({ id, builds }) => id === name || builds.some((build) => build.id === name));
  if (!model) {
    if (/^(https?|imported):/i.test(name) || isHubName(name)) {
      const library = libraryIn(name);
      return {
        ...{ id: name, folder: folderAddress(name), mirrors: [], build: undefined, bundled: false },
        ...(library !== undefined && { library }),
      };
    }
    throw new AppError(
      'model/unknown-model',
      `There is no model named ${JSON.stringify(name.slice(0, 100))}: choose one from the list, or give the full address of a GGUF file or of a folder in MLC layout.`,
      { details: { model: name.slice(0, 100) } },
    );
  }
  const build = model.builds.find(({ id }) => id === name) ?? model.builds[0];
  if (!build) {
    throw new AppError('model/unsupported-arch', `${model.name} cannot be loaded by name.`, {
      details: { model: model.id },
    });
  }
  const absolute = (folder: string): string => folderAddress(new URL(folder, appBase).href);
  return {
    id: name,
    folder: absolute(build.folder),
    mirrors: (build.mirrors ?? []).map(absolute),
    build: build.id,
    bundled: !/^https?:/.test(build.folder),
    ...(build.library !== undefined && { library: build.library }),
  };
}

/** Whether llama.cpp can run it on the processor: a GGUF file, or the model that comes with the app, which becomes one. */
export function runsOnProcessor(name: string, appBase: string): boolean {
  try {
    const { folder, bundled } = resolvePlace(name, appBase);
    return isGguf(folder) || bundled;
  } catch {
    // Why it cannot be loaded is said by whoever loads it.
    return false;
  }
}
