// Times the loaded model on this device and shows the figures, as a table, a chart and a file.
import { useEffect, useRef, useState } from 'react';
import { toAppError, type AppError } from '../base/errors';
import { runBenchmark, withComparison, type BenchmarkReport, type BenchmarkRow } from '../chat/benchmark';
import type { ModelState } from '../chat/model-session';
import type { Comparison, LoadedModel } from '../protocol/rpc';
import { useApp, useStore } from './app-context';
import { BarChart } from './bar-chart';
import { ComparisonTable, useComparison } from './engine-section';
import { formatCount, formatRate, formatSeconds } from './format';
import { ModelBar } from './load-view';
import { adapterName, isSoftware, modelName } from './model-view';
import { Problem } from './problem';

const whole = (state: ModelState): ModelState => state;

export function BenchmarkPage() {
  const { chat, session, texts } = useApp();
  const { benchmark } = texts;
  const state = useStore(session, whole);
  const answering = useStore(chat, ({ run }) => run.state === 'running');
  /** What the figures on show are of; it may be loading again by now. */
  const [measured, setMeasured] = useState<LoadedModel | undefined>(undefined);
  const [rows, setRows] = useState<readonly BenchmarkRow[]>([]);
  const [report, setReport] = useState<BenchmarkReport | undefined>(undefined);
  const [comparison, setComparison] = useState<Comparison | undefined>(undefined);
  const [error, setError] = useState<AppError | undefined>(undefined);
  const [running, setRunning] = useState<AbortController | undefined>(undefined);
  const compared = useComparison();
  const live = useRef<AbortController | undefined>(undefined);
  // Whoever leaves the page wants the model back.
  useEffect(() => () => live.current?.abort(), []);

  const run = async (info: LoadedModel): Promise<void> => {
    const controller = new AbortController();
    live.current = controller;
    setRunning(controller);
    setMeasured(info);
    setRows([]);
    setReport(undefined);
    setError(undefined);
    try {
      const client = await session.whenReady(controller.signal);
      const finished = await runBenchmark(client, info, {
        signal: controller.signal,
        onRow: (row) => setRows((before) => [...before, row]),
      });
      setReport(finished);
    } catch (thrown) {
      const failure = toAppError(thrown);
      if (failure.code !== 'run/aborted') setError(failure);
    } finally {
      setRunning(undefined);
    }
  };

  const info = state.kind === 'ready' ? state.info : undefined;
  const shown = info ?? measured;
  const busy = running !== undefined || compared.timing !== undefined;
  const isOnly = info?.choice.why === 'only-one';
  return (
    <section className="page-body" aria-labelledby="benchmark-title">
      <h1 id="benchmark-title">{benchmark.title}</h1>
      <p className="lead">{benchmark.lead}</p>
      <ModelBar />
      {shown && (
        <p>
          {benchmark.on(
            modelName(shown.id),
            texts.models.engineNames[shown.engine],
            adapterName(shown.adapter, texts),
          )}
        </p>
      )}
      {shown && isSoftware(shown.adapter) && <p className="problem-first">{benchmark.softwareNote}</p>}
      <p className="links">
        {running ? (
          <button type="button" className="button" onClick={() => running.abort()}>
            {benchmark.stop}
          </button>
        ) : (
          <button
            type="button"
            className="button button-primary"
            disabled={!info || answering || busy}
            onClick={() => info && void run(info)}
          >
            {benchmark.run}
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={!info || isOnly || answering || busy}
          onClick={() => {
            setMeasured(info);
            void compared.compare().then(setComparison);
          }}
        >
          {texts.models.compare}
        </button>
      </p>
      <p className="note" role="status">
        {running
          ? benchmark.running
          : compared.timing
            ? texts.models.comparing(texts.models.engineNames[compared.timing])
            : !info
              ? benchmark.notReady
              : answering
                ? benchmark.chatBusy
                : isOnly
                  ? texts.models.onlyEngine
                  : ''}
      </p>
      {(error ?? compared.error) && <BenchmarkProblem error={error ?? compared.error} />}
      {rows.length > 0 && <Rows rows={rows} />}
      {comparison && <ComparisonTable figures={comparison} />}
      <Chart rows={rows} comparison={comparison} />
      {report && (
        <p>
          <button
            type="button"
            className="button"
            onClick={() => saveJson(withComparison(report, comparison))}
          >
            {benchmark.export}
          </button>
        </p>
      )}
    </section>
  );
}

function BenchmarkProblem({ error }: { readonly error: AppError | undefined }) {
  return error ? <Problem code={error.code} message={error.message} /> : null;
}

function Rows({ rows }: { readonly rows: readonly BenchmarkRow[] }) {
  const { texts } = useApp();
  const { benchmark, language } = texts;
  const { columns } = benchmark;
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{columns.prompt}</th>
            <th scope="col">{columns.promptTokens}</th>
            <th scope="col">{columns.ttft}</th>
            <th scope="col">{columns.prefill}</th>
            <th scope="col">{columns.decode}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ prompt, usage }) => (
            <tr key={prompt}>
              <th scope="row">{benchmark.prompts[prompt]}</th>
              <td>{formatCount(usage.prompt_tokens, language)}</td>
              <td>{formatSeconds(usage.ttft_ms, language)}</td>
              <td>{formatRate(usage.prefill_tokens_per_s, language)}</td>
              <td>{formatRate(usage.decode_tokens_per_s, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ChartProps {
  readonly rows: readonly BenchmarkRow[];
  readonly comparison: Comparison | undefined;
}

function Chart({ rows, comparison }: ChartProps) {
  const { texts } = useApp();
  const { benchmark, models, language } = texts;
  const bars = [
    ...rows.map(({ prompt, usage }) => ({
      label: benchmark.prompts[prompt],
      value: usage.decode_tokens_per_s,
    })),
    ...(['wgsl', 'webllm'] as const).flatMap((name) => {
      const timing = comparison?.[name];
      return timing ? [{ label: models.engineNames[name], value: timing.decode_tokens_per_s }] : [];
    }),
  ];
  if (bars.length === 0) return null;
  return (
    <BarChart
      title={benchmark.chart}
      bars={bars.map(({ label, value }) => ({ label, value, text: formatRate(value, language) }))}
    />
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
