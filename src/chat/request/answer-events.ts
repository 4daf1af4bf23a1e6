// What an engine says of an answer, written into its message. Pure.
import type { AppError } from '../../base/errors';
import type { GenerateEvent, Usage } from '../../protocol/chat';
import type { AssistantMessage, MessageStatus } from '../conversation';

export interface Applied {
  readonly message: AssistantMessage;
  /** How much of a text has been read, while one is: the prompt, or all of it again where it has grown long. */
  readonly read: number | undefined;
}

/** @param before what earlier parts of a continued answer took. */
export function applyEvents(
  message: AssistantMessage,
  batch: readonly GenerateEvent[],
  before: Usage | undefined,
): Applied {
  let read: number | undefined;
  let text = '';
  let ids: number[] | undefined;
  let { usage, status } = message;
  for (const event of batch) {
    switch (event.type) {
      case 'prefill':
        read = event.fraction;
        break;
      case 'token':
        text += event.text;
        read = undefined;
        // Not push(...ids): there may be more than a call may have arguments.
        if (event.tokenIds.length > 0) ids = (ids ?? [...(message.tokenIds ?? [])]).concat(event.tokenIds);
        break;
      case 'usage':
        usage = addUsage(before, event.usage);
        break;
      case 'done':
        status = statusOf(event);
        break;
    }
  }
  if (text === '' && !ids && usage === message.usage && status === message.status) return { message, read };
  const next: AssistantMessage = {
    ...message,
    text: message.text + text,
    status,
    ...(usage && { usage }),
    ...(ids && { tokenIds: ids }),
  };
  return { message: isWhole(status) ? withoutIds(next) : next, read };
}

export function statusOfError(error: AppError): MessageStatus {
  if (error.code === 'run/aborted') return { kind: 'cancelled' };
  return { kind: 'failed', code: error.code, message: error.message, details: error.details };
}

function statusOf(event: Extract<GenerateEvent, { type: 'done' }>): MessageStatus {
  const { finishReason, contextFull = false } = event;
  return finishReason === 'cancelled'
    ? { kind: 'cancelled' }
    : { kind: 'complete', finishReason, contextFull };
}

function isWhole(status: MessageStatus): boolean {
  return status.kind === 'complete' && status.finishReason === 'stop';
}

function withoutIds(message: AssistantMessage): AssistantMessage {
  if (!message.tokenIds) return message;
  const { tokenIds: _, ...rest } = message;
  return rest;
}

/** Of an answer in parts: what was read for the first, what was written in all, at the speed of all. */
export function addUsage(before: Usage | undefined, part: Usage): Usage {
  if (!before) return part;
  const completion = before.completion_tokens + part.completion_tokens;
  const seconds = decodeSeconds(before) + decodeSeconds(part);
  const guessed = (before.guessed_tokens ?? 0) + (part.guessed_tokens ?? 0);
  return {
    ...before,
    completion_tokens: completion,
    total_tokens: before.prompt_tokens + completion,
    ...(guessed > 0 && { guessed_tokens: guessed }),
    decode_tokens_per_s: seconds > 0 ? timedTokens(before, part) / seconds : 0,
  };
}

const later = ({ completion_tokens: tokens }: Usage): number => Math.max(0, tokens - 1);

function timedTokens(...parts: readonly Usage[]): number {
  return parts.reduce((sum, part) => sum + (part.decode_tokens_per_s > 0 ? later(part) : 0), 0);
}

function decodeSeconds(usage: Usage): number {
  return usage.decode_tokens_per_s > 0 ? later(usage) / usage.decode_tokens_per_s : 0;
}
