// What an answer in JSON may go on with: XGrammar (compiled to WebAssembly) turns a schema into a mask of the vocabulary
// before each token. Fetched when a request first asks for it; the compiler of a vocabulary is kept with its tokenizer.
import { AppError, invariant } from '../../base/errors';
import type { Constraint } from '../../model/run/generate';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import type { CheckedRequest } from './check-request';

export interface OpenGrammar extends Constraint {
  dispose(): void;
}

type XGrammar = typeof import('@mlc-ai/web-xgrammar');
type Compiler = Awaited<ReturnType<XGrammar['GrammarCompiler']['createGrammarCompiler']>>;
interface Compilers {
  readonly key: string;
  readonly compiler: Promise<Compiler>;
}

const compilers = new WeakMap<object, Compilers>();

/**
 * A grammar at its beginning.
 * @param vocab rows of the logits; the tokenizer may know fewer.
 * @param stopIds ids that end an answer: allowed where the JSON is whole, and only there.
 * @throws AppError `run/bad-request` for a schema that XGrammar cannot follow.
 */
export async function openGrammar(
  tokenizer: Pick<Tokenizer, 'bytesOf' | 'idCount'>,
  vocab: number,
  stopIds: readonly number[],
  format: NonNullable<CheckedRequest['format']>,
): Promise<OpenGrammar> {
  const library = await loadLibrary();
  const compiler = await compilerOf(library, tokenizer, vocab, stopIds);
  const compiled = await compile(compiler, format);
  const matcher = await library.GrammarMatcher.createGrammarMatcher(compiled);
  return {
    async mask() {
      const bits = await matcher.getNextTokenBitmask();
      return new Uint32Array(bits);
    },
    accept(id) {
      if (!matcher.acceptToken(id))
        throw new AppError('internal/invariant', `Token ${id} was drawn against the mask.`);
    },
    dispose() {
      matcher.dispose();
      compiled.dispose();
    },
  };
}

/**
 * The package calls itself a module and is none (UMD): as a bundler takes it, its names are exports, a default, or
 * global.
 */
async function loadLibrary(): Promise<XGrammar> {
  const module = (await import('@mlc-ai/web-xgrammar')) as XGrammar & { readonly default?: XGrammar };
  const found = [module, module.default, (globalThis as { xgrammar?: XGrammar }).xgrammar].find(
    (one) => one?.GrammarMatcher,
  );
  invariant(found, 'XGrammar was loaded and is nowhere');
  return found;
}

async function compile(compiler: Compiler, format: NonNullable<CheckedRequest['format']>) {
  try {
    if (format.type === 'json_object') return await compiler.compileBuiltinJSONGrammar();
    // No free white space: a small model would never stop writing it.
    return await compiler.compileJSONSchema(JSON.stringify(format.json_schema.schema), false, -1);
  } catch (cause) {
    throw new AppError('run/bad-request', 'response_format holds a schema that cannot be followed.', {
      details: { field: 'response_format' },
      cause,
    });
  }
}

function compilerOf(
  { TokenizerInfo, GrammarCompiler }: XGrammar,
  tokenizer: Pick<Tokenizer, 'bytesOf' | 'idCount'>,
  vocab: number,
  stopIds: readonly number[],
): Promise<Compiler> {
  const key = `${vocab}/${stopIds.join()}`;
  const known = compilers.get(tokenizer);
  if (known?.key === key) return known.compiler;
  const compiler = (async () => {
    const words = Array.from({ length: vocab }, (_, id) =>
      id < tokenizer.idCount ? written(tokenizer.bytesOf(id)) : '',
    );
    const info = await TokenizerInfo.createTokenizerInfo(words, 'byte_level', false, vocab, [...stopIds]);
    return GrammarCompiler.createGrammarCompiler(info);
  })();
  compilers.set(tokenizer, { key, compiler });
  compiler.catch(() => compilers.delete(tokenizer));
  return compiler;
}

/** Leads after which not every continuation is a character. */
const strictLeads = new Set([0xe0, 0xed, 0xf0, 0xf4]);

/**
 * A token without letters is never drawn. So are those with control characters, which JSON without free white space has
 * not, but which XGrammar lets into strings of a limited length; and those with bytes that UTF-8 does not have or that
 * could be continued to such: what is drawn is text, and as long as the schema says.
 */
function written(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => byte >= 0x20 && byte !== 0xc0 && byte !== 0xc1 && byte < 0xf5);
  return isText && !endsOpen(bytes) ? byteLevel(bytes) : '';
}

function endsOpen(bytes: Uint8Array): boolean {
  let lead = bytes.length - 1;
  while (lead >= 0 && ((bytes[lead] ?? 0) & 0xc0) === 0x80) lead--;
  const byte = bytes[lead] ?? 0;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  return strictLeads.has(byte) && bytes.length - lead < length;
}

/** Bytes as the letters that byte-level vocabularies write them in: a token may end inside a character. */
function byteLevel(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += letters[byte] ?? '';
  return text;
}

/** GPT-2's alphabet: printable bytes stand for themselves, the others for letters from U+0100 on, in order. */
const letters: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(isPrintable ? byte : next++);
  });
})();
