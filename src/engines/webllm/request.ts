// Our request in WebLLM's shape, and its usage in ours. No engine here.
import type {
  ChatCompletionMessageParam,
  ChatCompletionRequestStreaming,
  CompletionUsage,
} from '@mlc-ai/web-llm';
import { AppError } from '../../base/errors';
import type { ChatMessage, FinishReason, GenerateRequest, Usage } from '../../protocol/chat';

/** @throws AppError `run/bad-request` */
export function toWebLlmRequest(
  request: GenerateRequest,
  model: { readonly seesImages: boolean },
): ChatCompletionRequestStreaming {
  const { temperature, top_p, repetition_penalty, seed, max_tokens, stop, response_format } = request;
  return {
    stream: true,
    stream_options: { include_usage: true },
    messages: request.messages.map((message) => toMessage(message, model.seesImages)),
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...(repetition_penalty !== undefined && { repetition_penalty }),
    ...(seed !== undefined && { seed }),
    ...(max_tokens !== undefined && { max_tokens }),
    ...(stop !== undefined && { stop: [...stop] }),
    ...(response_format !== undefined && { response_format: toResponseFormat(response_format) }),
  };
}

function toMessage(message: ChatMessage, seesImages: boolean): ChatCompletionMessageParam {
  const { role, content, images = [] } = message;
  if (images.length === 0) return { role, content };
  if (role !== 'user') throw badRequest('Only a user message can carry a picture.');
  if (!seesImages) throw badRequest('This model reads text only: choose Phi-3.5-vision for pictures.');
  for (const url of images) {
    // WebLLM fetches any other address: what a person shows would then leave the device.
    if (!/^data:image\/(png|jpeg|webp|gif);base64,/.test(url)) {
      throw badRequest('A picture must be a data:image/... address (png, jpeg, webp or gif).');
    }
  }
  return {
    role,
    content: [
      { type: 'text', text: content },
      ...images.map((url) => ({ type: 'image_url' as const, image_url: { url } })),
    ],
  };
}

function toResponseFormat(
  format: NonNullable<GenerateRequest['response_format']>,
): NonNullable<ChatCompletionRequestStreaming['response_format']> {
  if (format.type !== 'json_schema') return { type: format.type };
  return { type: 'json_object', schema: JSON.stringify(format.json_schema.schema) };
}

/**
 * @param promptTokens the whole templated prompt; WebLLM reports only what it had to prefill.
 * @param ttftMs measured by us, so that both engines' figures mean the same.
 */
export function toUsage(usage: CompletionUsage, promptTokens: number, ttftMs: number): Usage {
  const prompt = Math.max(promptTokens, usage.prompt_tokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.completion_tokens,
    total_tokens: prompt + usage.completion_tokens,
    cached_tokens: prompt - usage.prompt_tokens,
    ttft_ms: ttftMs,
    prefill_tokens_per_s: finite(usage.extra.prefill_tokens_per_s),
    decode_tokens_per_s: usage.completion_tokens < 2 ? 0 : finite(usage.extra.decode_tokens_per_s),
  };
}

/** How an answer ended. WebLLM says "length" both for max_tokens and for a full context. */
export function toFinish(
  reason: string | null | undefined,
  cancelled: boolean,
  completionTokens: number,
  maxTokens: number | undefined,
): { readonly finishReason: FinishReason; readonly contextFull?: boolean } {
  if (cancelled || reason === 'abort') return { finishReason: 'cancelled' };
  if (reason !== 'length') return { finishReason: 'stop' };
  return maxTokens !== undefined && completionTokens >= maxTokens
    ? { finishReason: 'length' }
    : { finishReason: 'length', contextFull: true };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function badRequest(message: string): AppError {
  return new AppError('run/bad-request', message);
}
