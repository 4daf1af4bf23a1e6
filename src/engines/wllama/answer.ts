// A checked request -> llama.cpp's completion, as the events of the engine seam.
import type { RawCompletionChunk, RawCompletionParams } from '@wllama/wllama';
import { AppError } from '../../base/errors';
import type { ModelConfig } from '../../formats/model-config';
import type { GenerateEvent, Usage } from '../../protocol/chat';
import { Arrivals } from '../../store/download/arrivals';
import type { CheckedRequest } from '../wgsl/check-request';
import type { Ready } from './load';
import { tokensOf } from './pictures';
import { promptText } from './prompt-text';

/** @throws AppError `run/context-full`, and what llama.cpp throws */
export async function* answer(
  ready: Ready,
  request: CheckedRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const { llama, info, config } = ready;
  const pictures = await ready.pictures.of(request.messages);
  const seen = tokensOf(pictures);
  const promptTokens = ready.cache.promptIds(request.messages).length + seen;
  if (promptTokens > info.contextWindow) throw tooLong(promptTokens, info.contextWindow);
  const startMs = performance.now();
  const room = info.contextWindow - promptTokens;
  const chunks = new Arrivals<RawCompletionChunk>();
  if (signal.aborted) {
    yield { type: 'done', finishReason: 'cancelled' };
    return;
  }
  const { marker } = llama;
  llama.pictures = pictures.map(({ bytes }) => bytes);
  const running = llama
    .createCompletion({
      ...bodyOf(request, config, Math.min(request.maxTokens, Math.max(1, room))),
      prompt: promptText(ready, request.messages, { marker, begins: llama.mustAddBosToken() }),
      abortSignal: signal,
      onData: (chunk: RawCompletionChunk) => chunks.push(chunk),
    })
    .then(
      () => chunks.end(),
      (thrown: unknown) => (signal.aborted ? chunks.end() : chunks.fail(thrown)),
    );
  let [tokens, firstMs, lastMs, told] = [0, 0, 0, 0];
  let last: RawCompletionChunk | undefined;
  try {
    for await (const chunk of chunks) {
      last = chunk;
      const { prompt_progress: progress, choices } = chunk;
      if (progress && progress.total > 0) {
        const fraction = Math.min(1, progress.processed / progress.total);
        if (fraction > told && fraction < 1) yield { type: 'prefill', fraction: (told = fraction) };
        continue;
      }
      const [choice] = choices;
      if (choice?.finish_reason) continue;
      lastMs = performance.now();
      firstMs ||= lastMs;
      tokens++;
      if (choice?.text) yield { type: 'token', text: choice.text, tokenIds: [] };
      if (signal.aborted) break;
    }
  } finally {
    // Whoever asks next must find the model at rest.
    await running;
  }
  const seconds = (lastMs - firstMs) / 1000;
  const completion = last?.usage?.completion_tokens ?? tokens;
  // How many positions pictures take llama.cpp alone knows exactly.
  const read = (seen > 0 && last?.usage?.prompt_tokens) || promptTokens;
  const ttftMs = firstMs && firstMs - startMs;
  yield { type: 'usage', usage: usageOf(last, { promptTokens: read, completion, ttftMs, seconds, tokens }) };
  if (signal.aborted) yield { type: 'done', finishReason: 'cancelled' };
  else if (last?.choices[0]?.finish_reason !== 'length') yield { type: 'done', finishReason: 'stop' };
  else if (completion >= request.maxTokens) yield { type: 'done', finishReason: 'length' };
  else yield { type: 'done', finishReason: 'length', contextFull: true };
}

function bodyOf(
  { sampler, stop, format }: CheckedRequest,
  { template }: ModelConfig,
  maxTokens: number,
): Omit<RawCompletionParams, 'prompt'> & { readonly stream: true } {
  const { temperature, topP, repetitionPenalty, seed } = sampler;
  const schema = format && (format.type === 'json_schema' ? format.json_schema.schema : { type: 'object' });
  // llama.cpp's own names beside OpenAI's: wllama's types know only some of them.
  const own = {
    top_k: 0,
    min_p: 0,
    repeat_penalty: repetitionPenalty,
    cache_prompt: true,
    ...(schema && { json_schema: schema }),
  };
  return {
    stream: true,
    return_progress: true,
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    stop: [...template.stopStrings, ...stop],
    // Its seeds have 32 bits.
    ...(seed !== undefined && { seed: Number(BigInt.asUintN(32, BigInt(seed))) }),
    ...own,
  };
}

function usageOf(
  last: RawCompletionChunk | undefined,
  figures: {
    readonly promptTokens: number;
    readonly completion: number;
    readonly ttftMs: number;
    readonly seconds: number;
    readonly tokens: number;
  },
): Usage {
  const { timings } = last ?? {};
  const { promptTokens, completion, ttftMs, seconds, tokens } = figures;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    cached_tokens: Math.min(timings?.cache_n ?? 0, promptTokens),
    ttft_ms: ttftMs,
    prefill_tokens_per_s:
      timings && Number.isFinite(timings.prompt_per_second) ? timings.prompt_per_second : 0,
    decode_tokens_per_s: seconds > 0 ? (tokens - 1) / seconds : 0,
  };
}

function tooLong(promptTokens: number, contextWindow: number): AppError {
  return new AppError(
    'run/context-full',
    `This conversation is ${promptTokens} tokens long and the model has room for ${contextWindow}. Shorten the message, start a new chat, or choose a model with a larger context.`,
    { details: { promptTokens, contextWindow } },
  );
}
