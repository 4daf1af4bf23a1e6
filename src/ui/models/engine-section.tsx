// Which engine answers, why, and with what figures; the person's own wish; and the comparison on this device.
import { useId, useState } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import type { ModelState } from '../../chat/models/model-session';
import { contextSizes } from '../../chat/settings/settings';
import type { EngineName } from '../../protocol/chat';
import type { EngineChoice } from '../../protocol/models';
import type { Comparison } from '../../protocol/rpc';
import { useApp, useStore } from '../app-context';
import { formatCount, formatRate, formatSeconds } from '../common/format';
import { Problem } from '../common/problem';
import { ggufWords } from '../texts/gguf-words';
import { runsOnProcessor } from './load/on-processor';
import { ScrollTable } from '../common/scroll-table';

const whole = (state: ModelState): ModelState => state;
const engineNames: readonly EngineName[] = ['wgsl', 'webllm', 'wllama'];

/** The comparison as it stands: which engine is being timed, or how it ended. */
export function useComparison() {
  const { chat, session } = useApp();
  const [timing, setTiming] = useState<EngineName | undefined>(undefined);
  const [result, setResult] = useState<Comparison | undefined>(undefined);
  const [error, setError] = useState<AppError | undefined>(undefined);
  const compare = async (): Promise<Comparison | undefined> => {
    chat.stop();
    setError(undefined);
    setResult(undefined);
    try {
      const found = await session.compare(setTiming);
      setResult(found);
      return found;
    } catch (thrown) {
      const failure = toAppError(thrown);
      if (failure.code !== 'run/aborted') setError(failure);
      return undefined;
    } finally {
      setTiming(undefined);
    }
  };
  return { timing, result, error, compare };
}

export function EngineSection() {
  const { session, library, settings, texts } = useApp();
  const { models } = texts;
  const state = useStore(session, whole);
  const wish = useStore(settings, ({ settings: now }) => now.engine);
  const context = useStore(settings, ({ settings: now }) => now.context);
  const template = useStore(settings, ({ settings: now }) => now.template);
  const { timing, result, error, compare } = useComparison();
  const field = useId();
  const words = ggufWords(texts.language);
  const choice = state.kind === 'ready' ? state.info.choice : undefined;
  const numerics = state.kind === 'ready' ? (state.info.numerics ?? choice?.numerics) : undefined;
  const figures = result ?? choice?.timings;
  // What WebLLM runs is no file for the processor, and the other way round.
  const isLone = choice?.why === 'only-one' || choice?.engine === 'wllama';
  const processorToo = state.kind === 'ready' && isLone && runsOnProcessor(library.storage, state.info.id);
  const isOnly = choice?.why === 'only-one' && !processorToo;
  const whyOf = (why: EngineChoice['why']): string =>
    processorToo && why === 'only-one' ? words.whyOwn : models.whys[why];
  const other: EngineName = processorToo ? 'wllama' : 'webllm';
  const offered = choice ? engineNames.filter((name) => name === 'wgsl' || name === other) : engineNames;

  return (
    <section aria-labelledby="engine-title">
      <h2 id="engine-title">{models.engineTitle}</h2>
      {choice && <p>{models.engineNow(models.engineNames[choice.engine], whyOf(choice.why))}</p>}
      {choice?.numerics?.ok === false && choice.engine === 'wgsl' && (
        <p className="problem-first">{models.numericsWrong}</p>
      )}
      {numerics && Number.isFinite(numerics.nmse) && (
        <p className="note">
          {models.numerics(numerics.nmse.toExponential(1), `${Math.round(numerics.elapsedMs)} ms`)}
        </p>
      )}
      {figures && <ComparisonTable figures={figures} />}
      <div className="engine-form">
        <div className="field">
          <label htmlFor={field}>{models.engineTitle}</label>
          <select
            id={field}
            value={isOnly ? choice.engine : (offered.find((name) => name === wish) ?? 'auto')}
            disabled={isOnly}
            aria-describedby={`${field}-note`}
            onChange={(event) => {
              const { value } = event.target;
              settings.update({ engine: engineNames.find((name) => name === value) });
              // Also where the last load failed: the other engine may be the way out.
              if (state.kind === 'ready' || state.kind === 'failed') void session.load();
            }}
          >
            <option value="auto">{models.engineAuto}</option>
            {offered.map((name) => (
              <option key={name} value={name}>
                {models.engineNames[name]}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${field}-context`}>{models.contextTitle}</label>
          <select
            id={`${field}-context`}
            value={context ?? 'auto'}
            onChange={(event) => {
              settings.update({ context: contextSizes.find((size) => String(size) === event.target.value) });
              if (state.kind === 'ready' || state.kind === 'failed') void session.load();
            }}
          >
            <option value="auto">{models.contextAuto}</option>
            {contextSizes.map((size) => (
              <option key={size} value={size}>
                {texts.tokens(formatCount(size, texts.language))}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${field}-template`}>{models.templateTitle}</label>
          <select
            id={`${field}-template`}
            value={template === 'mlc' ? 'mlc' : 'exact'}
            onChange={(event) => {
              settings.update({ template: event.target.value === 'mlc' ? 'mlc' : undefined });
              if (state.kind === 'ready' || state.kind === 'failed') void session.load();
            }}
          >
            <option value="exact">{models.templateExact}</option>
            <option value="mlc">{models.templateMlc}</option>
          </select>
        </div>
        <button
          type="button"
          className="button"
          disabled={state.kind !== 'ready' || isOnly || processorToo || timing !== undefined}
          onClick={() => void compare()}
        >
          {models.compare}
        </button>
      </div>
      <p id={`${field}-note`} className="note" role="status">
        {timing
          ? models.comparing(models.engineNames[timing])
          : isOnly
            ? models.onlyEngine
            : processorToo
              ? words.processorToo
              : models.compareNote}
      </p>
      {result && Object.keys(result).length === 0 && <p>{models.compareNone}</p>}
      {error && <Problem code={error.code} message={error.message} />}
    </section>
  );
}

function ComparisonTable({ figures }: { readonly figures: Comparison }) {
  const { texts } = useApp();
  const { models, language } = texts;
  const rows = engineNames.flatMap((name) => {
    const timing = figures[name];
    return timing ? [{ name, timing }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <ScrollTable
      labelledBy="engine-title"
      className="table"
      columns={[models.engineColumn, models.ttft, models.decode]}
    >
      {rows.map(({ name, timing }) => (
        <tr key={name}>
          <th scope="row">{models.engineNames[name]}</th>
          <td>{formatSeconds(timing.ttft_ms, language)}</td>
          <td>{formatRate(timing.decode_tokens_per_s, language)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
