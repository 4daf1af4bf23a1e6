// Which engine a worker holds: one at a time, made at the first load and again after the device was lost.
import { AppError, invariant, toAppError } from '../base/errors';
import type { Engine } from '../engines/engine';
import type { EngineName } from '../protocol/chat';
import { emitInFrames, type Handlers } from './rpc-server';

export interface EngineHostOptions {
  /** Which engine runs a model here. @throws AppError `model/unknown-model`. */
  readonly choose: (model: string, appBase: string) => Promise<EngineName>;
  readonly make: (name: EngineName, appBase: string) => Promise<Engine>;
  /** Tells the window that the engine is gone; the next load makes a new one. */
  readonly onLost: (error: AppError) => void;
}

/** The RPC's handlers over whatever engine the last load chose. */
export function engineHandlers(options: EngineHostOptions): Handlers {
  let engine: Engine | undefined;

  const drop = async (): Promise<void> => {
    const old = engine;
    engine = undefined;
    await old?.dispose();
  };

  const prepare = async (name: EngineName, appBase: string): Promise<Engine> => {
    if (engine?.name === name) return engine;
    await drop();
    const fresh = await options.make(name, appBase);
    engine = fresh;
    void fresh.lost.then(async (error) => {
      if (engine !== fresh) return; // Disposed on purpose, or replaced.
      options.onLost(toAppError(error, 'gpu/device-lost'));
      await drop();
    });
    return fresh;
  };

  const need = (): Engine => {
    if (engine) return engine;
    throw new AppError('run/bad-request', 'No model is loaded: load one before asking it.');
  };

  return {
    async load({ model, appBase }, { signal, emit }) {
      invariant(
        typeof model === 'string' && typeof appBase === 'string',
        'load takes a model and the app address',
      );
      const name = await options.choose(model, appBase);
      signal.throwIfAborted();
      const chosen = await prepare(name, appBase);
      return chosen.load(model, { signal, onProgress: emit });
    },
    async generate(request, { signal, emit }) {
      await emitInFrames(need().generate(request, { signal }), emit);
      return null;
    },
    countTokens: ({ messages }) => need().countTokens(messages),
    async unload() {
      await drop();
      return null;
    },
  };
}
