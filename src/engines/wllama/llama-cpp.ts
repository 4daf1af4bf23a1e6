// wllama as this engine uses it: its worker gets script and program from us, nothing by an address; what it says goes
// nowhere but into the words of an error.
import { Wllama, WllamaRuntimeError } from '@wllama/wllama';
import script from '@wllama/wllama/src/wasm/wllama.js?raw';
import { AppError, isAbort, toAppError } from '../../base/errors';
import { handOver, type HandOver } from './hand-over';

export interface LlamaCppOptions {
  readonly program: Uint8Array<ArrayBuffer>;
  readonly contextWindow: number;
  /** `gpu`: through WebGPU, at llama.cpp's own settings: for comparing, not for chatting. */
  readonly on?: 'processor' | 'gpu';
}

/** A worker begins within a second, on a busy machine within a few; in Firefox some never do. */
const beginsMs = 5_000;
/** Then the program is compiled, and its threads begin. */
const runsMs = 25_000;
/** How many times as long each further try may be silent, in case the machine is only slow. */
const patience = 3;

/** Of wllama's own way to its worker, which its types keep to themselves. */
interface Actions {
  wllamaAction(name: string, body: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Tokens of a prompt that are run together: so few that Stop is heard within a second or two on a slow processor. */
const batchTokens = 16;

export class LlamaCpp extends Wllama {
  readonly #hand: HandOver;
  readonly #contextWindow: number;
  readonly #onGpu: boolean;
  readonly #talk: Talk;
  #pictures: readonly Uint8Array[] = [];

  constructor({ program, contextWindow, on = 'processor' }: LlamaCppOptions) {
    const talk = new Talk();
    super({ default: 'unused' }, { logger: talk });
    this.#talk = talk;
    this.#onGpu = on === 'gpu';
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

  /**
   * @param earlier how many were started before it that never said anything
   * @throws AppError
   */
  async open(files: Blob[], earlier = 0): Promise<void> {
    try {
      const loading = this.loadModel(files, {
        n_ctx: this.#contextWindow,
        n_threads: threadsHere(),
        n_parallel: 1,
        warmup: false,
        ...(!this.#onGpu && {
          n_gpu_layers: 0,
          n_batch: batchTokens,
          n_ubatch: batchTokens,
          mmproj_offload: false,
        }),
      });
      loading.catch(() => undefined);
      await Promise.race([loading, this.#hand.failed, silence(this.#hand, patience ** earlier)]);
      if (this.#onGpu) this.#needGpu();
      this.#handPictures();
    } catch (thrown) {
      throw this.explain(thrown);
    } finally {
      this.#hand.close();
    }
  }

  /** What stands in a prompt for a picture, as the program names it; undefined where it sees none. */
  get marker(): string | undefined {
    // Not in wllama's types.
    const { media_marker: marker } = this.getLoadedContextInfo() as Partial<Record<'media_marker', unknown>>;
    return this.supportInputModality('image') && typeof marker === 'string' && marker !== ''
      ? marker
      : undefined;
  }

  /** Of the next completion, in the order of their markers. */
  set pictures(files: readonly Uint8Array[]) {
    this.#pictures = files;
  }

  /**
   * wllama hands files over with a chat only, which it has rendered by the file's own template; its worker takes them with
   * any prompt. Held to by the exact version of the package, and by e2e/pictures.spec.ts.
   */
  #handPictures(): void {
    const { proxy } = this as unknown as { readonly proxy: Actions };
    const act = proxy.wllamaAction.bind(proxy);
    proxy.wllamaAction = (name, body) => {
      const files = name === 'completion' ? this.#pictures : [];
      if (files.length === 0) return act(name, body);
      this.#pictures = [];
      return act(name, { ...body, files });
    };
  }

  /** Threads that compute: one where the page is not isolated. */
  get threads(): number {
    return this.isMultithread() ? this.getNumThreads() : 1;
  }

  /** Where it finds no GPU that suits it, llama.cpp computes on the processor and only its log says so. */
  #needGpu(): void {
    const { offloaded } = this.#talk;
    if (offloaded && offloaded.layers === offloaded.of) return;
    throw new AppError(
      'gpu/limit-too-low',
      `llama.cpp took ${offloaded?.layers ?? 0} of the model’s layers onto this GPU through WebGPU, not all: it would compute on the processor.`,
    );
  }

  /** What llama.cpp threw, as an error with words: its own last complaint says more than its exception. */
  explain(thrown: unknown): AppError {
    if (thrown instanceof AppError || isAbort(thrown)) return toAppError(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const why = [message, this.#talk.complaint].filter(Boolean).join('; ').slice(0, 400);
    const details = { engine: 'wllama' };
    return new AppError('processor/stopped', `llama.cpp stopped: ${why}`, {
      details,
      retryable: thrown instanceof WllamaRuntimeError,
      cause: thrown,
    });
  }
}

/** Rejects when its worker, or then one of its threads, has not begun for so long: some never do. */
async function silence({ begun, running }: HandOver, times: number): Promise<never> {
  for (const [step, ms] of [
    [begun, beginsMs],
    [running, runsMs],
  ] as const) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms * times)));
    const isSilent = await Promise.race([step.then(() => false), over.then(() => true)]);
    clearTimeout(timer);
    if (isSilent)
      throw new AppError('processor/stopped', 'llama.cpp did not start: its worker said nothing.', {
        details: { engine: 'wllama', silent: true },
        retryable: true,
      });
  }
  return new Promise<never>(() => undefined);
}

/** Half of what the browser counts, since it counts twin threads of one core as two; all of a few. */
function threadsHere(): number {
  const { hardwareConcurrency = 1 } = navigator;
  return hardwareConcurrency <= 4 ? hardwareConcurrency : Math.min(8, Math.ceil(hardwareConcurrency / 2));
}

/** In the place of a console. */
class Talk {
  /** The last thing it complained of. */
  complaint = '';
  /** Layers that it put on a GPU; undefined before it said so, which it does not where there is none. */
  offloaded: { readonly layers: number; readonly of: number } | undefined;
  readonly debug = (...words: unknown[]): void => this.#hear(words);
  readonly log = (...words: unknown[]): void => this.#hear(words);
  readonly warn = (...words: unknown[]): void => this.#hear(words);
  readonly error = (...words: unknown[]): void => {
    const [first] = words;
    if (typeof first === 'string' && !first.startsWith('Stack trace')) this.complaint = first;
    this.#hear(words);
  };

  #hear(words: readonly unknown[]): void {
    const line = words.find((word) => typeof word === 'string') ?? '';
    const [, layers, of] = /offloaded (\d+)\/(\d+) layers to GPU/.exec(line) ?? [];
    if (layers !== undefined) this.offloaded = { layers: Number(layers), of: Number(of) };
  }
}
