import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../base/errors';
import { toWebLlmError } from './webllm-errors';

/** WebLLM's classes set `name` and nothing else that can be relied on; they are not exported. */
function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

const cases: readonly (readonly [unknown, ErrorCode])[] = [
  [
    named('WebGPUNotAvailableError', 'WebGPU is not supported in your current environment.'),
    'gpu/unavailable',
  ],
  [named('ShaderF16SupportError', 'This model requires WebGPU extension shader-f16.'), 'gpu/limit-too-low'],
  [named('DeviceLostError', 'The WebGPU device was lost while loading the model.'), 'gpu/out-of-memory'],
  [named('ModelNotFoundError', 'Cannot find model record in appConfig for x.'), 'model/unknown-model'],
  [named('ContextWindowSizeExceededError', 'Prompt tokens exceed context window size.'), 'run/context-full'],
  [named('UnsupportedTokenizerFilesError', 'Cannot handle tokenizer files a,b'), 'tokenizer/bad-vocab'],
  [named('GrammarMatcherInitError', 'Failed to initialize the grammar matcher'), 'run/bad-request'],
  [named('UserMessageContentErrorForNonVLM', 'The model loaded is not of type VLM'), 'run/bad-request'],
  [named('LinkError', 'WebAssembly.instantiate(): Import #0'), 'model/bad-library'],
  [
    Error("Unable to find a compatible GPU. This issue might be because your computer doesn't"),
    'gpu/no-adapter',
  ],
  [
    Error(
      'Cannot initialize runtime because of requested maxComputeWorkgroupStorageSize exceeds limit. requested=32768',
    ),
    'gpu/limit-too-low',
  ],
  [Error('Tensor-cache record range [0, 64) exceeds shard size 32'), 'model/bad-manifest'],
  [Error('Packed BF16 record has 3 bytes, but shape requires 4'), 'model/bad-manifest'],
  [Error("Expect the data's length equals nbytes=4"), 'model/shape-mismatch'],
  [Error('Cannot find global function vm.builtin.x'), 'model/bad-library'],
  [Error('Cannot find TVMWasmAllocSpace in exports'), 'model/bad-library'],
  [Error('The device was lost'), 'gpu/device-lost'],
  [Error('memory access out of bounds'), 'gpu/out-of-memory'],
  [new DOMException('aborted', 'AbortError'), 'run/aborted'],
  ['Engine.unload() is called.', 'run/aborted'],
  [Error('something nobody has seen'), 'internal/unexpected'],
  [named('constructor', 'a name that every object has'), 'internal/unexpected'],
  [undefined, 'internal/unexpected'],
  [Object.create(null), 'internal/unexpected'],
];

test.each(cases.map(([thrown, code], i) => [i, code, thrown] as const))(
  'case %i is %s',
  (_, code, thrown) => {
    const error = toWebLlmError(thrown);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/[.!?]$/);
  },
);

test('our own errors pass through WebLLM unchanged', () => {
  const ours = new AppError('storage/quota', 'full', { details: { neededBytes: 1 } });
  expect(toWebLlmError(ours)).toBe(ours);
});

test('a paragraph of advice for programmers becomes its first sentence and ours', () => {
  const { message } = toWebLlmError(
    named(
      'ContextWindowSizeExceededError',
      'Prompt tokens exceed context window size: 5000; context window size: 4096\nConsider using sliding_window_size.',
    ),
  );
  expect(message).toContain('5000');
  expect(message).not.toContain('sliding_window_size');
  expect(message).toContain('Shorten');
});
