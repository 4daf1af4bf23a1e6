// What a GGUF file says of itself, and whether it fits here, before anything big is fetched or stored.
import type { GgufFacts } from '../../chat/models/model-storage';
import type { ModelList } from '../../protocol/models';
import { useApp } from '../app-context';
import { formatBytes, formatCompact, formatCount, formatPercent } from '../common/format';
import { ggufWords } from '../texts/gguf-words';
import type { GgufWords } from '../texts/en-gguf';
import { useModelList } from './use-model-list';

/** What a conversation usually has room for. */
const usualContext = 4096;
/** Types with less than that of the bytes are left out. */
const leastShare = 0.005;
/** Above, a software adapter takes seconds for a word. */
const softwareParameters = 50e6;

export function GgufCard({ facts }: { readonly facts: GgufFacts }) {
  const { texts } = useApp();
  const { language } = texts;
  const list = useModelList();
  const words = ggufWords(language);
  const context = Math.min(facts.contextWindow, usualContext);
  const needed = facts.weightBytes + context * facts.positionBytes;
  const mix = facts.mix
    .filter(({ share }) => share >= leastShare)
    .map(({ type, share }) => `${type} ${formatPercent(share, language)}`)
    .join(', ');
  const rows: readonly (readonly [string, string])[] = [
    [words.model, facts.name],
    [words.architecture, facts.architecture],
    [words.parameters, formatCompact(facts.parameters, language)],
    [words.mix, mix],
    [words.context, words.tokens(formatCount(facts.contextWindow, language))],
    [words.licence, facts.licence ?? words.noLicence],
    [words.memory, words.memoryAt(formatBytes(needed, language), formatCount(context, language))],
    ...(list && 'room' in list
      ? [[words.fit, fitOf(facts.parameters, needed, list, words, language)] as const]
      : []),
  ];
  return (
    <dl className="figures" aria-label={words.title}>
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{words.template}</dt>
        <dd>
          <code>{facts.template.replaceAll('\n', '⏎')}</code>
        </dd>
      </div>
    </dl>
  );
}

/** By the same measure as the models of the list: what a file needs beyond weights and cache is little beside them. */
function fitOf(
  parameters: number,
  needed: number,
  { adapter, room }: ModelList,
  words: GgufWords,
  language: string,
): string {
  if (adapter.isFallback && parameters > softwareParameters) return words.inSoftware;
  const has = formatBytes(room.bytes, language);
  if (needed <= room.bytes) return words.fits(has);
  return !room.firm || needed <= 1.5 * room.bytes ? words.tight(has) : words.tooLarge(has);
}
