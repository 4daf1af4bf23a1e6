// Text <-> ids. The merging is @huggingface/tokenizers'; splitting at control tokens is ours, because it must obey
// them in a template's text and never in a person's, and because their white-space flags follow the Rust library.
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { AppError } from '../base/errors';
import type { TextPart } from '../formats/template';
import { checkTokenizer, tokenizerFile, type AddedToken, type CheckedTokenizer } from './check-tokenizer';
import { StreamDecoder, TokenBytes } from './token-bytes';

/** No width, and breaks no line. */
const wordJoiner = '\u2060';

export class Tokenizer {
  /** One more than the highest id. */
  readonly idCount: number;
  private readonly library: Library;
  private readonly addedByContent: ReadonlyMap<string, AddedToken>;
  private readonly addedIds: ReadonlySet<number>;
  private readonly addedPattern: RegExp | undefined;
  private readonly bytes: TokenBytes;

  /**
   * @param json the text of tokenizer.json.
   * @throws AppError `tokenizer/bad-vocab`.
   */
  static parse(json: string): Tokenizer {
    const checked = checkTokenizer(json);
    try {
      return new Tokenizer(checked, new Library(checked.library, {}));
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError(
        'tokenizer/bad-vocab',
        `${tokenizerFile} cannot be used: ${cause instanceof Error ? cause.message : 'unknown reason'}. ` +
          'Fetch the model folder again or choose another model.',
        { details: { file: tokenizerFile }, cause },
      );
    }
  }

  private constructor(checked: CheckedTokenizer, library: Library) {
    const { added, tokens, byteRule } = checked;
    this.library = library;
    this.idCount = tokens.length;
    this.addedByContent = new Map(added.map((token) => [token.content, token]));
    this.addedIds = new Set(added.map(({ id }) => id));
    this.addedPattern = patternOf(added);
    this.bytes = new TokenBytes(tokens, (id) => this.addedIds.has(id), byteRule);
  }

  /** Ids of text whose control tokens are obeyed. For template text only, never for what a person typed. */
  encode(text: string): number[] {
    return this.encodeParts([{ text, trusted: true }]);
  }

  /** Ids of text in which nothing is a control token, whatever it spells. */
  encodeData(text: string): number[] {
    return this.encodeParts([{ text, trusted: false }]);
  }

  /**
   * Ids of the parts joined to one string; only control tokens that lie wholly inside trusted text are obeyed.
   * Text without such spellings gets the ids the joined string gets. Lone surrogates become U+FFFD.
   */
  encodeParts(parts: readonly TextPart[]): number[] {
    const ids: number[] = [];
    this.sectionsOf(parts).forEach((section, index) => {
      if (typeof section === 'string') this.encodeSection(section, index, ids);
      else ids.push(section.id);
    });
    return ids;
  }

  /** Text of ids; control tokens and ids without a token give none. */
  decode(ids: readonly number[]): string {
    const decoder = this.streamDecoder();
    return ids.map((id) => decoder.push(id)).join('') + decoder.flush();
  }

  /** For ids that come one by one. */
  streamDecoder(): StreamDecoder {
    return new StreamDecoder(this.bytes);
  }

  /** What an id stands for as bytes; none for a control token. */
  bytesOf(id: number): Uint8Array {
    return this.bytes.of(id);
  }

  /** Whether an id is one of tokenizer.json's added tokens: tags, beginning and end of text. */
  isControl(id: number): boolean {
    return this.addedIds.has(id);
  }

  /** The id of a control token, by its spelling. */
  controlId(content: string): number | undefined {
    return this.addedByContent.get(content)?.id;
  }

  /** The spelling of a control token, by its id; undefined for any other. */
  controlText(id: number): string | undefined {
    for (const token of this.addedByContent.values()) if (token.id === id) return token.content;
    return undefined;
  }

  /** Text for a tokenizer that obeys tags wherever they stand: in each that it spells an invisible joiner is put. */
  withoutTags(text: string): string {
    if (!this.addedPattern) return text;
    return text.replace(this.addedPattern, (tag) => {
      const [first = '', ...rest] = tag;
      return first + wordJoiner + rest.join('');
    });
  }

  /** Text between control tokens, and the tokens, in order; white space taken off where a token asks. */
  private sectionsOf(parts: readonly TextPart[]): (string | AddedToken)[] {
    const sections: (string | AddedToken)[] = [''];
    const append = (text: string): void => {
      const last = sections.at(-1);
      if (typeof last === 'string') sections[sections.length - 1] = last + text;
      else sections.push(text);
    };
    for (const { text, trusted } of joinNeighbours(parts)) {
      let from = 0;
      if (trusted && this.addedPattern) {
        for (const match of text.matchAll(this.addedPattern)) {
          const token = this.addedByContent.get(match[0]);
          if (!token) continue;
          append(text.slice(from, match.index));
          sections.push(token);
          from = match.index + match[0].length;
        }
      }
      append(text.slice(from));
    }
    return sections
      .map((section, i) => {
        if (typeof section !== 'string') return section;
        const [before, after] = [sections[i - 1], sections[i + 1]];
        let text = section;
        if (typeof before === 'object' && before.rstrip) text = text.replace(/^\p{White_Space}+/u, '');
        if (typeof after === 'object' && after.lstrip) text = trimEnd(text);
        return text;
      })
      .filter((section) => section !== '');
  }

  private encodeSection(section: string, index: number, ids: number[]): void {
    const { normalizer, pre_tokenizer: preTokenizer, model } = this.library;
    // The Rust library sees UTF-8, where a lone surrogate cannot be.
    const text = section.replace(/\p{Surrogate}/gu, '\ufffd');
    const normalized = normalizer ? normalizer(text) : text;
    const words = preTokenizer ? preTokenizer(normalized, { section_index: index }) : [normalized];
    for (const token of model ? model(words) : []) {
      const id = model?.tokens_to_ids.get(token) ?? model?.unk_token_id;
      if (id === undefined) {
        throw new AppError(
          'tokenizer/unknown-token',
          `${tokenizerFile} has no token for ${JSON.stringify(token)} and no unknown token to stand for it. ` +
            'Remove that character or choose another model.',
          { details: { file: tokenizerFile, token } },
        );
      }
      ids.push(id);
    }
  }
}

/** Adjacent parts of one kind as one, so that a tag may span two parts of a template. */
function joinNeighbours(parts: readonly TextPart[]): TextPart[] {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.text === '') continue;
    if (last?.trusted === part.trusted) {
      joined[joined.length - 1] = { text: last.text + part.text, trusted: part.trusted };
    } else {
      joined.push(part);
    }
  }
  return joined;
}

/** Leftmost, then longest, as the Rust library matches. */
function patternOf(added: readonly AddedToken[]): RegExp | undefined {
  if (added.length === 0) return undefined;
  const contents = added.map(({ content }) => content).sort((a, b) => b.length - a.length);
  return new RegExp(
    contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'),
    'g',
  );
}

/** A loop rather than /\s+$/, which is quadratic on long runs of spaces. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
