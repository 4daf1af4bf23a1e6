// Beside the question before a big download: what is small and quick, where the device is hardly large enough for it or
// the line would take long.
import type { ModelCard } from '../../../protocol/models';
import { useApp } from '../../app-context';
import { formatBytes, formatDuration } from '../../common/format';
import { ggufWords } from '../../texts/gguf-words';
import { useChooseModel } from '../choose-model';
import { builtInModel } from '../model-view';
import { useModelList } from '../use-model-list';

const bigBytes = 1_000_000_000;
/** What people wait for without asking whether there is another way. */
const patienceSeconds = 20 * 60;
const most = 3;

/** What Chromium says of the line; no other browser says anything. */
interface Line {
  readonly saveData?: boolean;
  /** Mbit/s, capped. */
  readonly downlink?: number;
}

/** @returns seconds for so many bytes, where the browser knows. */
function lineSeconds(bytes: number, line: Line | undefined): number | undefined {
  return line?.downlink ? (8 * bytes) / (line.downlink * 1e6) : undefined;
}

export function SmallInstead({ card }: { readonly card: ModelCard }) {
  const { texts } = useApp();
  const choose = useChooseModel();
  const list = useModelList();
  const words = ggufWords(texts.language);
  const line = (navigator as { readonly connection?: Line }).connection;
  const seconds = lineSeconds(card.downloadBytes, line);
  const isLong = line?.saveData === true || (seconds !== undefined && seconds > patienceSeconds);
  if (card.downloadBytes < bigBytes || !(isLong || card.fit.verdict === 'tight')) return null;
  const cards = list && 'cards' in list ? list.cards : [];
  const smaller = cards
    .filter(
      ({ id, fit, engines, downloadBytes }) =>
        id !== builtInModel &&
        fit.verdict === 'fits' &&
        downloadBytes < card.downloadBytes / 1.5 &&
        // What WebLLM alone runs among the small ones was never taught to chat.
        engines.includes('wgsl'),
    )
    .sort((a, b) => b.downloadBytes - a.downloadBytes)
    .slice(0, most);
  return (
    <>
      {isLong && seconds !== undefined && <p>{words.lineTakes(formatDuration(seconds))}</p>}
      {smaller.length > 0 && (
        <div role="group" aria-label={words.smallInstead}>
          <p>{words.smallInstead}</p>
          <p className="links">
            {smaller.map(({ id, name, downloadBytes }) => (
              <button key={id} type="button" className="button" onClick={() => choose(id)}>
                {name}, {formatBytes(downloadBytes, texts.language)}
              </button>
            ))}
          </p>
        </div>
      )}
    </>
  );
}
