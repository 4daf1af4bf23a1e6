// What the files of a model say of it, and whether it fits here: before anything big is fetched or stored, and of what is
// stored.
import type { ModelFacts } from '../../../chat/models/model-storage';
import type { ModelList } from '../../../protocol/models';
import { useApp } from '../../app-context';
import { formatBytes, formatCompact, formatCount, formatPercent } from '../../common/format';
import { ggufWords } from '../../texts/gguf-words';
import type { GgufWords } from '../../texts/en-gguf';
import { useModelList } from '../use-model-list';

/** What a conversation usually has room for. */
const usualContext = 4096;
/** Types with less than that of the bytes are left out. */
const leastShare = 0.005;
/** Above, a software adapter takes seconds for a word. */
const softwareParameters = 50e6;

export function FactsCard({ facts }: { readonly facts: ModelFacts }) {
  const { texts } = useApp();
  const { language } = texts;
  const list = useModelList();
  const words = ggufWords(language);
  const mix = facts.mix
    .filter(({ share }) => share >= leastShare)
    .map(({ type, share }) => `${type} ${formatPercent(share, language)}`)
    .join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ...(facts.name === undefined ? [] : [[words.model, facts.name] as const]),
    [words.architecture, facts.architecture],
    [words.parameters, formatCompact(facts.parameters, language)],
    [words.mix, mix],
    [words.context, words.tokens(formatCount(facts.contextWindow, language))],
    [words.licence, facts.licence ?? words.noLicence],
    ...(facts.eyes
      ? [[words.pictures, words.seesBy(facts.eyes.name, formatBytes(facts.eyes.nbytes, language))] as const]
      : []),
    [words.memory, memoryOf(facts, words, language)],
    ...(list && 'room' in list ? [[words.fit, fitOf(facts, list, words, language)] as const] : []),
  ];
  return (
    <dl className="figures" aria-label={words.title}>
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div className="figure-wide">
        <dt>{words.template}</dt>
        <dd>
          <code>{facts.template.replaceAll('\n', '⏎')}</code>
        </dd>
      </div>
    </dl>
  );
}

const contextOf = ({ contextWindow }: ModelFacts): number => Math.min(contextWindow, usualContext);

/** With the context that a conversation usually has room for. */
export function memoryOf(facts: ModelFacts, words: GgufWords, language: string): string {
  const context = contextOf(facts);
  return words.memoryAt(formatBytes(neededBytes(facts), language), formatCount(context, language));
}

/** A cache with a window keeps it and a chunk of a prompt, whatever the context. */
const chunk = 512;
const neededBytes = (facts: ModelFacts): number => {
  const kept = Math.min(contextOf(facts), (facts.slidingWindow ?? Infinity) + chunk);
  return facts.weightBytes + kept * facts.positionBytes;
};

/** By the same measure as the models of the list: what a model needs beyond weights and cache is little beside them. */
export function fitOf(
  facts: ModelFacts,
  { adapter, room }: ModelList,
  words: GgufWords,
  language: string,
): string {
  if (adapter.isFallback && facts.parameters > softwareParameters) return words.inSoftware;
  const needed = neededBytes(facts);
  const has = formatBytes(room.bytes, language);
  if (needed <= room.bytes) return words.fits(has);
  return !room.firm || needed <= 1.5 * room.bytes ? words.tight(has) : words.tooLarge(has);
}
