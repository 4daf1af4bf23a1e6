// One error class with stable codes. Code decides by `code`, never by `message`; the words a person reads
// live in src/ui, keyed by code. `details` carries numbers and names for those words, never secrets.

export const errorCodes = [
  // gpu
  'gpu/unavailable',
  'gpu/no-adapter',
  'gpu/limit-too-low',
  'gpu/device-lost',
  'gpu/out-of-memory',
  'gpu/shader-invalid',
  /** It computes what a model is made of wrongly: a driver's fault. */
  'gpu/wrong-numbers',
  // processor
  /** This browser or this model: not without a GPU. */
  'processor/unavailable',
  'processor/stopped',
  // network, storage
  'network/offline',
  'network/http-status',
  'network/timeout',
  'network/cors',
  'network/not-a-model',
  'network/bad-address',
  /** A person has switched the network off. */
  'network/cut',
  'storage/quota',
  'storage/integrity',
  'storage/blocked',
  'storage/unavailable',
  // model, tokenizer
  'model/unsupported-arch',
  'model/bad-config',
  'model/bad-manifest',
  'model/bad-gguf',
  'model/shape-mismatch',
  'model/missing-tensor',
  'model/unknown-model',
  'model/bad-library',
  /** What Git leaves in place of a file when it was cloned without Git LFS. */
  'model/lfs-pointer',
  'tokenizer/unknown-token',
  'tokenizer/bad-vocab',
  // worker, widget
  'worker/crashed',
  'worker/protocol-mismatch',
  /** The page is of a build that its host no longer has. */
  'worker/outdated',
  'widget/bad-origin',
  'widget/bad-message',
  // run
  'run/aborted',
  'run/context-full',
  'run/busy',
  /** A big download that nobody on this device has said yes to. */
  'run/needs-consent',
  'run/bad-request',
  /** The model's numbers are not numbers: a GPU fault or broken weights. */
  'run/bad-logits',
  // documents
  'documents/too-large',
  'documents/too-long',
  'documents/unsupported-kind',
  'documents/encrypted',
  'documents/no-text',
  'documents/damaged',
  /** An archive that unpacks to far more than a document holds. */
  'documents/zip-bomb',
  'documents/missing',
  // a larger model elsewhere
  /** Refused, unknown, or without leave for this page: a browser does not say which. */
  'remote/unreachable',
  'remote/bad-key',
  'remote/unknown-model',
  'remote/rate-limited',
  'remote/cut',
  'remote/bad-answer',
  'remote/redirected',
  'remote/failed',
  /** The browser does not hold the frame to its one host: nothing is sent. */
  'remote/not-held',
  // anything that is our own bug
  'chats/bad-file',
  'chats/too-large',
  'internal/invariant',
  'internal/unexpected',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

export interface AppErrorInit {
  readonly details?: ErrorDetails;
  /** Whether trying the same thing again can help. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly retryable: boolean;

  /** @param message one English sentence: what went wrong and what to do, with the file or number at fault. */
  constructor(code: ErrorCode, message: string, init: AppErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.details = init.details ?? {};
    this.retryable = init.retryable ?? false;
  }
}

/** How an AppError crosses a message port: plain data, no cause, the stack as text. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly retryable: boolean;
  readonly stack?: string;
}

/** Any thrown value as an AppError. Total: never throws. An AbortError becomes `run/aborted`. */
export function toAppError(thrown: unknown, fallback: ErrorCode = 'internal/unexpected'): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isAbort(thrown)) return new AppError('run/aborted', 'The operation was cancelled.', { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : safeText(thrown);
  return new AppError(fallback, message, { cause: thrown });
}

export function isAbort(thrown: unknown): boolean {
  if (thrown instanceof AppError) return thrown.code === 'run/aborted';
  return thrown instanceof Error && thrown.name === 'AbortError';
}

export function toWire(error: AppError): WireError {
  const { code, message, details, retryable, stack } = error;
  return { code, message, details, retryable, ...(stack === undefined ? {} : { stack }) };
}

/** Rebuilds an AppError from what came over a port; anything malformed becomes `internal/unexpected`. */
export function fromWire(wire: unknown): AppError {
  if (typeof wire === 'object' && wire !== null && 'code' in wire && 'message' in wire) {
    const { code, message, details, retryable, stack } = wire as Partial<WireError>;
    if (typeof message === 'string' && errorCodes.includes(code as ErrorCode)) {
      const error = new AppError(code as ErrorCode, message, {
        details: typeof details === 'object' && details !== null ? details : {},
        retryable: retryable === true,
      });
      if (typeof stack === 'string') error.stack = stack;
      return error;
    }
  }
  return new AppError('internal/unexpected', 'An error arrived in a shape this version does not know.');
}

/** For conditions that only a bug of ours can break; never for bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AppError('internal/invariant', message);
}

function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'unprintable value';
  }
}
