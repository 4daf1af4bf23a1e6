// Small tokenizers made on the spot, in the two forms the Phi-3 family uses: SentencePiece-like BPE with byte
// fallback (Phi-3, phield-tiny) and byte-level BPE (Phi-4-mini). A plain greedy pair counter learns the merges.

const sample =
  'The little dog ran to the red house. "Hello, hello!" said the happy girl; the boy laughed and laughed.\n' +
  'Once upon a time there was a small bird who could not sing. end user assistant system <| |> </s>\n' +
  'olá você está não  the  the   cats café naïve über 日本 日本語 привет привет שלום مرحبا 12345 2024 {} [] () == != => ';

const phi3Tags = [
  '<|endoftext|>',
  '<|assistant|>',
  '<|placeholder1|>',
  '<|placeholder2|>',
  '<|placeholder3|>',
  '<|placeholder4|>',
  '<|system|>',
  '<|end|>',
  '<|placeholder5|>',
  '<|placeholder6|>',
  '<|user|>',
];

/** tokenizer.json like Phi-3's: ids 0-2 unk, bos, eos; 3-258 the bytes; then pieces; the tags last. */
export function spmTokenizerJson(options: { readonly rstrip: boolean }): string {
  const vocab: Record<string, number> = { '<unk>': 0, '<s>': 1, '</s>': 2 };
  for (let byte = 0; byte < 256; byte++) {
    vocab[`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`] = 3 + byte;
  }
  // U+FFFD is a piece of Llama's vocabulary; it matters for lone surrogates.
  const text = '\u2581' + sample.replaceAll(' ', '\u2581') + '\ufffd';
  const { pieces, merges } = learnMerges([...text], 220);
  for (const piece of pieces) vocab[piece] ??= Object.keys(vocab).length;
  const size = Object.keys(vocab).length;
  const added = [
    { id: 0, content: '<unk>', rstrip: false },
    { id: 1, content: '<s>', rstrip: false },
    { id: 2, content: '</s>', rstrip: options.rstrip },
    ...phi3Tags.map((content, i) => ({
      id: size + i,
      content,
      rstrip: options.rstrip && content !== '<|endoftext|>',
    })),
  ].map((token) => ({
    ...token,
    lstrip: false,
    single_word: false,
    normalized: false,
    special: token.content !== '</s>',
  }));
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '\u2581' },
        { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
      ],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      vocab,
      merges: merges.map(([a, b]) => `${a} ${b}`),
    },
  });
}

/** tokenizer.json like Phi-4-mini's: byte-level, its words split by a regular expression. */
export function byteLevelTokenizerJson(): string {
  const alphabet: string[] = [];
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
    alphabet.push(String.fromCodePoint(printable ? byte : next++));
  }
  const words = sample
    .split(/(?= )/)
    .map((word) => [...new TextEncoder().encode(word)].map((byte) => alphabet[byte] ?? ''));
  const vocab: Record<string, number> = {};
  for (const char of alphabet) vocab[char] = Object.keys(vocab).length;
  const { pieces, merges } = learnMerges(
    words.flatMap((word) => [...word, '']),
    120,
  );
  for (const piece of pieces) vocab[piece] ??= Object.keys(vocab).length;
  const size = Object.keys(vocab).length;
  const added = ['<|endoftext|>', '<|user|>', '<|end|>', '<|assistant|>', '<|system|>'];
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.map((content, i) => ({
      id: size + i,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex:
              '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
          },
          behavior: 'Isolated',
          invert: false,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: merges.map(([a, b]) => [a, b]),
    },
  });
}

/** Most frequent neighbours first, ties in order of appearance. '' never merges. */
function learnMerges(
  symbols: readonly string[],
  count: number,
): { readonly pieces: readonly string[]; readonly merges: readonly (readonly [string, string])[] } {
  let text = [...symbols];
  const pieces = new Set(text.filter((symbol) => symbol !== ''));
  const merges: (readonly [string, string])[] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (let i = 0; i + 1 < text.length; i++) {
      const [a, b] = [text[i], text[i + 1]];
      if (a && b) counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1);
    }
    let best: readonly [string, number] = ['', 1];
    for (const entry of counts) if (entry[1] > best[1]) best = entry;
    const [a = '', b = ''] = best[0].split(' ');
    if (a === '') break;
    merges.push([a, b]);
    pieces.add(a + b);
    const merged: string[] = [];
    for (let i = 0; i < text.length; i++) {
      if (text[i] === a && text[i + 1] === b) {
        merged.push(a + b);
        i++;
      } else {
        merged.push(text[i] ?? '');
      }
    }
    text = merged;
  }
  return { pieces: [...pieces], merges };
}
