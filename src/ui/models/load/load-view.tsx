// The bar that tells how far loading has come, with the ways to pause and cancel a big download, or what went
// wrong. Nothing once the model is ready.
import { Suspense } from 'react';
import type { ModelState } from '../../../chat/models/model-session';
import type { LoadProgress } from '../../../protocol/chat';
import { useApp, useStore } from '../../app-context';
import { formatBytes, formatDuration, formatPercent } from '../../common/format';
import { isBuiltIn, modelName } from '../model-view';
import { later } from '../../common/later';
import { LoadTrack } from '../../common/load-track';
import type { Texts } from '../../texts/en';

const FailedBar = later(() => import('./load-failure').then((module) => module.FailedBar));

const whole = (state: ModelState): ModelState => state;

/** From here on a load is worth a person's pausing or cancelling it. */
const bigBytes = 30_000_000;

export function ModelBar() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  switch (state.kind) {
    case 'loading':
      return (
        <LoadView model={state.model} progress={state.progress} again={state.recoveringFrom !== undefined} />
      );
    case 'failed':
      return <LoadProblem />;
    case 'idle':
      return (
        <div className="model-bar bar-row" role="status">
          <span>
            <strong>{texts.load.stoppedTitle(modelName(state.model))}.</strong> {texts.load.stoppedNote}
          </span>
          <button type="button" className="button" onClick={() => void session.load()}>
            {texts.load.load}
          </button>
        </div>
      );
    case 'ready':
      return null;
  }
}

/** Only what went wrong, for where loading is shown in another way. */
export function LoadProblem() {
  const { session } = useApp();
  const hasFailed = useStore(session, (state) => state.kind === 'failed');
  return hasFailed ? (
    <Suspense fallback={null}>
      <FailedBar />
    </Suspense>
  ) : null;
}

/** One stable line for the whole of the weights, however their phases alternate. */
export function stageText(progress: LoadProgress | undefined, texts: Texts): string {
  if (!progress) return texts.starting;
  const { phase, fetchedBytes } = progress;
  if (phase === 'shards' || phase === 'verify' || phase === 'upload')
    return fetchedBytes > 0 ? texts.load.downloading : texts.load.weights;
  return texts.phases[phase];
}

interface LoadViewProps {
  readonly model: string;
  readonly progress: LoadProgress | undefined;
  readonly again: boolean;
}

/** What there is to say of a load, and what can be done about it. */
function useLoadWords({ model, progress, again }: LoadViewProps) {
  const { library, texts } = useApp();
  const { language } = texts;
  const base = library.storage.folderOf(model);
  const download = useStore(library, (state) => (base === undefined ? undefined : state.downloads.get(base)));
  const paused = download?.paused === true;
  const fraction = progress?.fraction ?? 0;
  const percent = formatPercent(fraction, language);
  const stage = paused ? texts.load.paused : stageText(progress, texts);
  const name = modelName(model);
  const title = again ? texts.loadingAgain(name) : texts.loadingModel(name);
  const figures: string[] = [];
  if (progress && progress.totalBytes > 0) {
    figures.push(
      texts.bytesOf(formatBytes(progress.loadedBytes, language), formatBytes(progress.totalBytes, language)),
    );
  }
  if (progress && !paused && progress.phase !== 'compile' && progress.phase !== 'ready') {
    const { bytesPerSecond, secondsLeft } = progress;
    if (bytesPerSecond) figures.push(texts.bytesPerSecond(formatBytes(bytesPerSecond, language)));
    if (secondsLeft && secondsLeft > 2) figures.push(texts.timeLeft(formatDuration(secondsLeft)));
  }
  // Before the first report nobody knows how big it is: only the built-in one is known to be small.
  const isBig = progress ? progress.totalBytes >= bigBytes : !isBuiltIn(model);
  return { base, download, paused, fraction, percent, stage, title, figures: figures.join(' · '), isBig };
}

type LoadWords = ReturnType<typeof useLoadWords>;

function Track({ words: { fraction, stage, percent } }: { readonly words: LoadWords }) {
  const { texts } = useApp();
  return <LoadTrack label={texts.loadProgress} fraction={fraction} text={`${stage}, ${percent}`} />;
}

function LoadActions({ words, small = false }: { readonly words: LoadWords; readonly small?: boolean }) {
  const { session, library, texts } = useApp();
  const { base, download, paused, isBig } = words;
  if (!isBig) return null;
  const look = small ? 'button button-small' : 'button';
  return (
    <div className="bar-actions">
      {base !== undefined && download && (
        <button
          type="button"
          className={look}
          onClick={() => (paused ? library.resume(base) : library.pause(base))}
        >
          {paused ? texts.load.resume : texts.load.pause}
        </button>
      )}
      <button type="button" className={look} onClick={() => session.cancel()}>
        {texts.load.cancel}
      </button>
    </div>
  );
}

function LoadView(props: LoadViewProps) {
  const words = useLoadWords(props);
  return (
    <div className="model-bar">
      <div className="load-line">
        <span className="load-title">{words.title}</span>
        <span className="load-percent">{words.percent}</span>
      </div>
      <Track words={words} />
      <div className="load-line load-figures">
        <span>{words.stage}</span>
        <span>{words.figures}</span>
      </div>
      <LoadActions words={words} />
    </div>
  );
}

/** The same in the one line beside the model's name. */
export function LoadLine(props: LoadViewProps) {
  const words = useLoadWords(props);
  return (
    <div className="load-row">
      <div className="load-words">
        {/* The name stands beside it. */}
        <span className={props.again ? undefined : 'hidden'}>{words.title}</span>
        <span>{words.stage}</span>
        <span className="load-figures">{words.figures}</span>
        <span className="load-percent">{words.percent}</span>
        <Track words={words} />
      </div>
      <LoadActions words={words} small />
    </div>
  );
}
