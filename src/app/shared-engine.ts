// The engine as every tab and frame of the origin shares it (docs/adr/0027-one-engine.md).
import type { EngineClient } from '../client/client';
import { connectWorker } from '../client/worker-client';
import { busName, shareEngine, type Locks } from '../share/shared-engine';
import { keepScripts } from './offline/keep-scripts';
import type { Workers } from './workers';

export function sharedEngine(workers: Workers, appBase: string): EngineClient {
  return shareEngine({
    own: () => {
      const own = connectWorker(() => workers.startEngine(), { appBase });
      return keepingScripts(allowing(own, workers));
    },
    appBase,
    // Absent on insecure pages, which the types do not say.
    locks: (navigator as { readonly locks?: Locks }).locks,
    openBus: () => new BroadcastChannel(busName),
  });
}

/** Once a script: a load tells of it each time. */
function keepingScripts(client: EngineClient): EngineClient {
  const keeping = new Map<string, Promise<boolean>>();
  return {
    ...client,
    load: (model, options) =>
      client.load(model, {
        ...options,
        onProgress: (progress) => {
          const { script } = progress;
          if (script !== undefined && !keeping.has(script)) {
            const kept = keepScripts(script);
            keeping.set(script, kept);
            void kept.then((all) => all || keeping.delete(script));
          }
          options.onProgress(progress);
        },
      }),
  };
}

/** What a person loads may be fetched: the engine alone, which sees their words, may not name an address. */
function allowing(client: EngineClient, workers: Workers): EngineClient {
  const named = (model: string): string => {
    workers.allow(model);
    return model;
  };
  return {
    ...client,
    load: (model, options) => client.load(named(model), options),
    compareEngines: (model, options) => client.compareEngines(named(model), options),
    benchmark: (model, options) => client.benchmark(named(model), options),
  };
}
