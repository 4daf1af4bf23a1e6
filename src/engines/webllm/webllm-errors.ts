// What WebLLM 0.2.86 and the TVM runtime inside it throw, as our codes. The one place that reads another
// program's error names and texts: it has no codes of its own.
import { AppError, isAbort, type ErrorCode } from '../../base/errors';

interface Meaning {
  readonly code: ErrorCode;
  /** What to do; the words of the original error are put before it. */
  readonly advice: string;
  readonly retryable?: boolean;
}

const anotherModel = 'Choose another model.';
const changeRequest = 'Change the request.';

/** By the `name` of WebLLM's own error classes. */
const byName: Readonly<Record<string, Meaning>> = {
  WebGPUNotAvailableError: { code: 'gpu/unavailable', advice: 'Use a current browser with WebGPU.' },
  WebGPUNotFoundError: { code: 'gpu/unavailable', advice: 'Use a current browser with WebGPU.' },
  ShaderF16SupportError: { code: 'gpu/limit-too-low', advice: 'Use the wgsl engine, which needs no f16.' },
  FeatureSupportError: { code: 'gpu/limit-too-low', advice: 'Use the wgsl engine.' },
  DeviceLostError: {
    code: 'gpu/out-of-memory',
    advice: 'Close other tabs that use the GPU, shorten the context, or choose a smaller model.',
  },
  ModelNotFoundError: { code: 'model/unknown-model', advice: anotherModel },
  ModelNotLoadedError: { code: 'run/bad-request', advice: 'Load a model first.' },
  SpecifiedModelNotFoundError: { code: 'run/bad-request', advice: 'Load a model first.' },
  MissingModelError: { code: 'model/bad-library', advice: 'Use the wgsl engine.' },
  ArtifactManifestError: { code: 'model/bad-library', advice: 'Use the wgsl engine.' },
  UnsupportedTokenizerFilesError: { code: 'tokenizer/bad-vocab', advice: anotherModel },
  WindowSizeConfigurationError: { code: 'model/bad-config', advice: anotherModel },
  WindowSizeSpecificationError: { code: 'model/bad-config', advice: anotherModel },
  AttentionSinkSizeError: { code: 'model/bad-config', advice: anotherModel },
  IntegrityError: { code: 'storage/integrity', advice: 'Remove the model and download it again.' },
  ContextWindowSizeExceededError: {
    code: 'run/context-full',
    advice: 'Shorten the message, drop old turns, or choose a longer context.',
  },
  PrefillChunkSizeSmallerThanImageError: { code: 'run/context-full', advice: 'Use a smaller picture.' },
  CannotFindImageEmbedError: { code: 'run/bad-request', advice: 'Choose a model that sees pictures.' },
  UserMessageContentErrorForNonVLM: { code: 'run/bad-request', advice: 'Choose a model that sees pictures.' },
  UnsupportedContentPartError: { code: 'run/bad-request', advice: 'Choose a model that sees pictures.' },
  UnsupportedImageURLError: { code: 'run/bad-request', advice: changeRequest },
  MultipleTextContentError: { code: 'run/bad-request', advice: changeRequest },
  MessageOrderError: { code: 'run/bad-request', advice: changeRequest },
  SystemMessageOrderError: { code: 'run/bad-request', advice: changeRequest },
  UnsupportedRoleError: { code: 'run/bad-request', advice: changeRequest },
  ContentTypeError: { code: 'run/bad-request', advice: changeRequest },
  SeedTypeError: { code: 'run/bad-request', advice: changeRequest },
  RangeError: { code: 'run/bad-request', advice: changeRequest },
  MinValueError: { code: 'run/bad-request', advice: changeRequest },
  NonNegativeError: { code: 'run/bad-request', advice: changeRequest },
  InvalidResponseFormatError: { code: 'run/bad-request', advice: changeRequest },
  InvalidResponseFormatGrammarError: { code: 'run/bad-request', advice: changeRequest },
  GrammarMatcherInitError: { code: 'run/bad-request', advice: 'Simplify the JSON schema.' },
  UnsupportedFieldsError: { code: 'run/bad-request', advice: changeRequest },
  // WebAssembly's own, when a library does not fit.
  LinkError: { code: 'model/bad-library', advice: 'Load the model again, or use the wgsl engine.' },
  CompileError: { code: 'model/bad-library', advice: 'Load the model again, or use the wgsl engine.' },
};

/** By text, for the runtime's plain Errors; the first that matches counts. */
const byText: readonly (Meaning & { readonly pattern: RegExp })[] = [
  {
    pattern: /^Unable to find a compatible GPU/,
    code: 'gpu/no-adapter',
    advice: 'Switch on hardware acceleration in the browser settings.',
  },
  {
    pattern: /^Cannot initialize runtime because of requested max/,
    code: 'gpu/limit-too-low',
    advice: 'Use the wgsl engine, which runs on the default limits.',
  },
  {
    pattern: /^Tensor-cache record range|exceeds shard size|^Invalid tensor-cache|^Packed BF16 record/,
    code: 'model/bad-manifest',
    advice: 'Remove the model and download it again.',
  },
  {
    pattern: /^Expect the data's length equals|^data size and shape mismatch|^Invalid tensor d/,
    code: 'model/shape-mismatch',
    advice: 'Remove the model and download it again.',
  },
  {
    pattern: /Cannot find parameter in cache|Cannot find param/i,
    code: 'model/missing-tensor',
    advice: 'The weights and the model library do not belong together: use the wgsl engine.',
  },
  {
    pattern: /^Cannot find (global )?function|^Cannot find .* in exports|^Cannt detect wasm memory|Asynctify/,
    code: 'model/bad-library',
    advice: 'Load the model again, or use the wgsl engine.',
  },
  {
    pattern: /device (is|was) (lost|destroyed)|GPUDevice.*lost|Device lost/i,
    code: 'gpu/device-lost',
    advice: 'Load the model again.',
    retryable: true,
  },
  {
    pattern: /out of memory|Out of memory|memory access out of bounds|Array buffer allocation failed/,
    code: 'gpu/out-of-memory',
    advice: 'Close other tabs, shorten the context, or choose a smaller model.',
  },
  {
    pattern: /^Failed to create (GPU)?ComputePipeline|shader|WGSL/i,
    code: 'gpu/shader-invalid',
    advice: 'Use the wgsl engine, and report this with the name of the graphics card.',
  },
];

/** Anything WebLLM threw, as an AppError; total. Our own errors pass through its code unchanged. */
export function toWebLlmError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  // `unload()` aborts with this string as the reason, and fetch rejects with the bare string.
  if (isAbort(thrown) || thrown === 'Engine.unload() is called.') {
    return new AppError('run/aborted', 'The operation was cancelled.', { cause: thrown });
  }
  const name = thrown instanceof Error ? thrown.name : '';
  const text =
    thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : 'an unknown error';
  const meaning =
    (Object.hasOwn(byName, name) ? byName[name] : undefined) ??
    byText.find((entry) => entry.pattern.test(text));
  if (!meaning) {
    return new AppError('internal/unexpected', `WebLLM failed: ${firstSentence(text)}`, {
      details: { engine: 'webllm', error: name },
      cause: thrown,
    });
  }
  const { code, advice, retryable = false } = meaning;
  return new AppError(code, `${firstSentence(text)} ${advice}`, {
    details: { engine: 'webllm', error: name },
    retryable,
    cause: thrown,
  });
}

/** Their texts run to paragraphs with advice for programmers. */
function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  const end = line.search(/\.\s/);
  const sentence = (end < 0 ? line : line.slice(0, end + 1)).slice(0, 300);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
