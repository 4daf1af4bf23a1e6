import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../base/errors';
import type { Engine } from '../engines/engine';
import type { EngineName } from '../protocol/chat';
import { engineHandlers } from './engine-host';

/** An engine whose load fails as it is told. */
function failing(error: AppError): Engine {
  return {
    name: 'webllm',
    gpuBytes: 0,
    load: () => Promise.reject(error),
    generate: () => {
      throw error;
    },
    countTokens: () => Promise.reject(error),
    lost: new Promise(() => undefined),
    dispose: () => Promise.resolve(),
  };
}

async function loadError(code: ErrorCode, otherEngine: EngineName | undefined): Promise<unknown> {
  const error = new AppError(code, 'It failed.', { details: { file: 'a.bin' }, retryable: true });
  const handlers = engineHandlers({
    decide: () =>
      Promise.resolve({ build: 'b', choice: { engine: 'webllm', why: 'not-measured' }, otherEngine }),
    make: () => Promise.resolve(failing(error)),
    lend: () => undefined,
    models: () => Promise.reject(error),
    compareEngines: () => Promise.reject(error),
    benchmark: () => Promise.reject(error),
    onLost: () => undefined,
  });
  return handlers
    .load({ model: 'm', appBase: 'http://app/' }, { signal: new AbortController().signal, emit: () => {} })
    .catch((thrown: unknown) => thrown);
}

test.each(['model/bad-library', 'gpu/shader-invalid', 'network/http-status', 'internal/unexpected'] as const)(
  '%s of an engine names the other one as a way out',
  async (code) => {
    expect(await loadError(code, 'wgsl')).toMatchObject({
      code,
      retryable: true,
      details: { file: 'a.bin', otherEngine: 'wgsl' },
    });
  },
);

test.each([
  ['storage/quota', 'wgsl'],
  ['network/offline', 'wgsl'],
  ['run/aborted', 'wgsl'],
  ['model/bad-library', undefined],
] as const)('%s with %s to turn to stays as it is', async (code, otherEngine) => {
  expect(await loadError(code, otherEngine)).toMatchObject({ code, details: { file: 'a.bin' } });
  expect(await loadError(code, otherEngine)).not.toHaveProperty('details.otherEngine');
});
