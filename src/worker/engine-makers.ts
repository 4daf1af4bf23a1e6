// Makes each engine over the one store. WebLLM comes in its own chunk, and only when a model needs it.
import { AppError } from '../base/errors';
import type { Engine } from '../engines/engine';
import { createWgslEngine } from '../engines/wgsl/wgsl-engine';
import type { EngineName } from '../protocol/chat';
import { resolveModel } from '../store/catalogue';
import { createDatabase } from '../store/database';
import { createShardStore, defaultDatabaseName } from '../store/shard-store';

export const store = createShardStore();

/** @param contextWindow most positions to make room for; the engine's own default without it. */
export async function engineMaker(
  name: EngineName,
  appBase: string,
  contextWindow: number | undefined,
): Promise<() => Engine> {
  if (name === 'wgsl') {
    const resolve = (model: string): string => resolveModel(model, appBase).folder;
    return () =>
      createWgslEngine({ store, resolve, ...(contextWindow && { maxContextWindow: contextWindow }) });
  }
  const { createWebLlmEngine } = await import('../engines/webllm/webllm-engine');
  const database = createDatabase(defaultDatabaseName);
  return () => createWebLlmEngine({ store, database, resolve: (model) => webLlmModel(model, appBase) });
}

function webLlmModel(name: string, appBase: string) {
  const { model, build, folder } = resolveModel(name, appBase);
  if (!model || !build?.webllm) {
    throw new AppError(
      'model/bad-library',
      `WebLLM has no compiled library for ${name.slice(0, 100)}: choose the wgsl engine.`,
      { details: { model: name.slice(0, 100) } },
    );
  }
  return {
    id: build.id,
    folder,
    library: build.webllm.library,
    contextWindow: build.contextWindow,
    seesImages: model.architecture === 'phi3v',
    parameters: model.parameters,
  };
}
