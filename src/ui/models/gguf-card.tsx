// What a GGUF file says of itself, before anything big is fetched or stored.
import type { GgufFacts } from '../../chat/model-storage';
import { useApp } from '../app-context';
import { formatBytes, formatCompact, formatCount, formatPercent } from '../common/format';

/** What a conversation usually has room for. */
const usualContext = 4096;
/** Types with less than that of the bytes are left out. */
const leastShare = 0.005;

export function GgufCard({ facts }: { readonly facts: GgufFacts }) {
  const { texts } = useApp();
  const { gguf, language } = texts;
  const context = Math.min(facts.contextWindow, usualContext);
  const memory = formatBytes(facts.weightBytes + context * facts.positionBytes, language);
  const mix = facts.mix
    .filter(({ share }) => share >= leastShare)
    .map(({ type, share }) => `${type} ${formatPercent(share, language)}`)
    .join(', ');
  const rows: readonly (readonly [string, string])[] = [
    [gguf.model, facts.name],
    [gguf.architecture, facts.architecture],
    [gguf.parameters, formatCompact(facts.parameters, language)],
    [gguf.mix, mix],
    [gguf.context, gguf.tokens(formatCount(facts.contextWindow, language))],
    [gguf.licence, facts.licence ?? gguf.noLicence],
    [gguf.memory, gguf.memoryAt(memory, formatCount(context, language))],
  ];
  return (
    <dl className="figures" aria-label={gguf.title}>
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
