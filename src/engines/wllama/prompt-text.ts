// A conversation as the text that llama.cpp reads. It obeys every tag, and every marker of a picture, wherever they
// stand: only those that the template and the request ask for may be in it.
import type { ModelConfig } from '../../formats/model-config';
import { partsOf, renderPrompt } from '../../formats/template';
import type { ChatMessage } from '../../protocol/chat';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** No width, and breaks no line: as the tokenizer puts it into a tag that a person spelt. */
const wordJoiner = '\u2060';

export interface PromptOptions {
  /** Whether llama.cpp itself puts the token in front that begins a text. */
  readonly begins?: boolean;
  /** In the place of a picture; undefined for a model that sees none, and then messages have none. */
  readonly marker?: string | undefined;
}

/** A message's pictures stand before its words. */
export function promptText(
  {
    config,
    tokenizer,
  }: { readonly config: ModelConfig; readonly tokenizer: Pick<Tokenizer, 'withoutTags' | 'controlText'> },
  messages: readonly ChatMessage[],
  { begins = true, marker = '' }: PromptOptions = {},
): string {
  const { prefixTokenIds, pieces } = renderPrompt(config.template, messages);
  // Between pictures.
  const stretches = [begins ? '' : prefixTokenIds.map((id) => tokenizer.controlText(id) ?? '').join('')];
  const add = (text: string): void => void stretches.push((stretches.pop() ?? '') + text);
  const asked = messages.filter(({ role }) => role === 'user').values();
  for (const piece of pieces) {
    const { images = [] } = (piece.kind === 'user' ? asked.next().value : undefined) ?? {};
    const [head, ...rest] = partsOf(piece);
    add(head?.text ?? '');
    for (let i = 0; i < images.length; i++) stretches.push('');
    for (const { text, trusted } of rest) add(trusted ? text : tokenizer.withoutTags(text));
  }
  return stretches.map((text) => withoutMarker(text, marker)).join(marker);
}

/** With a joiner after the first letter of each: also where it came about as words were put together. */
function withoutMarker(text: string, marker: string): string {
  if (marker === '') return text;
  const [first = '', ...rest] = marker;
  return text.replaceAll(marker, first + wordJoiner + rest.join(''));
}
