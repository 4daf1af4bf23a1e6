// What is known of the model: what it truthfully is and what it runs on.
import { useId, useRef } from 'react';
import type { ModelState } from '../../chat/model-session';
import type { AdapterInfo } from '../../protocol/chat';
import type { LoadedModel } from '../../protocol/rpc';
import { useApp, useStore } from '../app-context';
import { formatBytes, formatCompact, formatCount } from '../common/format';
import { pageHref } from '../common/route';
import type { Texts } from '../texts/en';

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

/** The model's id, or the last part of its address that says what it is. */
export function modelName(model: string): string {
  return (
    model
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      // The last part of a hub's address is a branch or a commit; the name comes before it.
      .replace(/\/resolve\/[^/]+$/, '')
      .split('/')
      .at(-1) || model
  );
}

/** Of a stored folder, by its address. */
export function storedName(base: string): string {
  const name = modelName(base);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function adapterName(adapter: AdapterInfo, texts: Texts): string {
  const words = [adapter.vendor, adapter.architecture].filter(Boolean);
  return adapter.description || words.map((word) => spelling[word] ?? word).join(' ') || texts.unknownAdapter;
}

/** One line under the composer that says what answers here. */
export function ModelLine() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  if (state.kind !== 'ready') return <p className="model-line" />;
  const { info, memoryOnly } = state;
  const truth = isTiny(info.id) ? `${modelName(info.id)}: ${texts.tinyTruth}` : modelName(info.id);
  const adapter = texts.runsOn(adapterName(info.adapter, texts));
  return (
    <p className="model-line">
      {truth}. {adapter}
      {isSoftware(info.adapter) && <>, {texts.softwareAdapter}</>}
      {memoryOnly && <>; {texts.storage.notStored}</>}.
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
        : state.kind === 'loading'
          ? texts.loadProgress
          : texts.modelFailed;
  const panel = useRef<HTMLDivElement>(null);
  return (
    <>
      <button type="button" className="model-chip" popoverTarget={popover} title={texts.modelDetails}>
        <span className={`model-dot model-dot-${state.kind}`} />
        <span className="model-chip-name">{modelName(state.model)}</span>
        <span className="hidden">{status}</span>
      </button>
      <div id={popover} ref={panel} popover="auto" className="model-facts">
        {state.kind === 'ready' ? (
          <Facts info={state.info} texts={texts} />
        ) : (
          <p className="facts-title">{modelName(state.model)}</p>
        )}
        <a className="button" href={pageHref('models')} onClick={() => panel.current?.hidePopover()}>
          {texts.models.title}
        </a>
      </div>
    </>
  );
}

function Facts({ info, texts }: { readonly info: LoadedModel; readonly texts: Texts }) {
  const { facts, language } = texts;
  const rows: readonly (readonly [string, string])[] = [
    [facts.engine, texts.models.engineNames[info.engine]],
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
