// From a name to what this engine needs to know of the model. The catalogue knows; WebLLM's own list is not asked.
import { AppError } from '../../base/errors';
import { resolveModel } from '../../store/catalogue/catalogue';
import type { WebLlmModel } from './webllm-model';

/**
 * @param name a model's or a build's id.
 * @param appBase absolute address of the app, ending in a slash.
 * @throws AppError `model/unknown-model`, `model/bad-library` for a model that WebLLM has no library for
 */
export function resolveWebLlmModel(name: string, appBase: string): WebLlmModel {
  const { folder, mirrors, model, build, library } = resolveModel(name, appBase);
  // What else there is to know of it, its own files tell.
  if (library !== undefined) return { id: name, folder, mirrors, library, seesImages: false };
  if (!model || !build?.webllm) {
    throw new AppError(
      'model/bad-library',
      `WebLLM has no compiled library for ${model?.name ?? 'a folder of your own'}: use the wgsl engine.`,
      { details: { engine: 'webllm', model: name } },
    );
  }
  return {
    id: build.id,
    folder,
    mirrors,
    library: build.webllm.library,
    contextWindow: build.contextWindow,
    seesImages: model.seesImages,
    parameters: model.parameters,
  };
}
