// Conversation -> the strings a model was trained to see, by the folder's own conv_template. Text only: which
// part is the template's and which is somebody's words is kept apart, so that the tokenizer can obey tags in the
// first and never in the second. Behaviour: web-llm 0.2.86 conversation.ts, mlc-llm conversation_protocol.py.
import { exactTemplate } from './exact-template';
import type { ConvTemplate } from './model-config';

export interface TemplateMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * - `exact`: as the model was trained (exact-template.ts).
 * - `mlc`: as MLC and WebLLM do, for comparing with them. Phi-3's system text is followed by no `<|end|>`, and a
 *   conversation without a system message gets a default one.
 */
export type TemplateMode = 'exact' | 'mlc';

export function templateIn(mode: TemplateMode, template: ConvTemplate): ConvTemplate {
  return mode === 'mlc' ? template : exactTemplate(template);
}

/** A stretch of text. Only where `trusted` may it spell control tokens. */
export interface TextPart {
  readonly text: string;
  readonly trusted: boolean;
}

/** What is tokenised as one string. */
export interface PromptPiece {
  readonly kind: 'system' | 'user' | 'assistant' | 'reply';
  readonly head: string;
  /** Empty in a `reply`. */
  readonly body: TextPart;
  readonly tail: string;
}

export interface Prompt {
  /** Come before everything, as ids: Phi-3's beginning-of-sequence. */
  readonly prefixTokenIds: readonly number[];
  /** Each is tokenised by itself. The last opens the assistant's reply. */
  readonly pieces: readonly PromptPiece[];
}

/** @param messages an optional system message, then user and assistant in turn; the caller has checked that. */
export function renderPrompt(
  given: ConvTemplate,
  messages: readonly TemplateMessage[],
  mode: TemplateMode = 'exact',
): Prompt {
  const template = templateIn(mode, given);
  const pieces: PromptPiece[] = [];
  const system = systemPiece(template, messages);
  if (system) pieces.push(system);
  messages
    .filter(({ role }) => role !== 'system')
    .forEach(({ role, content }, turn) => {
      const speaker = role === 'assistant' ? 'assistant' : 'user';
      const [before, after] = splitAt(template.roleTemplates[speaker], `{${speaker}_message}`);
      pieces.push({
        kind: speaker,
        head: template.roles[speaker] + template.roleContentSep + before,
        body: { text: content, trusted: false },
        tail: after + (template.seps[turn % template.seps.length] ?? ''),
      });
    });
  pieces.push(replyPiece(template));
  return { prefixTokenIds: template.systemPrefixTokenIds, pieces };
}

/** What opens the assistant's turn; the model's first token follows it. */
export function replyPiece(template: ConvTemplate): PromptPiece {
  return {
    kind: 'reply',
    head: template.roles.assistant + template.roleEmptySep,
    body: { text: '', trusted: true },
    tail: '',
  };
}

export function partsOf({ head, body, tail }: PromptPiece): readonly TextPart[] {
  return [{ text: head, trusted: true }, body, { text: tail, trusted: true }];
}

function systemPiece(template: ConvTemplate, messages: readonly TemplateMessage[]): PromptPiece | undefined {
  const own = messages.find(({ role }) => role === 'system');
  const { systemMessage } = template;
  if (!own && systemMessage === undefined) return undefined;
  const [head, tail] = splitAt(template.systemTemplate, '{system_message}');
  // The template's default is its author's text and may hold tags; a person's may not.
  const body = own ? { text: own.content, trusted: false } : { text: systemMessage ?? '', trusted: true };
  return head + body.text + tail === '' ? undefined : { kind: 'system', head, body, tail };
}

/** Around the first placeholder. Not String.replace: a message may hold `$&`. */
function splitAt(template: string, placeholder: string): readonly [string, string] {
  // MLC's own placeholder for tools, always empty here.
  const text = template.replaceAll('{function_string}', '');
  const at = text.indexOf(placeholder);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + placeholder.length)];
}
