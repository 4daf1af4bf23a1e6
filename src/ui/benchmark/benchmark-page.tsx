// Measures this device and every engine that can run the loaded model, and shows the figures as a table, a chart and a
// file. What is measured and how, the worker decides.
import { Fragment, useEffect, useRef, useState } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import type { ModelState } from '../../chat/models/model-session';
import type { Bandwidth, BenchmarkEvent, BenchmarkReport, BenchmarkRow } from '../../protocol/benchmark';
import type { KernelChoice } from '../../protocol/chat';
import type { LoadedModel } from '../../protocol/rpc';
import { useApp, useStore } from '../app-context';
import { BarChart } from './bar-chart';
import { RedTeamSection } from './redteam-section';
import { formatBytes, formatCount, formatRate, formatSeconds } from '../common/format';
import { ModelBar } from '../models/load-view';
import { adapterName, isBuiltIn, isSoftware, modelName } from '../models/model-view';
import { Problem } from '../common/problem';

const whole = (state: ModelState): ModelState => state;

/** A run as it stands. */
interface Run {
  readonly info: LoadedModel;
  readonly measuring: (BenchmarkEvent & { readonly type: 'measuring' })['what'] | undefined;
  readonly bandwidth?: Bandwidth;
  readonly rows: readonly BenchmarkRow[];
  readonly report?: BenchmarkReport;
  readonly error?: AppError;
}

export function BenchmarkPage() {
  const { chat, session, library, texts } = useApp();
  const { benchmark, models } = texts;
  const state = useStore(session, whole);
  const answering = useStore(chat, ({ run }) => run.state === 'running');
  const [run, setRun] = useState<Run | undefined>(undefined);
  const live = useRef<AbortController | undefined>(undefined);
  // Whoever leaves the page wants the model back.
  useEffect(() => () => live.current?.abort(), []);

  const [withProcessor, setWithProcessor] = useState(false);
  const start = async (info: LoadedModel): Promise<void> => {
    const controller = new AbortController();
    live.current = controller;
    const change = (what: Partial<Run>): void => setRun((before) => before && { ...before, ...what });
    setRun({ info, measuring: 'bandwidth', rows: [] });
    try {
      const report = await session.benchmark({
        signal: controller.signal,
        ...(withProcessor && { processor: true }),
        onEvent: (event) => setRun((before) => before && withEvent(before, event)),
      });
      change({ report, rows: report.rows });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'run/aborted') change({ error });
    } finally {
      change({ measuring: undefined });
    }
  };

  const info = state.kind === 'ready' ? state.info : undefined;
  // What the figures on show are of; it is loading again meanwhile.
  const shown = run?.info ?? info;
  const running = run?.measuring !== undefined;
  const canRunOnProcessor =
    info !== undefined &&
    info.engine !== 'wllama' &&
    (isBuiltIn(info.id) || /\.gguf\/$/i.test(library.storage.folderOf(info.id) ?? ''));
  return (
    <section className="page-body" aria-labelledby="benchmark-title">
      <h1 id="benchmark-title">{benchmark.title}</h1>
      <p className="lead">{benchmark.lead}</p>
      {!run && <ModelBar />}
      {shown && <p>{benchmark.on(modelName(shown.id), adapterName(shown.adapter, texts))}</p>}
      {shown && isSoftware(shown.adapter) && <p className="remark">{benchmark.softwareNote}</p>}
      <p className="links">
        {running ? (
          <button type="button" className="button" onClick={() => live.current?.abort()}>
            {benchmark.stop}
          </button>
        ) : (
          <button
            type="button"
            className="button button-primary"
            disabled={!info || answering}
            onClick={() => info && void start(info)}
          >
            {benchmark.run}
          </button>
        )}
      </p>
      {canRunOnProcessor && !running && (
        <label className="check">
          <input
            type="checkbox"
            checked={withProcessor}
            onChange={(event) => setWithProcessor(event.target.checked)}
          />
          {benchmark.withProcessor}
        </label>
      )}
      <p className="note" role="status">
        {run?.measuring
          ? run.measuring === 'bandwidth'
            ? benchmark.measuringMemory
            : models.comparing(models.engineNames[run.measuring])
          : !info
            ? benchmark.notReady
            : answering
              ? benchmark.chatBusy
              : info.choice.why === 'only-one'
                ? models.onlyEngine
                : ''}
      </p>
      {run && <Figures run={run} />}
      {/* The model loads again, below what was measured. */}
      {run && !running && <ModelBar />}
      <RedTeamSection busy={running || answering} />
    </section>
  );
}

function withEvent(run: Run, event: BenchmarkEvent): Run {
  switch (event.type) {
    case 'measuring':
      return { ...run, measuring: event.what };
    case 'bandwidth':
      return { ...run, bandwidth: event.bandwidth };
    case 'row': {
      const same = ({ engine, prompt }: BenchmarkRow): boolean =>
        engine === event.row.engine && prompt === event.row.prompt;
      const known = run.rows.some(same);
      const rows = known ? run.rows.map((row) => (same(row) ? event.row : row)) : [...run.rows, event.row];
      return { ...run, rows };
    }
  }
}

