// Measures this device and every engine that can run the loaded model, and shows the figures as a table, a chart and a
// file. What is measured and how, the worker decides.
import { useEffect, useRef, useState } from 'react';
import { toAppError } from '../../base/errors';
import type { ModelState } from '../../chat/models/model-session';
import type { BenchmarkEvent, BenchmarkRow } from '../../protocol/benchmark';
import type { LoadedModel } from '../../protocol/rpc';
import { useApp, useStore } from '../app-context';
import { ModelBar } from '../models/load/load-view';
import { adapterName, isSoftware, modelName } from '../models/model-view';
import { runsOnProcessor } from '../models/load/on-processor';
import { benchmarkWords } from '../texts/benchmark-words';
import type { Texts } from '../texts/en';
import { Figures, nameOf, type FiguresProps } from './figures';
import { RedTeamSection } from './redteam-section';

const whole = (state: ModelState): ModelState => state;

/** A run as it stands. */
interface Run extends FiguresProps {
  readonly measuring: (BenchmarkEvent & { readonly type: 'measuring' })['what'] | undefined;
}

export function BenchmarkPage() {
  const { chat, session, library, texts } = useApp();
  const { models } = texts;
  const benchmark = benchmarkWords(texts.language);
  const state = useStore(session, whole);
  const answering = useStore(chat, ({ run }) => run.state === 'running');
  const [run, setRun] = useState<Run | undefined>(undefined);
  const live = useRef<AbortController | undefined>(undefined);
  // Whoever leaves the page wants the model back.
  useEffect(() => () => live.current?.abort(), []);

  const [withLlamaCpp, setWithLlamaCpp] = useState(false);
  const start = async (info: LoadedModel): Promise<void> => {
    const controller = new AbortController();
    live.current = controller;
    const change = (what: Partial<Run>): void => setRun((before) => before && { ...before, ...what });
    setRun({ info, measuring: 'bandwidth', rows: [] });
    try {
      const report = await session.benchmark({
        signal: controller.signal,
        ...(withLlamaCpp && { llamaCpp: true }),
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
  const suitsLlamaCpp = info !== undefined && runsOnProcessor(library.storage, info.id);
  return (
    <section className="page-body" aria-labelledby="benchmark-title">
      <h1 id="benchmark-title">{texts.benchmark.title}</h1>
      <p className="lead">{benchmark.lead}</p>
      {!run && <ModelBar />}
      {shown && <p>{setup(shown, texts)}</p>}
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
      {suitsLlamaCpp && !running && (
        <label className="check">
          <input
            type="checkbox"
            checked={withLlamaCpp}
            onChange={(event) => setWithLlamaCpp(event.target.checked)}
          />
          {benchmark.withLlamaCpp}
        </label>
      )}
      <p className="note" role="status">
        {run?.measuring
          ? run.measuring === 'bandwidth'
            ? benchmark.measuringMemory
            : models.comparing(nameOf(run.measuring, texts))
          : !info
            ? benchmark.notReady
            : answering
              ? benchmark.chatBusy
              : info.choice.why === 'only-one' && !suitsLlamaCpp
                ? models.onlyEngine
                : ''}
      </p>
      {run && <Figures {...run} />}
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

/** The model, and what it runs on. */
function setup({ id, adapter, processor }: LoadedModel, texts: Texts): string {
  const words = benchmarkWords(texts.language);
  const name = modelName(id);
  return processor
    ? words.onProcessor(name, words.threads(processor.threads))
    : words.on(name, adapterName(adapter, texts));
}
