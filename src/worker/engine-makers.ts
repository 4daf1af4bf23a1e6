// Makes each engine over the one store. WebLLM and llama.cpp come in chunks of their own, and only when
// a model needs them.
import { part } from '../base/outdated';
import type { Engine } from '../engines/engine';
import { resolveWebLlmModel } from '../engines/webllm/resolve';
import { openTuningMemory } from '../engines/wgsl/tuned-model';
import { createWgslEngine } from '../engines/wgsl/wgsl-engine';
import type { EngineName } from '../protocol/chat';
import { protocolVersion, type FromWorker } from '../protocol/rpc';
import { resolveModel } from '../store/catalogue/catalogue';
import { createPrefixStore } from '../store/disk/prefix-store';
import { createPortStore } from '../store/port/port-store';
import { StoreLink } from '../store/port/store-link';
import type { Introduction } from '../store/port/messages';
import { defaultDatabaseName } from '../store/shard-store';
import type { EngineWish } from './engine-host';

/** To the worker that has the network, which this one has not. */
export const link = new StoreLink(() => postMessage({ store: 'wanted' } satisfies Introduction));
export const store = createPortStore(link);
const prefixes = createPrefixStore(defaultDatabaseName);
const tunings = openTuningMemory();

/** @param on where llama.cpp computes */
export async function engineMaker(
  name: EngineName,
  appBase: string,
  { contextWindow, template }: EngineWish = {},
  on: 'processor' | 'gpu' = 'processor',
): Promise<() => Engine> {
  if (name === 'wgsl') {
    return () =>
      createWgslEngine({
        store,
        prefixes,
        tunings,
        resolve: (model) => resolveModel(model, appBase).folder,
        mirrors: (model) => resolveModel(model, appBase).mirrors,
        ...(contextWindow && { maxContextWindow: contextWindow }),
        ...(template && { templateMode: template }),
      });
  }
  if (name === 'wllama') {
    const { createWllamaEngine } = await part(() => import('../engines/wllama/wllama-engine'));
    return () =>
      createWllamaEngine({
        store,
        program: (signal) => store.llamaCpp(signal),
        on,
        alive: (body) => postMessage({ v: protocolVersion, id: 0, k: 'alive', body } satisfies FromWorker),
        resolve: (model) => resolveModel(model, appBase).folder,
        mirrors: (model) => resolveModel(model, appBase).mirrors,
        ...(contextWindow && { maxContextWindow: contextWindow }),
      });
  }
  const { createWebLlmEngine } = await part(() => import('../engines/webllm/webllm-engine'));
  return () =>
    createWebLlmEngine({
      store,
      library: (query) => store.library(query),
      resolve: (model) => resolveWebLlmModel(model, appBase),
      ...(template && { templateMode: template }),
    });
}
