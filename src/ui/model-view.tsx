// What is known of the model: how far loading has come, what it truthfully is, what it runs on, why it failed.
import { useId } from 'react';
import type { ModelState } from '../chat/model-session';
import type { AdapterInfo, LoadProgress, ModelInfo } from '../protocol/chat';
import { useApp, useStore } from './app-context';
import { formatBytes, formatCompact, formatCount, formatDuration, formatPercent } from './format';
import { Problem } from './problem';
import type { Texts } from './texts/en';

export const builtInModel = 'phield-tiny';

const whole = (state: ModelState): ModelState => state;

/** Browsers give these in lower case. */
const spelling: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  google: 'Google',
  intel: 'Intel',
  mesa: 'Mesa',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
  swiftshader: 'SwiftShader',
};

/** The model's id, or the last part of its address. */
export function modelName(model: string): string {
  return (
    model
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) || model
  );
}

export function adapterName(adapter: AdapterInfo, texts: Texts): string {
  const words = [adapter.vendor, adapter.architecture].filter(Boolean);
  return adapter.description || words.map((word) => spelling[word] ?? word).join(' ') || texts.unknownAdapter;
}

/** The bar above the composer: loading, or what went wrong. Nothing once the model is ready. */
export function ModelBar() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  if (state.kind === 'loading') {
    return (
      <LoadView model={state.model} progress={state.progress} again={state.recoveringFrom !== undefined} />
    );
  }
  if (state.kind === 'failed') {
    return (
      <div className="model-bar" role="alert">
        <Problem code={state.error.code} message={state.error.message}>
          <button type="button" className="button" onClick={() => void session.load()}>
            {texts.reloadModel}
          </button>
        </Problem>
      </div>
    );
  }
  return null;
}

interface LoadViewProps {
  readonly model: string;
  readonly progress: LoadProgress | undefined;
  readonly again: boolean;
}

function LoadView({ model, progress, again }: LoadViewProps) {
  const { texts } = useApp();
  const { language } = texts;
  const fraction = progress?.fraction ?? 0;
  const percent = formatPercent(fraction, language);
  const phase = progress ? texts.phases[progress.phase] : texts.starting;
  const name = modelName(model);
  const figures: string[] = [];
  if (progress && progress.totalBytes > 0) {
    figures.push(
      texts.bytesOf(formatBytes(progress.loadedBytes, language), formatBytes(progress.totalBytes, language)),
    );
  }
  if (progress?.bytesPerSecond && progress.phase === 'shards') {
    figures.push(texts.bytesPerSecond(formatBytes(progress.bytesPerSecond, language)));
  }
  if (progress?.secondsLeft && progress.secondsLeft > 2) {
    figures.push(texts.timeLeft(formatDuration(progress.secondsLeft)));
  }
  return (
    <div className="model-bar">
      <div className="load-line">
        <span className="load-title">{again ? texts.loadingAgain(name) : texts.loadingModel(name)}</span>
        <span className="load-percent">{percent}</span>
      </div>
      <div
        className="load-track"
        role="progressbar"
        aria-label={texts.loadProgress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(fraction * 100)}
        aria-valuetext={`${phase}, ${percent}`}
      >
        <div className="load-fill" style={{ transform: `scaleX(${fraction})` }} />
      </div>
      <div className="load-line load-figures">
        <span>{phase}</span>
        <span>{figures.join(' · ')}</span>
      </div>
    </div>
  );
}

/** One line under the composer that says what answers here. */
export function ModelLine() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  if (state.kind !== 'ready') return <p className="model-line" />;
  const { info } = state;
  const truth = isTiny(info.id) ? `${info.id}: ${texts.tinyTruth}` : modelName(info.id);
  const adapter = texts.runsOn(adapterName(info.adapter, texts));
  return (
    <p className="model-line">
      {truth}. {adapter}
      {isSoftware(info.adapter) && <>, {texts.softwareAdapter}</>}.
    </p>
  );
}

/** The chip in the top bar, with the model's facts behind it. */
export function ModelChip() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  const popover = useId();
  const status =
    state.kind === 'ready'
      ? texts.modelReady
      : state.kind === 'failed'
        ? texts.modelFailed
        : texts.loadProgress;
  return (
    <>
      <button
        type="button"
        className="model-chip"
        popoverTarget={popover}
        title={texts.modelDetails}
        disabled={state.kind !== 'ready'}
      >
        <span className={`model-dot model-dot-${state.kind}`} />
        <span className="model-chip-name">{modelName(state.model)}</span>
        <span className="hidden">{status}</span>
      </button>
      <div id={popover} popover="auto" className="model-facts">
        {state.kind === 'ready' && <Facts info={state.info} texts={texts} />}
      </div>
    </>
  );
}

function Facts({ info, texts }: { readonly info: ModelInfo; readonly texts: Texts }) {
  const { facts, language } = texts;
  const rows: readonly (readonly [string, string])[] = [
    [facts.engine, info.engine],
    [facts.parameters, formatCompact(info.parameters, language)],
    [facts.context, texts.tokens(formatCount(info.contextWindow, language))],
    [facts.weights, formatBytes(info.weightBytes, language)],
    [facts.gpuMemory, formatBytes(info.gpuBytes, language)],
    [facts.adapter, adapterName(info.adapter, texts)],
    [facts.halfPrecision, info.adapter.shaderF16 ? texts.yes : texts.no],
  ];
  return (
    <>
      <p className="facts-title">{modelName(info.id)}</p>
      {isTiny(info.id) && <p className="facts-note">{texts.tinyTruth}.</p>}
      {isSoftware(info.adapter) && <p className="facts-note">{texts.softwareAdapter}.</p>}
      <dl>
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function isTiny(id: string): boolean {
  return modelName(id) === builtInModel;
}

/** Fallback adapters, and the software ones that browsers do not flag as such. */
export function isSoftware({ isFallback, vendor, architecture, description }: AdapterInfo): boolean {
  return (
    isFallback ||
    /swiftshader|llvmpipe|lavapipe|\bwarp\b|basic render/i.test(`${vendor} ${architecture} ${description}`)
  );
}
