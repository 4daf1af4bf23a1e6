// llama.cpp's program for the worker that runs it, which has no network either: it asks on a channel of a name that
// nobody else knows, and gets the bytes.
import { AppError } from '../../base/errors';
import type { ScriptScope } from '../../base/own-scripts';

/** Of the worker's scope: wllama's script declares them. */
declare const RUN_OPTIONS: { readonly pathConfig: { readonly 'wllama.wasm': string } } | undefined;
declare const Module: { instantiateWasm?: unknown; onRuntimeInitialized?: () => void };

type Done = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** Goes in front of the program's script as text, so it may use nothing from outside itself. */
function receiveProgram(): void {
  // A thread gets the program from the worker that started it.
  if (typeof RUN_OPTIONS === 'undefined') return;
  // As src/base/own-scripts.ts: it starts its threads from blobs, and nothing else.
  const { trustedTypes } = globalThis as ScriptScope;
  trustedTypes?.createPolicy('default', {
    createScriptURL: (address) => (address.startsWith(`blob:${origin}/`) ? address : null),
  });
  const channel = new BroadcastChannel(RUN_OPTIONS.pathConfig['wllama.wasm']);
  const { onRuntimeInitialized: initialized } = Module;
  Module.onRuntimeInitialized = () => {
    channel.postMessage('running');
    channel.close();
    initialized?.();
  };
  Module.instantiateWasm = (imports: WebAssembly.Imports, done: Done): object => {
    let asking: ReturnType<typeof setInterval> | undefined;
    channel.onmessage = ({ data }: MessageEvent<BufferSource>) => {
      if (asking === undefined) return;
      clearInterval(asking);
      asking = undefined;
      WebAssembly.instantiate(data, imports).then(
        ({ instance, module }) => done(instance, module),
        (thrown: unknown) => channel.postMessage({ failed: String(thrown) }),
      );
    };
    // Firefox loses one now and then on a busy machine.
    asking = setInterval(() => channel.postMessage('wanted'), 500);
    channel.postMessage('wanted');
    return {};
  };
}

export interface HandOver {
  /** In the place of the program's address. */
  readonly channel: string;
  /** To be put in front of the script. */
  readonly prelude: string;
  /** Never resolves; rejects when the program cannot run here. */
  readonly failed: Promise<never>;
  /** Resolves when the worker has asked for the program. */
  readonly begun: Promise<void>;
  /** Resolves when the program runs, with all of its threads. */
  readonly running: Promise<void>;
  readonly close: () => void;
}

export function handOver(program: Uint8Array<ArrayBuffer>): HandOver {
  const name = `phield-llama-cpp-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  const channel = new BroadcastChannel(name);
  let hasBegun = (): void => undefined;
  let isRunning = (): void => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  const running = new Promise<void>((resolve) => (isRunning = resolve));
  const failed = new Promise<never>((_resolve, reject) => {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'wanted') {
        hasBegun();
        channel.postMessage(program);
      } else if (data === 'running') isRunning();
      else
        reject(
          new AppError(
            'processor/unavailable',
            `llama.cpp does not run in this browser: ${failureIn(data)}. Use a current Chrome, Edge or Firefox.`,
          ),
        );
    };
  });
  failed.catch(() => undefined);
  return {
    channel: name,
    prelude: `(${receiveProgram.toString()})();`,
    failed,
    begun,
    running,
    close: () => channel.close(),
  };
}

function failureIn(data: unknown): string {
  const { failed } = (data ?? {}) as Record<string, unknown>;
  return typeof failed === 'string' ? failed.slice(0, 200) : 'it did not start';
}
