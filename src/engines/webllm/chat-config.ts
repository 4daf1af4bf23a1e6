// The few fields of mlc-chat-config.json that this engine reads itself. WebLLM reads the rest, for architectures
// that our own engine does not know; so unknown fields and model types pass here.
import { AppError } from '../../base/errors';
import type { ConvTemplate } from '../../formats/model-config';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { stopIdsOf } from '../stop-ids';

export interface ChatConfig {
  readonly quantization: string;
  readonly vocabSize: number;
  readonly contextWindow: number;
  readonly defaults: {
    readonly temperature: number;
    readonly top_p: number;
    readonly repetition_penalty: number;
  };
  /** For counting tokens only: what is missing is empty. */
  readonly template: ConvTemplate;
}

const file = 'mlc-chat-config.json';

/** @throws AppError `model/bad-config` */
export function readChatConfig(text: string): ChatConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw bad('it is not JSON', cause);
  }
  if (!isRecord(parsed)) throw bad('it is not an object');
  const template = parsed['conv_template'];
  if (!isRecord(template)) throw bad('conv_template is not an object');
  if (!Array.isArray(parsed['tokenizer_files'])) throw bad('tokenizer_files is not a list');
  return {
    quantization: stringOr(parsed['quantization'], ''),
    vocabSize: positive(parsed, 'vocab_size'),
    contextWindow: positive(parsed, 'context_window_size'),
    defaults: {
      temperature: numberOr(parsed['temperature'], 1),
      top_p: numberOr(parsed['top_p'], 1),
      repetition_penalty: numberOr(parsed['repetition_penalty'], 1),
    },
    template: readTemplate(template, parsed['eos_token_id']),
  };
}

/**
 * The configuration for WebLLM, which renders the prompt and ends the answer by it: with the template's fields where
 * it is another than the folder's, and as stop ids also those that `eos_token_id` or a stop string names, which
 * WebLLM would run past.
 */
export function configForWebLlm(
  text: string,
  folders: ConvTemplate,
  template: ConvTemplate,
  tokenizer: Pick<Tokenizer, 'controlId'>,
): string {
  const parsed = JSON.parse(text) as { conv_template: Record<string, unknown> };
  const other = template === folders ? {} : fieldsOf(template);
  const ends = { stop_token_ids: [...stopIdsOf(template, tokenizer)] };
  return JSON.stringify({ ...parsed, conv_template: { ...parsed.conv_template, ...other, ...ends } });
}

function fieldsOf(template: ConvTemplate): Readonly<Record<string, unknown>> {
  const { systemMessage } = template;
  return {
    system_template: template.systemTemplate,
    system_message: systemMessage ?? '',
    ...(systemMessage === undefined && { render_empty_system_message: false }),
    system_prefix_token_ids: template.systemPrefixTokenIds,
    seps: template.seps,
    role_content_sep: template.roleContentSep,
    role_empty_sep: template.roleEmptySep,
  };
}

function readTemplate(template: Readonly<Record<string, unknown>>, end: unknown): ConvTemplate {
  const pair = (value: unknown, fallback: readonly [string, string]): { user: string; assistant: string } => {
    const record = isRecord(value) ? value : {};
    return {
      user: stringOr(record['user'], fallback[0]),
      assistant: stringOr(record['assistant'], fallback[1]),
    };
  };
  return {
    name: stringOr(template['name'], ''),
    systemTemplate: stringOr(template['system_template'], '{system_message}'),
    systemMessage: stringOr(template['system_message'], ''),
    systemPrefixTokenIds: listOf(template['system_prefix_token_ids'], 'number'),
    roles: pair(template['roles'], ['', '']),
    roleTemplates: pair(template['role_templates'], ['{user_message}', '{assistant_message}']),
    seps: listOf(template['seps'], 'string'),
    roleContentSep: stringOr(template['role_content_sep'], ''),
    roleEmptySep: stringOr(template['role_empty_sep'], ''),
    stopStrings: listOf(template['stop_str'], 'string'),
    stopTokenIds: [
      ...new Set([...listOf(template['stop_token_ids'], 'number'), ...listOf([end].flat(), 'number')]),
    ],
  };
}

function listOf(value: unknown, type: 'string'): string[];
function listOf(value: unknown, type: 'number'): number[];
function listOf(value: unknown, type: string): unknown[] {
  return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry === type) : [];
}

function positive(record: Readonly<Record<string, unknown>>, name: string): number {
  const value = record[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw bad(`${name} is ${JSON.stringify(value) ?? 'absent'} and must be a positive whole number`);
  }
  return value;
}

function stringOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(why: string, cause?: unknown): AppError {
  return new AppError('model/bad-config', `${file} cannot be used: ${why}. Choose another model folder.`, {
    details: { file },
    cause,
  });
}
