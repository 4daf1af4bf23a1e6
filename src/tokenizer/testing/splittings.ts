// Small vocabularies of each way of splitting, as GGUF files hold them, with the ids that the libraries which define the
// ways give the nasty corpus (scripts/golden/gguf_tokenizers.py).
import { smallGguf } from '../../formats/gguf/testing/small-model';
import golden from './gguf-tokenizers-golden.json';

export interface SplittingGolden {
  readonly model: string;
  readonly pre: string;
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  readonly merges?: readonly string[];
  readonly scores?: readonly number[];
  readonly ids: readonly (readonly number[])[];
}

export const splittings: readonly SplittingGolden[] = golden;

export function vocabularyOf({ model, pre, tokens, types, merges, scores }: SplittingGolden) {
  return {
    'tokenizer.ggml.model': model,
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': types,
    ...(merges && { 'tokenizer.ggml.merges': merges }),
    ...(scores && { 'tokenizer.ggml.scores': scores }),
  };
}

/** Of each, a file that llama.cpp opens. */
export function splittingFiles(): readonly { pre: string; file: Uint8Array; ids: SplittingGolden['ids'] }[] {
  return splittings.map((one) => ({
    pre: one.pre,
    file: smallGguf({
      vocab: one.tokens.length,
      metadata: { ...vocabularyOf(one), 'llama.rope.freq_base': { float: 10000 } },
    }),
    ids: one.ids,
  }));
}
