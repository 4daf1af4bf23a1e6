// A GGUF's vocabulary -> the tokenizer.json that the tokenizer here reads. How text is split before merging is named
// by the file and defined by the models' own tokenizers; a name that is not known is refused, never guessed, since a
// wrong split gives answers that are only slightly wrong.
import { AppError } from '../../base/errors';
import { badGguf } from './header';
import type { Metadata } from './metadata';

const maxTokens = 1 << 20;
/** What a token is: see llama.cpp's llama_token_type. */
const kinds = { unknown: 2, control: 3, userDefined: 4 } as const;

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const words = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const tail = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;
const upper = String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`;
const lower = String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`;

/** Regular expressions of the splits that are not byte-level BPE's own. */
const splits = {
  'llama-bpe': String.raw`${contractions}|${words}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${tail}`,
  qwen2: String.raw`${contractions}|${words}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${tail}`,
  'gpt-4o': String.raw`[^\r\n\p{L}\p{N}]?[${upper}]*[${lower}]+${contractions}?|[^\r\n\p{L}\p{N}]?[${upper}]+[${lower}]*${contractions}?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${tail}`,
} as const;

const byteLevel = (regex: boolean): object => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: regex,
});
const sequence = (...pretokenizers: object[]): object => ({ type: 'Sequence', pretokenizers });
const split = (regex: string): object => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});

interface Splitting {
  readonly preTokenizer: object;
  readonly normalizer?: object;
  readonly ignoreMerges?: boolean;
}

/** By `tokenizer.ggml.pre`. */
const splittings: Readonly<Record<string, Splitting>> = {
  smollm: { preTokenizer: sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)) },
  'llama-bpe': {
    preTokenizer: sequence(split(splits['llama-bpe']), byteLevel(false)),
    ignoreMerges: true,
  },
  qwen2: { preTokenizer: sequence(split(splits.qwen2), byteLevel(false)), normalizer: { type: 'NFC' } },
  'gpt-4o': { preTokenizer: sequence(split(splits['gpt-4o']), byteLevel(false)) },
};
export const knownSplittings: readonly string[] = Object.keys(splittings);

/** @throws AppError `tokenizer/bad-vocab`, `model/bad-gguf` */
export function tokenizerJson(metadata: Metadata): string {
  const model = metadata.string('tokenizer.ggml.model');
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  const types = metadata.numbers('tokenizer.ggml.token_type');
  if (tokens.length === 0 || tokens.length > maxTokens || types.length !== tokens.length)
    throw badGguf(`has ${tokens.length} tokens and ${types.length} kinds of tokens`);
  // A list of pairs becomes an object whose keys may be anything, `__proto__` too.
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const isPhi3 = takesSpaceAfterTags(metadata);
  const added = tokens.flatMap((content, id) => {
    const special = types[id] === kinds.control || types[id] === kinds.unknown;
    if (!special && types[id] !== kinds.userDefined) return [];
    const rstrip = isPhi3 && !withoutStrip.has(content);
    return [{ id, content, single_word: false, lstrip: false, rstrip, normalized: false, special }];
  });
  if (Object.keys(vocab).length !== tokens.length) throw badGguf('has a token twice in its vocabulary');
  if (model === 'gpt2') return JSON.stringify(byteLevelJson(metadata, vocab, added));
  if (model === 'llama') return JSON.stringify(pieceJson(metadata, tokens, types, vocab, added));
  throw unknown(`the kind ${JSON.stringify(model.slice(0, 40))}`);
}

/** Of Phi-3's tags, those that leave the white space after them alone. */
const withoutStrip: ReadonlySet<string> = new Set(['<unk>', '<s>', '<|endoftext|>']);

/**
 * A GGUF has no place for the flag that the white space after a tag belongs to the tag; Phi-3's have it set, and
 * llama.cpp goes by the model's name.
 */
function takesSpaceAfterTags(metadata: Metadata): boolean {
  if (!metadata.has('general.name')) return false;
  return /phi-?3/i.test(metadata.string('general.name'));
}

function splittingOf(metadata: Metadata): Splitting {
  const pre = metadata.has('tokenizer.ggml.pre') ? metadata.string('tokenizer.ggml.pre') : '';
  const splitting = Object.hasOwn(splittings, pre) ? splittings[pre] : undefined;
  if (!splitting) throw unknown(`the splitting ${JSON.stringify(pre.slice(0, 40))}`);
  return splitting;
}

function byteLevelJson(metadata: Metadata, vocab: object, added: readonly object[]): object {
  const { preTokenizer, normalizer = null, ignoreMerges = false } = splittingOf(metadata);
  return {
    version: '1.0',
    added_tokens: added,
    normalizer,
    pre_tokenizer: preTokenizer,
    decoder: byteLevel(true),
    model: {
      type: 'BPE',
      vocab,
      merges: metadata.strings('tokenizer.ggml.merges'),
      ignore_merges: ignoreMerges,
    },
  };
}

const space = '\u2581';

/** SentencePiece: pieces with scores, from which the merges follow, and bytes for what has no piece. */
function pieceJson(
  metadata: Metadata,
  tokens: readonly string[],
  types: readonly number[],
  vocab: Readonly<Record<string, number>>,
  added: readonly object[],
): object {
  const scores = metadata.numbers('tokenizer.ggml.scores');
  if (scores.length !== tokens.length)
    throw badGguf(`has ${scores.length} scores for ${tokens.length} tokens`);
  const unknownToken = tokens[types.indexOf(kinds.unknown)];
  const prefix = metadata.flag('tokenizer.ggml.add_space_prefix') ?? true;
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: space };
  return {
    version: '1.0',
    added_tokens: added,
    normalizer: prefix
      ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: space }, replace] }
      : replace,
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      unk_token: unknownToken ?? null,
      fuse_unk: true,
      byte_fallback: true,
      vocab,
      merges: mergesOf(tokens, types, scores, vocab),
    },
  };
}

/** Longest piece whose cuts are looked at: in number, cuts of all pieces are far fewer than its square. */
const maxPieceChars = 256;

/** Every cut of a piece into two pieces, the better whole first; of one whole, by the ids of its parts. */
function mergesOf(
  tokens: readonly string[],
  types: readonly number[],
  scores: readonly number[],
  vocab: Readonly<Record<string, number>>,
): string[] {
  const idOf = (token: string): number => (Object.hasOwn(vocab, token) ? (vocab[token] ?? -1) : -1);
  const cuts: { left: string; right: string; score: number; leftId: number; rightId: number }[] = [];
  tokens.forEach((token, id) => {
    if (types[id] !== 1 && types[id] !== kinds.userDefined) return;
    const letters = Array.from(token);
    if (letters.length > maxPieceChars) return;
    for (let at = 1; at < letters.length; at++) {
      const [left, right] = [letters.slice(0, at).join(''), letters.slice(at).join('')];
      const [leftId, rightId] = [idOf(left), idOf(right)];
      if (leftId >= 0 && rightId >= 0) cuts.push({ left, right, score: scores[id] ?? 0, leftId, rightId });
    }
  });
  cuts.sort((a, b) => b.score - a.score || a.leftId - b.leftId || a.rightId - b.rightId);
  return cuts.map(({ left, right }) => `${left} ${right}`);
}

function unknown(what: string): AppError {
  return new AppError(
    'tokenizer/bad-vocab',
    `This file's tokenizer is of ${what}, which this engine does not know: choose another model.`,
    { details: { known: knownSplittings.join(', ') } },
  );
}
