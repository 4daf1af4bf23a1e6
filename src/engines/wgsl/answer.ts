// One answer: conversation -> ids -> prefill -> decode, sample, show -> why it ended. Knows the model only as
// something that runs and draws ids, so that the CPU twin can stand in for the GPU in tests.
import { AppError } from '../../base/errors';
import type { ModelConfig } from '../../formats/model-config';
import type { GenerateOptions } from '../../model/run/generate';
import type { PrefillOptions } from '../../model/run/prefill';
import type { FinishReason, GenerateEvent, Usage } from '../../protocol/chat';
import type { Logprob } from '../../kernels/logprob/logprob';
import { samplerWords } from '../../sampling/sampler';
import { StopFilter } from '../../sampling/stop';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { stopIdsOf } from '../stop-ids';
import { openGrammar } from './grammar';
import type { CheckedRequest } from './check-request';
import type { SavedPrefixes } from './saved-prefix';
import type { TokenCache } from './token-cache';

/** What an answer needs of a model; DecoderModel has it. */
export interface LanguageModel {
  /** Runs the tokens; stops soon when the signal aborts. */
  prefill(tokenIds: readonly number[], position: number, options: PrefillOptions): Promise<void>;
  /**
   * Ids that follow the tokens run so far, the first at `position`; all but the last are fed back. Steps may run
   * ahead of what was taken: leaving the loop forgets those, and waits for them.
   * @param settings what samplerWords makes.
   * @param options with the ids before, from which a model may guess what follows, which changes no id; and those of
   * them that the answer has drawn already, which do as if it had never been interrupted.
   */
  generate(
    settings: Uint32Array<ArrayBuffer>,
    position: number,
    count: number,
    options: Pick<GenerateOptions, 'history' | 'begun' | 'onGuess' | 'constraint' | 'surety'>,
  ): AsyncGenerator<number, void, undefined>;
  /**
   * How many of so many first tokens of a text, all of them run before, need not be run again when it will be `end`
   * tokens long. Without it: all.
   */
  usable?(count: number, end: number): number;
  /** How sure it was of the ids that it drew with the option of that name, counted from the answer's beginning. */
  surety?(from: number, to: number): Promise<readonly Logprob[]>;
  /** A text of more tokens than this is computed otherwise, from its first on. */
  readonly longFrom?: number | undefined;
  /** Compiled, or being compiled, so far. */
  readonly pipelines?: number | undefined;
}

export interface AnswerContext {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  readonly config: ModelConfig;
  /** Positions the model has room for; at most the configuration's. */
  readonly contextWindow: number;
  readonly cache: TokenCache;
  /** What earlier sessions computed, if anything keeps it. */
  readonly saved?: Pick<SavedPrefixes, 'restore'> | undefined;
}

interface Ending {
  readonly finishReason: FinishReason;
  readonly contextFull?: boolean;
}

/**
 * `prefill` events while a long prompt is read, `token` events, `prefill` again among them where everything is read once
 * more, then `usage`, then `done`. An abort ends it with
 * `cancelled`.
 * @throws AppError `run/context-full` when the prompt alone does not fit, `run/bad-logits`, and the model's own.
 */
