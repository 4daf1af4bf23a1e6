// The contract between window and worker: every call, its answer and its events, in one map. No proxies.
import type { WireError } from '../base/errors';
import type { BenchmarkEvent, BenchmarkReport } from './benchmark';
import type {
  ChatMessage,
  EngineName,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  ModelInfo,
  PromptTemplate,
} from './chat';
import type { LentModel } from '../base/lent-model';
import type { EngineChoice, EngineTiming, ModelList } from './models';

export const protocolVersion = 1;

export interface LoadRequest {
  /** A catalogue id, or the address of a folder in MLC layout. */
  readonly model: string;
  /** Absolute address of the app, ending in a slash: where `models/` of the embedded model is. */
  readonly appBase: string;
  /** A person's wish; without it the faster of those that are right on this device. */
  readonly engine?: EngineName;
  /** Positions of context; without it 4k, or less on a small device. */
  readonly contextWindow?: number;
  /** Default: exact. */
  readonly template?: PromptTemplate;
  /** The person has said yes to its download, however big; without it a big one ends with `run/needs-consent`. */
  readonly agreed?: boolean;
  /** Nothing of the model is written to storage; what is stored already is still used. */
  readonly memoryOnly?: boolean;
  /** Read from here instead of from the realm's own storage; nothing of it is fetched. */
  readonly lent?: LentModel;
}

/** What the last load decided, beside what the engine says of the model. */
export interface LoadedModel extends ModelInfo {
  readonly choice: EngineChoice;
}

export interface ModelsRequest {
  readonly appBase: string;
  /** BCP 47: what the preselected model should speak. */
  readonly language: string;
}

export interface CompareRequest {
  readonly model: string;
  readonly appBase: string;
}

export interface BenchmarkRequest extends CompareRequest {
  /** With llama.cpp as well, on the GPU and on the processor, where it can run the model. */
  readonly llamaCpp?: boolean;
}

/** What the engine holds at this moment. */
export interface HeldMemory {
  /** Bytes of GPU buffers; 0 without a model. */
  readonly gpuBytes: number;
  /** Tabs and frames that it serves. */
  readonly guests: number;
}

/** Undefined for an engine that could not run it. */
export type Comparison = Partial<Readonly<Record<EngineName, EngineTiming>>>;

export type Contract = {
  load: { in: LoadRequest; out: LoadedModel; event: LoadProgress };
  /** Events come in batches, at most one a frame. */
  generate: { in: GenerateRequest; out: null; event: readonly GenerateEvent[] };
  countTokens: { in: { readonly messages: readonly ChatMessage[] }; out: number; event: never };
  /** Every model of the catalogue with whether it fits this device. */
  models: { in: ModelsRequest; out: ModelList; event: never };
  /** Times each engine that can run the model here and remembers it; unloads what is loaded. Events: which one is being timed. */
  compareEngines: { in: CompareRequest; out: Comparison; event: EngineName };
  /** Measures memory and every engine that can run the model here; unloads what is loaded. */
  benchmark: { in: BenchmarkRequest; out: BenchmarkReport; event: BenchmarkEvent };
  held: { in: null; out: HeldMemory; event: never };
  unload: { in: null; out: null; event: never };
};

export type Op = keyof Contract;
export const ops: readonly Op[] = [
  'load',
  'generate',
  'countTokens',
  'models',
  'compareEngines',
  'benchmark',
  'held',
  'unload',
];

/** Window to worker. */
export type ToWorker = { readonly v: 1; readonly id: number } & (
  | { readonly k: 'call'; readonly op: Op; readonly body: unknown }
  | { readonly k: 'cancel' }
);

/** Worker to window; `hello` (id 0) says that the worker is up and which version it speaks. */
export type FromWorker = { readonly v: 1; readonly id: number } & (
  | { readonly k: 'hello' }
  | { readonly k: 'event'; readonly body: unknown }
  | { readonly k: 'ok'; readonly body: unknown }
  | { readonly k: 'err'; readonly error: WireError }
  /** The device was lost outside any call. */
  | { readonly k: 'lost'; readonly error: WireError }
  /** Said each second while it starts workers of its own, `false` when it has: one that is silent before that is stuck. */
  | { readonly k: 'alive'; readonly body: boolean }
);

export function isToWorker(data: unknown): data is ToWorker {
  if (!isEnvelope(data)) return false;
  if (data['k'] === 'cancel') return true;
  return data['k'] === 'call' && ops.includes(data['op'] as Op);
}

export function isFromWorker(data: unknown): data is FromWorker {
  return isEnvelope(data) && ['hello', 'event', 'ok', 'err', 'lost', 'alive'].includes(data['k'] as string);
}

/** True for a message of this family in another version: page and worker come from different builds. */
export function isOtherVersion(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { v, id, k } = data as Record<string, unknown>;
  return typeof v === 'number' && v !== protocolVersion && typeof id === 'number' && typeof k === 'string';
}

function isEnvelope(data: unknown): data is Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return false;
  const { v, id, k } = data as Record<string, unknown>;
  return v === protocolVersion && Number.isSafeInteger(id) && typeof k === 'string';
}
