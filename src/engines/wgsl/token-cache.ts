// Which tokens' keys and values lie in the model's cache, and the ids of a conversation such that as many of them
// as possible are those. Earlier answers go in with the ids they were generated as: tokenising their text again
// may give other ids, and then the cache would be worth nothing from there on.
import type { ConvTemplate } from '../../formats/model-config';
import {
  partsOf,
  renderPrompt,
  replyPiece,
  type PromptPiece,
  templateIn,
  type TemplateMode,
} from '../../formats/template';
import type { ChatMessage } from '../../protocol/chat';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** Answers remembered; more than a conversation that fits into a context window has. */
const maxAnswers = 256;

export class TokenCache {
  /** Position -> id, for every position whose keys and values are known to be right. */
  private cached: number[] = [];
  private readonly answers = new Map<string, readonly number[]>();
  private readonly template: ConvTemplate;

  constructor(
    private readonly tokenizer: Tokenizer,
    template: ConvTemplate,
    private readonly mode: TemplateMode = 'exact',
  ) {
    this.template = templateIn(mode, template);
  }

  get length(): number {
    return this.cached.length;
  }

  /** Position -> id. */
  get ids(): readonly number[] {
    return this.cached;
  }

  /** Ids of the templated conversation, the assistant's tag last. */
  promptIds(messages: readonly ChatMessage[]): number[] {
    const { prefixTokenIds, pieces } = renderPrompt(this.template, messages, this.mode);
    const ids = [...prefixTokenIds];
    // Not push(...ids): a long message has more ids than a call may have arguments.
    for (const piece of pieces) for (const id of this.pieceIds(piece)) ids.push(id);
    return ids;
  }

  /**
   * How many leading ids need no computing; at least one is left, since its logits are wanted.
   * Everything cached after them is forgotten.
   */
  reuse(promptIds: readonly number[]): number {
    const most = Math.min(this.cached.length, promptIds.length - 1);
    let same = 0;
    while (same < most && this.cached[same] === promptIds[same]) same++;
    this.truncate(same);
    return same;
  }

  append(ids: readonly number[]): void {
    for (const id of ids) this.cached.push(id);
  }

  truncate(length: number): void {
    this.cached.length = Math.min(this.cached.length, length);
  }

  /**
   * That these ids were shown as this text. Kept only if the text is all of them, nothing cut off, and if none is a
   * control token: a tag the model made up must not speak in the next turn's history.
   */
  remember(text: string, ids: readonly number[]): void {
    if (text === '' || this.tokenizer.decode(ids) !== text) return;
    if (ids.some((id) => this.tokenizer.isControl(id))) return;
    this.answers.delete(text);
    this.answers.set(text, ids);
    const [oldest] = this.answers.keys();
    if (this.answers.size > maxAnswers && oldest !== undefined) this.answers.delete(oldest);
  }

  private pieceIds(piece: PromptPiece): readonly number[] {
    const { roles, roleContentSep } = this.template;
    const isPlain = piece.kind === 'assistant' && piece.head === roles.assistant + roleContentSep;
    const answer = isPlain ? this.answers.get(piece.body.text) : undefined;
    if (!answer) return this.tokenizer.encodeParts(partsOf(piece));
    // What stood before the answer when it was generated was the reply's opening.
    const opening = this.tokenizer.encodeParts(partsOf(replyPiece(this.template)));
    return [...opening, ...answer, ...this.tokenizer.encode(piece.tail)];
  }
}