export async function* answer(
  context: AnswerContext,
  request: CheckedRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void> {
  const { cache, contextWindow } = context;
  const clock = new Clock();
  const promptIds = cache.promptIds(request.messages);
  if (promptIds.length > contextWindow) throw tooLong(promptIds.length, contextWindow);
  const reused = await known(context, promptIds, signal);
  const said = cache.openIds(request.messages);
  const shown = new Shown(context, request, said);
  let ending: Ending = { finishReason: 'cancelled' };
  if (yield* prefill(context, promptIds, reused, signal)) {
    ending = yield* decode(context, request, shown, clock, signal, said);
    const rest = shown.rest();
    if (rest) yield rest;
    if (!shown.cut) {
      const before = said.length > 0 ? (request.messages.at(-1)?.content ?? '') : '';
      cache.remember(before + shown.text, [...said, ...shown.ids]);
    }
  }
  const sure = request.logprobs
    ? meanOf(await context.model.surety?.(said.length, said.length + shown.count))
    : {};
  yield { type: 'usage', usage: { ...clock.usage(promptIds.length, reused, shown.count), ...sure } };
  yield { type: 'done', ...ending };
}

function meanOf(of: readonly Logprob[] = []): Pick<Usage, 'mean_logprob' | 'mean_entropy'> {
  if (of.length === 0) return {};
  const mean = (figures: readonly number[]): number => figures.reduce((a, b) => a + b) / figures.length;
  return {
    mean_logprob: mean(of.map(({ logprob }) => logprob)),
    mean_entropy: mean(of.map(({ entropy }) => entropy)),
  };
}

/** How many of the prompt's first tokens need no computing: those in the cache, and those that come back to it. */
async function known(
  { cache, model, saved }: AnswerContext,
  promptIds: readonly number[],
  signal: AbortSignal,
): Promise<number> {
  const same = cache.reuse(promptIds);
  const reused = model.usable?.(same, promptIds.length) ?? same;
  cache.truncate(reused);
  if (!saved) return reused;
  const restored = await saved.restore(promptIds, reused, signal);
  cache.append(promptIds.slice(reused, restored));
  return restored;
}

/** @returns false when aborted. */
async function* prefill(
  { model, cache }: AnswerContext,
  promptIds: readonly number[],
  reused: number,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, boolean> {
  if (signal.aborted) return false;
  const fresh = promptIds.slice(reused);
  const left = new AbortController();
  let [fraction, told, ended] = [0, 0, false];
  let wake = (): void => undefined;
  const running = model
    .prefill(fresh, reused, {
      signal: AbortSignal.any([signal, left.signal]),
      onProgress(read) {
        fraction = read;
        wake();
      },
    })
    .finally(() => {
      ended = true;
      wake();
    });
  running.catch(() => undefined);
  const news = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (ended || fraction > told) resolve();
    });
  try {
    for (await news(); !ended; await news()) yield { type: 'prefill', fraction: (told = fraction) };
    await running;
    cache.append(fresh);
    return true;
  } catch (thrown) {
    // Some chunks may have been written after `reused`; the cache does not count them, so they are overwritten.
    if (signal.aborted) return false;
    cache.truncate(0);
    throw thrown;
  } finally {
    // Whoever walked away must find the model at rest.
    left.abort();
    await running.catch(() => undefined);
  }
}

/** Ids until one of them ends the answer; where it grows past `longFrom`, everything is read once more on the way. */
async function* decode(
  context: AnswerContext,
  request: CheckedRequest,
  shown: Shown,
  clock: Clock,
  signal: AbortSignal,
  said: readonly number[],
): AsyncGenerator<GenerateEvent, Ending> {
  const { model, contextWindow, cache } = context;
  for (;;) {
    if (signal.aborted) return { finishReason: 'cancelled' };
    const start = cache.length;
    // All but the last drawn need a place.
    const left = Math.min(request.maxTokens - shown.ids.length, contextWindow - start + 1);
    const { longFrom = Infinity } = model;
    const count = Math.min(left, start <= longFrom ? longFrom - start + 1 : Infinity);
    const ending = yield* draw(context, request, count, shown, clock, signal, said);
    if (ending) return ending;
    if (signal.aborted) return { finishReason: 'cancelled' };
    if (count === left) {
      return shown.ids.length >= request.maxTokens
        ? { finishReason: 'length' }
        : { finishReason: 'length', contextFull: true };
    }
    const last = shown.ids.slice(-1);
    const text = [...cache.ids, ...last];
    cache.truncate(0);
    const startMs = performance.now();
    if (!(yield* prefill(context, text, 0, signal))) return { finishReason: 'cancelled' };
    clock.rereadMs += performance.now() - startMs;
  }
}

/** @returns undefined when all were drawn and none was the end; the last has not been run. */
async function* draw(
  { model, tokenizer, config, cache }: AnswerContext,
  request: CheckedRequest,
  count: number,
  shown: Shown,
  clock: Clock,
  signal: AbortSignal,
  said: readonly number[],
): AsyncGenerator<GenerateEvent, Ending | undefined> {
  const stopIds = stopIdsOf(config.template, tokenizer, request.stop);
  const grammar =
    request.format && (await openGrammar(tokenizer, config.shape.vocab, [...stopIds], request.format));
  // What an earlier stretch has drawn.
  for (const id of shown.ids) grammar?.accept(id);
  if (signal.aborted) {
    grammar?.dispose();
    return { finishReason: 'cancelled' };
  }
  const steps = model.generate(samplerWords(request.sampler), cache.length, count, {
    history: cache.ids,
    begun: [...said, ...shown.ids],
    ...(request.logprobs && { surety: true }),
    onGuess: ({ right }) => (clock.guessedTokens += right),
    ...(grammar && { constraint: grammar }),
  });
  let fed: number | undefined;
  try {
    for (;;) {
      const step = await nextId(steps, cache, signal);
      if (step === undefined) return { finishReason: 'cancelled' };
      if (step.done) return undefined;
      const id = step.value;
      // The step that gave this id has run the one before.
      if (fed !== undefined) cache.append([fed]);
      fed = id;
      if (signal.aborted) return { finishReason: 'cancelled' };
      clock.token(model.pipelines);
      if (stopIds.has(id)) {
        shown.ended = true;
        return { finishReason: 'stop' };
      }
      const event = shown.add(id);
      if (event) yield event;
      if (shown.cut) return { finishReason: 'stop' };
      // The consumer may have aborted while it had the event.
      if (signal.aborted) return { finishReason: 'cancelled' };
    }
  } finally {
    // Before anything else runs, what ran ahead must be over.
    await steps.return();
    grammar?.dispose();
  }
}