function Figures({ run: { info, bandwidth, rows, report, error } }: { readonly run: Run }) {
  const { texts } = useApp();
  const { benchmark, models, language } = texts;
  const weights = report?.weightBytesPerToken ?? info.weightBytesPerToken;
  const guessed = rows.reduce((sum, { guessedTokens }) => sum + guessedTokens, 0);
  return (
    <>
      {error && <Problem code={error.code} message={error.message} />}
      {bandwidth && (
        <p>
          {benchmark.memory(`${formatBytes(bandwidth.bytesPerSecond, language)}/s`)}
          {weights &&
            ` ${benchmark.limit(
              formatBytes(weights, language),
              formatRate(bandwidth.bytesPerSecond / weights, language),
            )}`}
        </p>
      )}
      <Ratios rows={rows} />
      {rows.length > 0 && <Rows rows={rows} />}
      {guessed > 0 && <p className="note">{benchmark.guessed(guessed)}</p>}
      {report?.failures.map(({ engine, code, message }) => (
        <p key={engine} className="note">
          {benchmark.failed(models.engineNames[engine], message)} ({code})
        </p>
      ))}
      {rows.length > 0 && (
        <BarChart
          title={benchmark.chart}
          bars={rows.map(({ engine, prompt, decodeTokensPerS: value, roofFraction }) => ({
            label: `${benchmark.prompts[prompt]}, ${engine}`,
            value,
            text: [
              formatRate(value, language),
              ...(roofFraction ? [share(roofFraction, language)] : []),
            ].join(' · '),
          }))}
        />
      )}
      {report?.kernels && <Kernels kernels={report.kernels} />}
      {report && (
        <p>
          <button type="button" className="button" onClick={() => saveJson(report)}>
            {benchmark.export}
          </button>
        </p>
      )}
    </>
  );
}

function Kernels({ kernels: { ways, from, tuningMs = 0 } }: { readonly kernels: KernelChoice }) {
  const { texts } = useApp();
  const { benchmark, language } = texts;
  return (
    <details className="technical">
      <summary>
        {from === 'default'
          ? benchmark.kernelsUsual
          : benchmark.kernelsChosen(formatSeconds(tuningMs, language))}
      </summary>
      <dl className="kernels">
        {Object.entries(ways).map(([kernel, way]) => (
          <Fragment key={kernel}>
            <dt>{kernel}</dt>
            <dd>{way}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

/** Our engine against each other one, in turn on the same bytes: what the figures are for. */
function Ratios({ rows }: { readonly rows: readonly BenchmarkRow[] }) {
  const { texts } = useApp();
  const { benchmark, models, language } = texts;
  const lines = rows.flatMap((row) => {
    const ours = rows.find(({ engine, prompt }) => engine === 'wgsl' && prompt === row.prompt);
    if (!ours || row.engine === 'wgsl' || !(row.decodeTokensPerS > 0)) return [];
    const ratio = (ours.decodeTokensPerS / row.decodeTokensPerS).toLocaleString(language, {
      maximumFractionDigits: 2,
    });
    return [benchmark.ratio(benchmark.prompts[row.prompt], ratio, models.engineNames[row.engine])];
  });
  if (lines.length === 0) return null;
  return (
    <ul aria-label={benchmark.ratios}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Rows({ rows }: { readonly rows: readonly BenchmarkRow[] }) {
  const { texts } = useApp();
  const { benchmark, models, language } = texts;
  const { columns } = benchmark;
  return (
    <div className="table-scroll" role="region" aria-label={benchmark.title} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{columns.engine}</th>
            <th scope="col">{columns.prompt}</th>
            <th scope="col">{columns.promptTokens}</th>
            <th scope="col">{columns.ttft}</th>
            <th scope="col">{columns.prefill}</th>
            <th scope="col">{columns.decode}</th>
            <th scope="col">{columns.roof}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.engine}/${row.prompt}`}>
              <th scope="row">{models.engineNames[row.engine]}</th>
              <td>{benchmark.prompts[row.prompt]}</td>
              <td>{formatCount(row.promptTokens, language)}</td>
              <td>{formatSeconds(row.ttftMs, language)}</td>
              <td>{formatRate(row.prefillTokensPerS, language)}</td>
              <td>{formatRate(row.decodeTokensPerS, language)}</td>
              <td>{row.roofFraction === undefined ? '–' : share(row.roofFraction, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** May pass 100 %: a small model stays in the GPU's caches. */
function share(fraction: number, language: string): string {
  const digits = fraction < 0.1 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(
    fraction,
  );
}

function saveJson(report: BenchmarkReport): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(report, undefined, 2)], { type: 'application/json' }),
  );
  link.download = `phield-benchmark-${report.at.slice(0, 19).replaceAll(':', '')}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
