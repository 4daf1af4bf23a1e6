// A request as it came over the port -> one whose every field is known to be usable. Requests may come from a
// host page through the widget, so types are not taken on trust either.
import { AppError } from '../../base/errors';
import type { ChatMessage, GenerateRequest, ModelInfo, ResponseFormat } from '../../protocol/chat';
import type { SamplerSettings } from '../../sampling/sampler';

export interface CheckedRequest {
  readonly messages: readonly ChatMessage[];
  readonly sampler: SamplerSettings;
  /** Infinity when the request sets none. */
  readonly maxTokens: number;
  readonly stop: readonly string[];
  /** Whether to tell how sure the model was. */
  readonly logprobs?: true;
  /** What the text has to be; undefined: anything. */
  readonly format?: Exclude<ResponseFormat, { type: 'text' }>;
}

export interface CheckOptions {
  /** Whether a person's messages may come with pictures; what these are is for the engine to check. */
  readonly sees?: boolean;
}

/** @throws AppError `run/bad-request` naming the field. */
export function checkRequest(
  request: GenerateRequest,
  defaults: ModelInfo['defaults'],
  { sees = false }: CheckOptions = {},
): CheckedRequest {
  const { response_format: format, stop = [] } = request;
  const wanted = checkFormat(format);
  if (!isList(stop) || stop.length > 64 || stop.some((text) => typeof text !== 'string' || text === '')) {
    throw bad('stop', 'should be a list of at most 64 strings, none of them empty');
  }
  return {
    messages: checkMessages(
      request.messages,
      request.continue_final_message === true ? 'assistant' : 'user',
      {
        sees,
      },
    ),
    sampler: {
      temperature: numberIn('temperature', request.temperature ?? defaults.temperature, 0, 100),
      topP: numberIn('top_p', request.top_p ?? defaults.top_p, Number.MIN_VALUE, 1),
      repetitionPenalty: numberIn(
        'repetition_penalty',
        request.repetition_penalty ?? defaults.repetition_penalty,
        Number.MIN_VALUE,
        100,
      ),
      seed: request.seed === undefined ? undefined : whole('seed', request.seed, Number.MIN_SAFE_INTEGER),
    },
    maxTokens: request.max_tokens === undefined ? Infinity : whole('max_tokens', request.max_tokens, 1),
    stop,
    ...(request.logprobs === true && { logprobs: true }),
    ...(wanted && { format: wanted }),
  };
}

/** @throws AppError `run/bad-request` for a format that nobody knows; whether a schema can be held to, its compiler says. */
function checkFormat(format: unknown): CheckedRequest['format'] {
  if (format === undefined) return undefined;
  const { type, json_schema: wrapped } = (format ?? {}) as Record<string, unknown>;
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type };
  if (type !== 'json_schema')
    throw bad('response_format', `of type ${JSON.stringify(type)} is not something this engine can hold to`);
  const { schema } = (wrapped ?? {}) as Record<string, unknown>;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw bad('response_format.json_schema.schema', 'should be a JSON schema');
  return { type, json_schema: { schema: schema as Record<string, unknown> } };
}

/**
 * An optional system message, then user and assistant in turn.
 * @param last who speaks last: the assistant in a turn that is to go on.
 * @throws AppError `run/bad-request`.
 */
export function checkMessages(
  messages: readonly ChatMessage[],
  last: 'user' | 'assistant' | 'either' = 'user',
  { sees = false }: CheckOptions = {},
): readonly ChatMessage[] {
  if (!isList(messages) || messages.length === 0)
    throw bad('messages', 'should be a list with a message in it');
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  const before = messages.length - turns.length;
  turns.forEach(({ role }, i) => {
    const expected = i % 2 === 0 ? 'user' : 'assistant';
    if (role !== expected) {
      throw bad(`messages[${i + before}].role`, `is ${JSON.stringify(role)}; ${expected} should speak here`);
    }
  });
  const speaker = turns.length % 2 === 0 ? 'assistant' : 'user';
  if (turns.length === 0 || (last !== 'either' && speaker !== last))
    throw bad('messages', `should end with a message of the ${last === 'either' ? 'user' : last}`);
  messages.forEach(({ role, content, images = [], tokenIds }, i) => {
    if (typeof content !== 'string') throw bad(`messages[${i}].content`, 'should be a string');
    if (sees && role === 'user') {
      if (!isList(images) || images.some((image) => typeof image !== 'string'))
        throw bad(`messages[${i}].images`, 'should be a list of data: addresses');
    } else if (images.length > 0)
      throw bad(`messages[${i}].images`, 'cannot be seen by this model, which reads text only');
    if (
      tokenIds !== undefined &&
      !(isList(tokenIds) && tokenIds.every((id) => Number.isSafeInteger(id) && id >= 0))
    )
      throw bad(`messages[${i}].tokenIds`, 'should be a list of token ids');
  });
  if (speaker === 'assistant' && messages.at(-1)?.content === '')
    throw bad(`messages[${messages.length - 1}].content`, 'is empty: there is nothing to go on from');
  return messages;
}

/** Not Array.isArray, which would turn a typed list into one of `any`. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function numberIn(field: string, value: number, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  const from = min === Number.MIN_VALUE ? 'above 0' : `${min}`;
  throw bad(field, `is ${JSON.stringify(value)}; it should be ${from} to ${max}`);
}

function whole(field: string, value: number, min: number): number {
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw bad(
    field,
    `is ${JSON.stringify(value)}; it should be a whole number${min === 1 ? ' from 1 on' : ''}`,
  );
}

function bad(field: string, problem: string): AppError {
  return new AppError('run/bad-request', `${field} ${problem}. Change the request.`, { details: { field } });
}
