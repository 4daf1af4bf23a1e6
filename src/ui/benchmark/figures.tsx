// What a benchmark measured: how much faster our engine is, then the figures themselves, a chart, and a file.
import { Fragment } from 'react';
import type { AppError } from '../../base/errors';
import type {
  Bandwidth,
  BenchmarkReport,
  BenchmarkRow,
  ComputesOn,
  Contestant,
} from '../../protocol/benchmark';
import type { KernelChoice } from '../../protocol/chat';
import type { LoadedModel } from '../../protocol/rpc';
import { useApp } from '../app-context';
import { formatBytes, formatCount, formatRate, formatSeconds } from '../common/format';
import { Problem } from '../common/problem';
import { saveFile } from '../common/save-file';
import { ScrollTable } from '../common/scroll-table';
import { adapterName, isSoftware } from '../models/model-view';
import { benchmarkWords } from '../texts/benchmark-words';
import type { Texts } from '../texts/en';
import { BarChart } from './bar-chart';

export interface FiguresProps {
  readonly info: LoadedModel;
  readonly bandwidth?: Bandwidth;
  readonly rows: readonly BenchmarkRow[];
  readonly report?: BenchmarkReport;
  readonly error?: AppError;
}

export function Figures({ info, bandwidth, rows, report, error }: FiguresProps) {
  const { texts } = useApp();
  const { language } = texts;
  const words = benchmarkWords(language);
  const weights = report?.weightBytesPerToken ?? info.weightBytesPerToken;
  const guessed = rows.reduce((sum, { guessedTokens }) => sum + guessedTokens, 0);
  return (
    <>
      {error && <Problem code={error.code} message={error.message} />}
      <Ratios rows={rows} />
      {bandwidth && (
        <p>
          {words.memory(`${formatBytes(bandwidth.bytesPerSecond, language)}/s`)}
          {weights &&
            ` ${words.limit(
              formatBytes(weights, language),
              formatRate(bandwidth.bytesPerSecond / weights, language),
            )}`}
        </p>
      )}
      {rows.length > 0 && <Rows rows={rows} />}
      {guessed > 0 && <p className="note">{words.guessed(guessed)}</p>}
      {report?.failures.map(({ engine, code, message }) => (
        <p key={engine} className="note">
          {words.failed(nameOf(engine, texts), message)} ({code})
        </p>
      ))}
      {rows.length > 0 && (
        <BarChart
          title={words.chart}
          bars={rows.map(({ engine, prompt, decodeTokensPerS: value, roofFraction }) => ({
            label: `${words.prompts[prompt]}, ${nameOf(engine, texts)}`,
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
            {words.export}
          </button>
        </p>
      )}
    </>
  );
}

export function nameOf(engine: Contestant, { language, models }: Texts): string {
  return engine === 'wllama-gpu' ? benchmarkWords(language).llamaCppOnGpu : models.engineNames[engine];
}

/** A software adapter is named as one. */
function placeOf(on: ComputesOn, texts: Texts): string {
  const words = benchmarkWords(texts.language);
  if ('threads' in on) return words.processor(words.threads(on.threads));
  const name = adapterName(on.adapter, texts);
  return isSoftware(on.adapter) ? words.software(name) : name;
}

function Kernels({ kernels: { ways, from, tuningMs = 0 } }: { readonly kernels: KernelChoice }) {
  const { language } = useApp().texts;
  const words = benchmarkWords(language);
  return (
    <details className="technical">
      <summary>
        {from === 'default' ? words.kernelsUsual : words.kernelsChosen(formatSeconds(tuningMs, language))}
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

const prompts = ['short', 'long'] as const;
const speeds = { reading: 'prefillTokensPerS', writing: 'decodeTokensPerS' } as const;
const does = ['reading', 'writing'] as const;

/** Our engine against each other one, in turn on the same bytes: what the figures are for. */
function Ratios({ rows }: { readonly rows: readonly BenchmarkRow[] }) {
  const { texts } = useApp();
  const { language } = texts;
  const words = benchmarkWords(language);
  const others = [...new Set(rows.map(({ engine }) => engine))].filter((engine) => engine !== 'wgsl');
  const columns = prompts.flatMap((prompt) => does.map((what) => ({ prompt, what })));
  const ratio = (other: Contestant, { prompt, what }: (typeof columns)[number]): string => {
    const rate = (of: Contestant): number =>
      rows.find(({ engine, prompt: its }) => engine === of && its === prompt)?.[speeds[what]] ?? 0;
    const [ours, theirs] = [rate('wgsl'), rate(other)];
    if (!(ours > 0 && theirs > 0)) return '–';
    const times = ours / theirs;
    return `${times.toLocaleString(language, { maximumFractionDigits: times < 10 ? 2 : 0 })} ×`;
  };
  if (others.length === 0 || !rows.some(({ engine }) => engine === 'wgsl')) return null;
  return (
    <>
      <h2>{words.ratios}</h2>
      <ScrollTable
        label={words.ratios}
        className="table"
        columns={[
          words.comparedWith,
          ...columns.map(({ prompt, what }) => words.ratioOf(words.prompts[prompt], words[what])),
        ]}
      >
        {others.map((other) => (
          <tr key={other}>
            <th scope="row">{nameOf(other, texts)}</th>
            {columns.map((column) => (
              <td key={`${column.prompt}/${column.what}`}>{ratio(other, column)}</td>
            ))}
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly BenchmarkRow[] }) {
  const { texts } = useApp();
  const { language } = texts;
  const words = benchmarkWords(language);
  const { columns } = words;
  return (
    <ScrollTable
      label={words.figures}
      className="table"
      columns={[
        columns.engine,
        columns.prompt,
        columns.prefill,
        columns.decode,
        columns.roof,
        columns.ttft,
        columns.promptTokens,
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.engine}/${row.prompt}`}>
          <th scope="row">
            {nameOf(row.engine, texts)}
            <span className="row-note">{placeOf(row.on, texts)}</span>
          </th>
          <td>{words.prompts[row.prompt]}</td>
          <td>{formatRate(row.prefillTokensPerS, language)}</td>
          <td>{formatRate(row.decodeTokensPerS, language)}</td>
          <td>{row.roofFraction === undefined ? '–' : share(row.roofFraction, language)}</td>
          <td>{formatSeconds(row.ttftMs, language)}</td>
          <td>{formatCount(row.promptTokens, language)}</td>
        </tr>
      ))}
    </ScrollTable>
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
  saveFile({
    name: `phield-benchmark-${report.at.slice(0, 19).replaceAll(':', '')}.json`,
    type: 'application/json',
    text: JSON.stringify(report, undefined, 2),
  });
}
