// What a host page may ask of the model on the person's device, in OpenAI's shape, and the same as the engine takes it. A
// host is not trusted: each field is held against its limit, and what would be silently left out is refused by name.
import type { ChatMessage, GenerateRequest, ResponseFormat, Role } from './chat';

export const completionLimits = {
  messages: 100,
  /** UTF-16 units over all messages. */
  text: 100_000,
  /** Of a schema as JSON, in UTF-16 units. */
  schema: 16_000,
  schemaDepth: 20,
  /** Tokens of an answer; also where none are asked for. */
  tokens: 4_096,
  stops: 4,
  stopLength: 100,
  /** Requests of one page within `windowMs`. */
  requests: 30,
  windowMs: 60_000,
} as const;

/** Why a request came to nothing, beside the codes of `base/errors.ts`. */
export type CompletionCode =
  /** The person said no, or took their leave back. */
  | 'completion/not-permitted'
  /** One request at a time. */
  | 'completion/busy'
  | 'completion/rate-limited'
  | 'completion/bad-request';

export type ReadCompletion =
  | { readonly request: GenerateRequest }
  /** One English sentence for whoever wrote the page. */
  | { readonly problem: string };

type Fields = Readonly<Record<string, unknown>>;

/** What would change the answer and cannot be had: better an error than another answer than was asked for. */
const refusedFields = [
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'logprobs',
  'logit_bias',
  'audio',
];

/**
 * @param from origin of the page. It stands in the system message, before anything of the page's: nothing of the person's
 * own chats is then the beginning of the same prompt, so that how fast an answer begins tells nothing of them.
 */
export function readCompletion(data: unknown, from: string): ReadCompletion {
  const fields = fieldsOf(data);
  const refused = refusedFields.find((name) => fields[name] !== undefined && fields[name] !== null);
  if (refused !== undefined) return { problem: `${refused} is not something this model can do.` };
  if (fields['n'] !== undefined && fields['n'] !== 1) return { problem: 'n can only be 1.' };
  const messages = messagesOf(fields['messages'], `Asked by the page ${from}.`);
  if (typeof messages === 'string') return { problem: messages };
  const format = formatOf(fields['response_format']);
  if (typeof format === 'string') return { problem: format };
  const stop = stopsOf(fields['stop']);
  if (typeof stop === 'string') return { problem: stop };
  const numbers: { -readonly [Name in NumberField]?: number } = {};
  for (const [name, { min, max, whole }] of Object.entries(numberFields)) {
    const value = fields[name] ?? undefined;
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      return {
        problem: `${name} has to be a ${whole ? 'whole number' : 'number'} between ${min} and ${max}.`,
      };
    numbers[name as NumberField] = value;
  }
  const { max_tokens, max_completion_tokens, top_p, ...rest } = numbers;
  return {
    request: {
      messages,
      ...rest,
      // 0 is "the likeliest alone", which the engine calls by its own name.
      ...(top_p === 0 ? { temperature: 0 } : top_p !== undefined && { top_p }),
      max_tokens: Math.min(max_completion_tokens ?? max_tokens ?? Infinity, completionLimits.tokens),
      ...(stop.length > 0 && { stop }),
      ...(format && { response_format: format }),
    },
  };
}

type NumberField =
  | 'temperature'
  | 'top_p'
  | 'repetition_penalty'
  | 'seed'
  | 'max_tokens'
  | 'max_completion_tokens';
const numberFields: Readonly<
  Record<NumberField, { readonly min: number; readonly max: number; readonly whole?: true }>
> = {
  temperature: { min: 0, max: 2 },
  top_p: { min: 0, max: 1 },
  repetition_penalty: { min: 1, max: 2 },
  seed: { min: 0, max: 4_294_967_295, whole: true },
  max_tokens: { min: 1, max: 1_000_000, whole: true },
  max_completion_tokens: { min: 1, max: 1_000_000, whole: true },
};

const roles: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

/** System first, then user and assistant in turn: several of one role that follow one another become one. */
function messagesOf(value: unknown, first: string): readonly ChatMessage[] | string {
  if (!Array.isArray(value) || value.length === 0)
    return 'messages has to be a list of at least one message.';
  if (value.length > completionLimits.messages)
    return `There can be ${completionLimits.messages} messages at most.`;
  const messages: { role: Role; content: string }[] = [{ role: 'system', content: first }];
  let length = 0;
  for (const entry of value as readonly unknown[]) {
    const fields = fieldsOf(entry);
    const role = typeof fields['role'] === 'string' ? roles[fields['role']] : undefined;
    const content = textOf(fields['content']);
    if (role === undefined) return 'A message has to be of system, developer, user or assistant.';
    if (content === undefined) return 'A message has to hold text: this model is given text alone.';
    length += content.length;
    if (length > completionLimits.text)
      return `The messages can hold ${completionLimits.text} characters at most.`;
    const last = messages.at(-1);
    if (last?.role === role) last.content += `\n\n${content}`;
    else if (role === 'system') return 'System messages have to come first.';
    else messages.push({ role, content });
  }
  if (messages[1]?.role !== 'user' || messages.at(-1)?.role !== 'user')
    return 'After the system message a user has to begin, and a user has to speak last.';
  return messages;
}

/** A string, or OpenAI's list of parts where all of them are text. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content) || content.length > completionLimits.messages) return undefined;
  const texts = content.map((part) => {
    const { type, text } = fieldsOf(part);
    return type === 'text' && typeof text === 'string' ? text : undefined;
  });
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}

function stopsOf(value: unknown): readonly string[] | string {
  const list: unknown = typeof value === 'string' ? [value] : (value ?? []);
  const fits = (text: unknown): text is string =>
    typeof text === 'string' && text !== '' && text.length <= completionLimits.stopLength;
  if (Array.isArray(list) && list.length <= completionLimits.stops && list.every(fits)) return list;
  return `stop has to be ${completionLimits.stops} texts at most, of 1 to ${completionLimits.stopLength} characters.`;
}

function formatOf(value: unknown): ResponseFormat | undefined | string {
  if (value === undefined || value === null) return undefined;
  const { type, json_schema: wrapped } = fieldsOf(value);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type };
  if (type !== 'json_schema') return 'response_format has to be text, json_object or json_schema.';
  const { schema } = fieldsOf(wrapped);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    return 'response_format.json_schema.schema has to be a JSON schema.';
  const json = jsonOf(schema);
  if (json === undefined || json.length > completionLimits.schema)
    return `A schema can be ${completionLimits.schema} characters of JSON at most, ${completionLimits.schemaDepth} levels deep.`;
  return { type, json_schema: { schema: JSON.parse(json) as Fields } };
}

/** Undefined for what is no JSON or lies too deep. */
function jsonOf(value: object): string | undefined {
  const isDeep = (part: unknown, depth: number): boolean =>
    typeof part === 'object' &&
    part !== null &&
    (depth >= completionLimits.schemaDepth || Object.values(part).some((one) => isDeep(one, depth + 1)));
  try {
    return isDeep(value, 0) ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Own fields alone: nothing that a message inherits. */
function fieldsOf(data: unknown): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return {};
  return Object.fromEntries(Object.entries(data));
}
