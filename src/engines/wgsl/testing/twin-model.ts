// Answers with the CPU twin computing the logits: everything but the GPU is the real thing.
import { expect } from 'vitest';
import { parseConfig } from '../../../formats/mlc/parse-config';
import type { PrefillOptions } from '../../../model/run/prefill';
import type { ChatMessage, GenerateEvent, GenerateRequest } from '../../../protocol/chat';
import { Phi3Twin } from '../../../reference/phi3';
import type { Logprob } from '../../../kernels/logprob/logprob';
import { logprobOf } from '../../../sampling/logprob';
import { Sampler } from '../../../sampling/sampler';
import { Tokenizer } from '../../../tokenizer/tokenizer';
import { answer, type AnswerContext, type LanguageModel } from '../answer';
import { checkRequest } from '../check-request';
import { TokenCache } from '../token-cache';
import { babbleFolder, tensorsOf, textOf, type Folder } from './model-folder';

export interface Call {
  readonly ids: readonly number[];
  readonly position: number;
}

/** Steps that the stand-in, like a GPU, has under way before anybody takes their ids. */
export const ahead = 3;

/** The twin as a model that prefills in chunks of 8, and what it was asked to compute. */
export class TwinModel implements LanguageModel {
  readonly calls: Call[] = [];
  longFrom: number | undefined;
  /** Whether what is known was computed with long factors. */
  private long = false;

  usable(count: number, end: number): number {
    return this.long === end > (this.longFrom ?? Infinity) ? count : 0;
  }

  private readonly sure: Logprob[] = [];

  surety(from: number, to: number): Promise<readonly Logprob[]> {
    return Promise.resolve(this.sure.slice(from, to));
  }

  /** Called before each chunk and each step. */
  onStep: (call: Call) => void = () => undefined;
  change: (logits: Float32Array) => Float32Array = (logits) => logits;
  running = false;
  private logits = new Float32Array();

  constructor(
    private readonly twin: Phi3Twin,
    private readonly vocab: number,
    private readonly sampler: (settings: Uint32Array<ArrayBuffer>, drawn?: readonly number[]) => Sampler,
  ) {}

  async prefill(
    ids: readonly number[],
    position: number,
    { signal, onProgress }: PrefillOptions = {},
  ): Promise<void> {
    expect(this.running).toBe(false);
    this.calls.push({ ids, position });
    this.long = position + ids.length > (this.longFrom ?? Infinity);
    for (let done = 0; done < ids.length; done += 8) {
      this.onStep({ ids: ids.slice(done, done + 8), position: position + done });
      signal?.throwIfAborted();
      this.logits = Float32Array.from(
        this.twin.logits(ids.slice(done, done + 8), position + done).slice(-this.vocab),
      );
      if (done + 8 < ids.length) onProgress?.((done + 8) / ids.length);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async *generate(
    settings: Uint32Array<ArrayBuffer>,
    position: number,
    count: number,
    { begun = [] }: { readonly begun?: readonly number[] } = {},
  ): AsyncGenerator<number, void, undefined> {
    this.running = true;
    try {
      const sampler = this.sampler(settings, begun);
      const drawn: number[] = [];
      for (let taken = 0; taken < count; taken++) {
        while (drawn.length < Math.min(count, taken + ahead)) {
          const [last] = drawn.slice(-1);
          if (last !== undefined) this.run(last, position + drawn.length - 1);
          const logits = this.change(this.logits);
          const id = sampler.sample(logits);
          this.sure[begun.length + drawn.length] = logprobOf(logits, id);
          drawn.push(id);
        }
        await Promise.resolve();
        yield drawn[taken] ?? -1;
      }
    } finally {
      await Promise.resolve();
      this.running = false;
    }
  }

  /** Logits after that token. */
  run(id: number, position: number): Float32Array {
    this.calls.push({ ids: [id], position });
    this.onStep({ ids: [id], position });
    return (this.logits = Float32Array.from(this.twin.logits([id], position)));
  }

  /** Of the last token run. */
  get last(): Float32Array {
    return this.logits;
  }
}

export function setUp(
  options: { contextWindow?: number; folder?: Folder } = {},
): AnswerContext & { model: TwinModel } {
  const folder = options.folder ?? babbleFolder();
  const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
  const tokenizer = Tokenizer.parse(textOf(folder, 'tokenizer.json'));
  return {
    model: new TwinModel(
      new Phi3Twin(config.shape, tensorsOf(folder)),
      config.shape.vocab,
      (settings, drawn) => new Sampler(settings, drawn),
    ),
    tokenizer,
    config,
    contextWindow: options.contextWindow ?? config.contextWindow,
    cache: new TokenCache(tokenizer, config.template),
  };
}

export const defaults = { temperature: 0, top_p: 1, repetition_penalty: 1 };
export const user = (content: string): ChatMessage => ({ role: 'user', content });
export const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

export interface Outcome {
  readonly text: string;
  readonly ids: readonly number[];
  readonly events: readonly GenerateEvent[];
  readonly usage: Extract<GenerateEvent, { type: 'usage' }>['usage'];
  readonly done: Extract<GenerateEvent, { type: 'done' }>;
}

export async function ask(
  context: AnswerContext,
  request: GenerateRequest,
  signal = new AbortController().signal,
  onEvent: (event: GenerateEvent) => void = () => undefined,
): Promise<Outcome> {
  const events: GenerateEvent[] = [];
  for await (const event of answer(context, checkRequest(request, defaults), signal)) {
    events.push(event);
    onEvent(event);
  }
  const tokens = events.filter((event) => event.type === 'token');
  const usage = events.at(-2);
  const done = events.at(-1);
  if (usage?.type !== 'usage' || done?.type !== 'done') throw new Error('usage and done should come last');
  const read = events.filter((event) => event.type === 'prefill').map(({ fraction }) => fraction);
  expect(events.findIndex(({ type }) => type !== 'prefill')).toBe(read.length);
  expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
  expect(read.every((fraction) => fraction > 0 && fraction < 1)).toBe(true);
  expect(tokens).toHaveLength(events.length - read.length - 2);
  return {
    text: tokens.map(({ text }) => text).join(''),
    ids: tokens.flatMap(({ tokenIds }) => [...tokenIds]),
    events,
    usage: usage.usage,
    done,
  };
}
