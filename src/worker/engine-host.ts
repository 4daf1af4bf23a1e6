// Which engine a worker holds: one at a time, made at the first load and again after the device was lost.
import { AppError, invariant, toAppError } from '../base/errors';
import type { Engine } from '../engines/engine';
import type { EngineName, PromptTemplate } from '../protocol/chat';
import type { LentModel } from '../base/lent-model';
import type { EngineChoice } from '../protocol/models';
import type { Handlers } from './rpc-server';
import { emitInFrames } from './rpc-server';

/** What to load and on what. */
export interface Decision {
  /** What the engine is asked to load: a build's id, or the folder's address. */
  readonly build: string;
  /** Positions that fit this device, or that the person asked for; undefined: what the model has. */
  readonly contextWindow?: number | undefined;
  readonly choice: EngineChoice;
  /** What else could run it here, should the chosen engine fail. */
  readonly otherEngine?: EngineName | undefined;
}

/** What an engine is made with: another wish, another engine. */
export interface EngineWish {
  /** Most positions to make room for; the engine's own default without it. */
  readonly contextWindow?: number | undefined;
  readonly template?: PromptTemplate | undefined;
}

export interface EngineHostOptions {
  /** @throws AppError `model/unknown-model`, or why this device cannot run it. */
  readonly decide: (
    model: string,
    appBase: string,
    wish: {
      readonly engine?: EngineName;
      readonly contextWindow?: number;
      readonly agreed?: boolean;
      /** Nothing of it is to be stored, so that what storage holds is no condition. */
      readonly memoryOnly?: boolean;
    },
    signal: AbortSignal,
  ) => Promise<Decision>;
  readonly make: (name: EngineName, appBase: string, wish: EngineWish) => Promise<Engine>;
  /** From now on this model is read from there. */
  readonly lend: (model: LentModel) => void;
  readonly models: Handlers['models'];
  readonly compareEngines: Handlers['compareEngines'];
  readonly benchmark: Handlers['benchmark'];
  /** Tells the window that the engine is gone; the next load makes a new one. */
  readonly onLost: (error: AppError) => void;
}

/** What neither engine could mend stays as it is. */
const notTheEngines = /^(storage|run)\/|^network\/(offline|timeout|cors)$|^model\/lfs-pointer$/;

/** The error with the way out that another engine may be. */
function withOtherEngine(error: AppError, otherEngine: EngineName | undefined): AppError {
  if (!otherEngine || notTheEngines.test(error.code)) return error;
  // The processor stands in for a GPU, not for another file.
  if (otherEngine === 'wllama' && !error.code.startsWith('gpu/')) return error;
  const { code, message, details, retryable } = error;
  return new AppError(code, message, { details: { ...details, otherEngine }, retryable, cause: error });
}

/** The RPC's handlers over whatever engine the last load chose. */
export function engineHandlers(options: EngineHostOptions): Handlers {
  let engine: Engine | undefined;
  let madeWith: EngineWish = {};

  const drop = async (): Promise<void> => {
    const old = engine;
    engine = undefined;
    await old?.dispose();
  };

  const prepare = async (name: EngineName, appBase: string, wish: EngineWish): Promise<Engine> => {
    const same = madeWith.contextWindow === wish.contextWindow && madeWith.template === wish.template;
    if (engine?.name === name && same) return engine;
    await drop();
    const fresh = await options.make(name, appBase, wish);
    engine = fresh;
    madeWith = wish;
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
    async load(
      { model, appBase, engine: wish, contextWindow, template, agreed = false, memoryOnly = false, lent },
      { signal, emit },
    ) {
      invariant(typeof model === 'string' && typeof appBase === 'string', 'load takes a model and the app');
      if (lent) options.lend(lent);
      const wishes = {
        ...(wish && { engine: wish }),
        ...(contextWindow && { contextWindow }),
        agreed,
        ...(memoryOnly && { memoryOnly }),
      };
      const decision = await options.decide(model, appBase, wishes, signal);
      const { build, contextWindow: fitting, choice, otherEngine } = decision;
      if (signal.aborted) throw new AppError('run/aborted', 'Loading was cancelled.');
      const chosen = await prepare(choice.engine, appBase, {
        contextWindow: fitting ?? contextWindow,
        template,
      });
      const info = await chosen
        .load(build, { signal, onProgress: emit, memoryOnly })
        .catch((thrown: unknown) => {
          throw withOtherEngine(toAppError(thrown), otherEngine);
        });
      return { ...info, id: model, choice };
    },
    async generate(request, { signal, emit }) {
      await emitInFrames(need().generate(request, { signal }), emit);
      return null;
    },
    countTokens: ({ messages }) => need().countTokens(messages),
    models: options.models,
    async compareEngines(body, context) {
      await drop();
      return options.compareEngines(body, context);
    },
    async benchmark(body, context) {
      await drop();
      return options.benchmark(body, context);
    },
    held: () => Promise.resolve({ gpuBytes: engine?.gpuBytes ?? 0, guests: 1 }),
    async unload() {
      await drop();
      return null;
    },
  };
}
