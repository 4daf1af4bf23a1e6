// wllama as this engine uses it: its worker gets script and program from us, nothing by an address; what it says goes
// nowhere but into the words of an error.
import { Wllama, WllamaRuntimeError } from '@wllama/wllama';
import script from '@wllama/wllama/src/wasm/wllama.js?raw';
import { AppError, isAbort, toAppError } from '../../base/errors';
import { handOver, type HandOver } from './hand-over';

export interface LlamaCppOptions {
  readonly program: Uint8Array<ArrayBuffer>;
  readonly contextWindow: number;
}

/** A worker begins within a second, on a busy machine within a few. */
const patienceMs = 15_000;

/** Tokens of a prompt that are run together: so few that Stop is heard within a second or two on a slow processor. */
const batchTokens = 16;

export class LlamaCpp extends Wllama {
  readonly #hand: HandOver;
  readonly #contextWindow: number;
  readonly #complaints: Complaints;

  constructor({ program, contextWindow }: LlamaCppOptions) {
    const complaints = new Complaints();
    super({ default: 'unused' }, { logger: complaints });
    this.#complaints = complaints;
    this.#hand = handOver(program);
    this.#contextWindow = contextWindow;
  }

  override getWorkerResources(): ReturnType<Wllama['getWorkerResources']> {
    return {
      wasmPath: this.#hand.channel,
      jsPath: { code: `${this.#hand.prelude}\n${script}` },
      compat: false,
    };
  }

  /** @throws AppError */
  async open(files: Blob[]): Promise<void> {
    try {
      const loading = this.loadModel(files, {
        n_ctx: this.#contextWindow,
        n_threads: threadsHere(),
        n_gpu_layers: 0,
        n_parallel: 1,
        n_batch: batchTokens,
        n_ubatch: batchTokens,
        warmup: false,
      });
      loading.catch(() => undefined);
      await Promise.race([loading, this.#hand.failed, silence(this.#hand.begun)]);
    } catch (thrown) {
      throw this.explain(thrown);
    } finally {
      this.#hand.close();
    }
  }

  /** Threads that compute: one where the page is not isolated. */
  get threads(): number {
    return this.isMultithread() ? this.getNumThreads() : 1;
  }

  /** What llama.cpp threw, as an error with words: its own last complaint says more than its exception. */
  explain(thrown: unknown): AppError {
    if (thrown instanceof AppError || isAbort(thrown)) return toAppError(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const why = [message, this.#complaints.last].filter(Boolean).join('; ').slice(0, 400);
    const details = { engine: 'wllama' };
    return new AppError('processor/stopped', `llama.cpp stopped: ${why}`, {
      details,
      retryable: thrown instanceof WllamaRuntimeError,
      cause: thrown,
    });
  }
}

/** Rejects when its worker has not even begun for so long: some never do. */
async function silence(begun: Promise<void>): Promise<never> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
  const isSilent = await Promise.race([begun.then(() => false), patience.then(() => true)]);
  clearTimeout(timer);
  if (isSilent)
    throw new AppError('processor/stopped', 'llama.cpp did not start: its worker said nothing.', {
      details: { engine: 'wllama', silent: true },
      retryable: true,
    });
  return new Promise<never>(() => undefined);
}

/** Half of what the browser counts, since it counts twin threads of one core as two; all of a few. */
function threadsHere(): number {
  const { hardwareConcurrency = 1 } = navigator;
  return hardwareConcurrency <= 4 ? hardwareConcurrency : Math.min(8, Math.ceil(hardwareConcurrency / 2));
}

/** In the place of a console. */
class Complaints {
  last = '';
  readonly debug = (): void => undefined;
  readonly log = (): void => undefined;
  readonly warn = (): void => undefined;
  readonly error = (...words: unknown[]): void => {
    const [first] = words;
    if (typeof first === 'string' && !first.startsWith('Stack trace')) this.last = first;
  };
}