/** @returns undefined when it failed because of an abort. */
async function nextId(
  steps: AsyncGenerator<number, void, undefined>,
  cache: TokenCache,
  signal: AbortSignal,
): Promise<IteratorResult<number, void> | undefined> {
  try {
    return await steps.next();
  } catch (thrown) {
    if (signal.aborted) return undefined;
    cache.truncate(0);
    throw thrown;
  }
}

/** The answer so far: ids, text, and what of both has not been handed on. */
class Shown {
  readonly ids: number[] = [];
  text = '';
  /** A stop string ended it: some ids' text was left out. */
  cut = false;
  /** A stop token ended it, which is drawn like the others and counts like them, here as in WebLLM. */
  ended = false;
  private pendingIds: number[] = [];
  private readonly decoder;
  private readonly filter;

  /** @param said ids of the answer that were shown before: what follows is written as their continuation. */
  constructor({ tokenizer, config }: AnswerContext, request: CheckedRequest, said: readonly number[]) {
    this.decoder = tokenizer.streamDecoder();
    for (const id of said) this.decoder.push(id);
    this.filter = new StopFilter([...config.template.stopStrings, ...request.stop]);
  }

  /** Tokens drawn. */
  get count(): number {
    return this.ids.length + Number(this.ended);
  }

  /** @returns an event once there is text to show. */
  add(id: number): GenerateEvent | undefined {
    this.ids.push(id);
    this.pendingIds.push(id);
    const { text, stopped } = this.filter.push(this.decoder.push(id));
    this.cut = stopped;
    return text === '' ? undefined : this.event(text);
  }

  /** What is left when nothing more comes: held-back text, half a character, ids without text. */
  rest(): GenerateEvent | undefined {
    let text = '';
    if (!this.cut) {
      const last = this.filter.push(this.decoder.flush());
      this.cut = last.stopped;
      text = last.stopped ? last.text : last.text + this.filter.flush();
    }
    return text === '' && this.pendingIds.length === 0 ? undefined : this.event(text);
  }

  private event(text: string): GenerateEvent {
    const tokenIds = this.pendingIds;
    this.pendingIds = [];
    this.text += text;
    return { type: 'token', text, tokenIds };
  }
}

/** Milliseconds of one answer. */
class Clock {
  private readonly startMs = performance.now();
  private firstMs = 0;
  private lastMs = 0;
  /** Ids that were guessed and found right. */
  guessedTokens = 0;
  /** What reading everything again took, which is no part of writing. */
  rereadMs = 0;

  /** Of the model, when the first token came. */
  private pipelines: number | undefined;

  token(pipelines: number | undefined): void {
    this.lastMs = performance.now();
    if (this.firstMs === 0) this.pipelines = pipelines;
    this.firstMs ||= this.lastMs;
  }

  usage(promptTokens: number, cachedTokens: number, completionTokens: number): Usage {
    const perSecond = (tokens: number, ms: number): number => (ms > 0 ? (tokens * 1000) / ms : 0);
    return {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      cached_tokens: cachedTokens,
      guessed_tokens: Math.min(this.guessedTokens, completionTokens),
      ttft_ms: this.firstMs && this.firstMs - this.startMs,
      ...(this.pipelines !== undefined && { pipelines: this.pipelines }),
      prefill_tokens_per_s: perSecond(
        promptTokens - cachedTokens,
        // Until the first token is there: its drawing is next to nothing.
        this.firstMs && this.firstMs - this.startMs,
      ),
      decode_tokens_per_s: perSecond(
        Math.max(0, completionTokens - 1),
        this.lastMs - this.firstMs - this.rereadMs,
      ),
    };
  }
}

function tooLong(promptTokens: number, contextWindow: number): AppError {
  return new AppError(
    'run/context-full',
    `This conversation is ${promptTokens} tokens long and the model has room for ${contextWindow}. ` +
      'Shorten the message, start a new chat, or choose a model with a larger context.',
    { details: { promptTokens, contextWindow } },
  );
}
