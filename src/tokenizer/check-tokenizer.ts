// tokenizer.json, checked: what kind it is, which tokens are control tokens, how ids become bytes. The BPE itself
// is done by @huggingface/tokenizers on the object returned here; this file decides whether to let it.
import { Fields, parseJsonObject, type JsonSource } from '../formats/json';
import { mendSteps } from './mend-steps';

export const tokenizerFile = 'tokenizer.json';

const source: JsonSource = {
  file: tokenizerFile,
  code: 'tokenizer/bad-vocab',
  advice:
    'Fetch the model folder again, or choose a model whose tokenizer.json is a BPE of the Phi-3 family.',
};

const maxId = (1 << 21) - 1;

/** A token found by its exact spelling, before any merging. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Swallow the white space before, after. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** How token strings become bytes. */
export type ByteRule =
  | { readonly kind: 'byte-level' }
  | {
      readonly kind: 'pieces';
      readonly replace: readonly { readonly from: string; readonly to: string }[];
      /** `<0x41>` stands for one byte. */
      readonly byteFallback: boolean;
      /** Spaces dropped from the start of a decoded text. */
      readonly stripStart: number;
    };

export interface CheckedTokenizer {
  /** For the library: no added tokens and none of their spellings in the vocabulary. */
  readonly library: object;
  readonly added: readonly AddedToken[];
  /** Token string of every id, added ones included; holes where an id is unused. */
  readonly tokens: readonly (string | undefined)[];
  readonly byteRule: ByteRule;
}

/** @throws AppError `tokenizer/bad-vocab`. */
export function checkTokenizer(text: string): CheckedTokenizer {
  const root = parseJsonObject(text, source, { maxChars: 64 * 1024 * 1024, maxDepth: 24 });
  const model = root.fields('model');
  // Files of 2023 leave the type out.
  const type = model.has('type') ? model.string('type') : 'BPE';
  if (type !== 'BPE') throw model.error('type', `is ${JSON.stringify(type)}; only BPE is supported`);
  const tokens: (string | undefined)[] = [];
  const vocab = checkVocab(model, tokens);
  checkMerges(model);
  const added = checkAdded(root, vocab, tokens);
  const unknown = model.has('unk_token') ? model.string('unk_token') : undefined;
  if (unknown !== undefined && !vocab.has(unknown)) {
    throw model.error('unk_token', `is ${JSON.stringify(unknown)}, which is not in the vocabulary`);
  }
  // Left out of the vocabulary, no sequence of merges can spell a control token.
  for (const { content } of added) if (content !== unknown) vocab.delete(content);
  const library = {
    normalizer: root.raw('normalizer') ?? null,
    pre_tokenizer: mendSteps(root.raw('pre_tokenizer')) ?? null,
    model: { ...model.whole(), type, vocab: Object.fromEntries(vocab) },
    post_processor: null,
    decoder: null,
    added_tokens: [],
  };
  return { library, added, tokens, byteRule: checkDecoder(root) };
}

function checkVocab(model: Fields, tokens: (string | undefined)[]): Map<string, number> {
  const vocab = new Map<string, number>();
  const fields = model.fields('vocab');
  for (const token of Object.keys(fields.whole())) {
    const id = fields.integer(token, { min: 0, max: maxId });
    if (tokens[id] !== undefined) {
      throw fields.error(token, `has the id ${id}, which ${JSON.stringify(tokens[id])} has too`);
    }
    tokens[id] = token;
    vocab.set(token, id);
  }
  if (vocab.size === 0) throw model.error('vocab', 'is empty');
  return vocab;
}

/** Two forms are in use: "a b" and ["a", "b"]; a file holds one of them. */
function checkMerges(model: Fields): void {
  const merges = model.raw('merges');
  if (!Array.isArray(merges)) throw model.error('merges', 'should be a list');
  const pairs = Array.isArray(merges[0]);
  merges.forEach((merge: unknown, i) => {
    const isGood = pairs
      ? Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string')
      : typeof merge === 'string' && /^[^ ]+ [^ ]+$/.test(merge);
    if (!isGood) throw model.error(`merges[${i}]`, 'is not a pair of token strings');
  });
}

function checkAdded(
  root: Fields,
  vocab: ReadonlyMap<string, number>,
  tokens: (string | undefined)[],
): AddedToken[] {
  if (!root.has('added_tokens')) return [];
  const contents = new Set<string>();
  return root.objects('added_tokens', 10_000).map((entry) => {
    const flag = (name: string): boolean => entry.has(name) && entry.boolean(name);
    const id = entry.integer('id', { min: 0, max: maxId });
    const content = entry.string('content', { maxChars: 1000 });
    if (content === '') throw entry.error('content', 'is empty');
    if (contents.has(content)) throw entry.error('content', `repeats ${JSON.stringify(content)}`);
    contents.add(content);
    const other = tokens[id] ?? content;
    if (other !== content || (vocab.get(content) ?? id) !== id) {
      throw entry.error('id', `${id} of ${JSON.stringify(content)} contradicts the vocabulary`);
    }
    tokens[id] = content;
    return { id, content, lstrip: flag('lstrip'), rstrip: flag('rstrip') };
  });
}

function checkDecoder(root: Fields): ByteRule {
  const decoder = root.fields('decoder');
  const steps = decoder.raw('type') === 'Sequence' ? decoder.objects('decoders', 16) : [decoder];
  const replace: { from: string; to: string }[] = [];
  let byteFallback = false;
  let stripStart = 0;
  for (const step of steps) {
    const type = step.string('type');
    if (type === 'ByteLevel' && steps.length === 1) return { kind: 'byte-level' };
    if (type === 'Replace') {
      replace.push({ from: step.fields('pattern').string('String'), to: step.string('content') });
    } else if (type === 'ByteFallback') {
      byteFallback = true;
    } else if (type === 'Strip' && step.raw('content') === ' ' && (step.raw('stop') ?? 0) === 0) {
      stripStart = step.integer('start', { min: 0, max: 16 });
    } else if (type === 'Metaspace') {
      replace.push({ from: step.has('replacement') ? step.string('replacement') : '\u2581', to: ' ' });
      stripStart = step.raw('prepend_scheme') === 'never' || step.raw('add_prefix_space') === false ? 0 : 1;
    } else if (type !== 'Fuse') {
      throw step.error('type', `is ${JSON.stringify(type)}, a decoder this version does not know`);
    }
  }
  return { kind: 'pieces', replace, byteFallback, stripStart };
}
