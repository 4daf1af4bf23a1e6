// An engine of WebLLM's over a virtual folder: started once all bytes are there, or stopped by taking its device away.
import type { MLCEngine, ModelRecord } from '@mlc-ai/web-llm';
import { AppError } from '../../base/errors';
import { installCaches } from './cache-shim';
import { watchDevice, type DeviceWatch } from './device-watch';
import type { LoadMeter } from './load-meter';
import { VirtualFolder, type FolderContents } from './virtual-folder';
import { toWebLlmError } from './webllm-errors';
import type { KnownModel } from './webllm-model';

type WebLlm = typeof import('@mlc-ai/web-llm');

export interface StartedEngine {
  readonly engine: MLCEngine;
  readonly device: GPUDevice;
  readonly heldBytes: () => number;
}

/**
 * WebLLM's own part of the load, over the virtual folder.
 * @throws AppError `run/aborted`, or as toWebLlmError
 */
export async function start(
  webLlm: WebLlm,
  model: KnownModel,
  contents: FolderContents,
  { gpu, signal, meter }: { gpu: GPU; signal: AbortSignal; meter: LoadMeter },
): Promise<StartedEngine> {
  const folder = new VirtualFolder(contents, signal, (name) => meter.read(name));
  const record: ModelRecord = {
    model: folder.modelAddress,
    model_id: model.id,
    model_lib: folder.libraryAddress,
    overrides: { context_window_size: model.contextWindow },
    model_type: model.seesImages ? webLlm.ModelType.VLM : webLlm.ModelType.LLM,
  };
  const engine = new webLlm.MLCEngine({
    appConfig: { model_list: [record], cacheBackend: 'cache' },
    initProgressCallback: ({ progress }) => meter.reported(progress),
    logLevel: 'SILENT',
  });
  const restoreCaches = installCaches(folder);
  const watch = watchDevice(gpu);
  // WebLLM does not hear an abort between the cache and the GPU; without its device it cannot go on.
  const onAbort = (): void => watch.device()?.destroy();
  signal.addEventListener('abort', onAbort);
  try {
    await engine.reload(model.id);
    throwIfAborted(signal);
    return { engine, device: deviceOf(watch), heldBytes: () => watch.heldBytes() };
  } catch (thrown) {
    watch.device()?.destroy();
    // Whatever broke because the device went away under WebLLM, the cause was the abort.
    throwIfAborted(signal);
    throw toWebLlmError(folder.failure ?? thrown);
  } finally {
    signal.removeEventListener('abort', onAbort);
    watch.stop();
    restoreCaches();
  }
}

function deviceOf(watch: DeviceWatch): GPUDevice {
  const device = watch.device();
  // An aborted reload resolves too, without having come this far.
  if (!device)
    throw new AppError('run/aborted', 'WebLLM gave the load up without saying why.', { retryable: true });
  return device;
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError('run/aborted', 'Loading the model was cancelled; what is stored stays.');
}
