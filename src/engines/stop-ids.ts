// Which ids end an answer. A control token has no text, so a stop string that spells one could never be met in the
// text: it is met as the id it is.
import type { ConvTemplate } from '../formats/model-config';
import type { Tokenizer } from '../tokenizer/tokenizer';

export function stopIdsOf(
  { stopTokenIds, stopStrings }: Pick<ConvTemplate, 'stopTokenIds' | 'stopStrings'>,
  tokenizer: Pick<Tokenizer, 'controlId'>,
  asked: readonly string[] = [],
): ReadonlySet<number> {
  const spelled = [...stopStrings, ...asked].flatMap((stop) => tokenizer.controlId(stop.trim()) ?? []);
  return new Set([...stopTokenIds, ...spelled]);
}
