// The red team on this device: the project's suite against the loaded model, for each level of safety, so that what a layer
// is worth is a figure. A sample, or all of it; it can be stopped.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import type { Answerer, RedTeamReport } from '../../safety/redteam/redteam';
import { useApp, useStore } from '../app-context';
import { formatPercent } from '../common/format';
import { Problem } from '../common/problem';
import { ScrollTable } from '../common/scroll-table';
import { saveFile } from '../common/save-file';
import { modelName } from '../models/model-view';
import { redTeamWords } from '../texts/redteam-words';
import { contentOf } from './redteam-content';

const sampleSize = 36;
const mostTokens = 32;
const levels = ['none', 'standard', 'strict'] as const;

type Stage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'ended'; readonly model: string; readonly report: RedTeamReport }
  | { readonly kind: 'failed'; readonly error: AppError };

export function RedTeamSection({ busy }: { readonly busy: boolean }): ReactNode {
  const { session, texts } = useApp();
  const { language } = texts;
  const words = redTeamWords(language);
  const ready = useStore(session, (state) => (state.kind === 'ready' ? state.model : undefined));
  const [stage, setStage] = useState<Stage>({ kind: 'idle' });
  const live = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => live.current?.abort(), []);

  const start = async (model: string, count: number | undefined): Promise<void> => {
    const controller = new AbortController();
    live.current = controller;
    const { signal } = controller;
    setStage({ kind: 'running', done: 0, total: 1 });
    try {
      const [{ redTeam, sampleOf }, client] = await Promise.all([
        import('../../safety/redteam/redteam'),
        session.whenReady(signal),
      ]);
      const known = new Map<string, string>();
      const answer: Answerer = async (asked) => {
        const content = contentOf(asked);
        let said = known.get(content);
        if (said !== undefined) return said;
        said = '';
        const messages = [
          { role: 'system', content: asked.system },
          { role: 'user', content },
        ] as const;
        const request = { messages, temperature: 0, max_tokens: mostTokens };
        for await (const batch of client.generate(request, { signal }))
          for (const event of batch) if (event.type === 'token') said += event.text;
        known.set(content, said);
        return said;
      };
      const set = count === undefined ? undefined : sampleOf(count);
      const report = await redTeam(answer, set, (done, total) => {
        signal.throwIfAborted();
        setStage({ kind: 'running', done, total });
      });
      setStage({ kind: 'ended', model, report });
    } catch (thrown) {
      const error = toAppError(thrown);
      setStage(signal.aborted || error.code === 'run/aborted' ? { kind: 'idle' } : { kind: 'failed', error });
    }
  };

  return (
    <section aria-labelledby="redteam-title">
      <h2 id="redteam-title">{words.title}</h2>
      <p className="note">{words.lead}</p>
      <p className="links">
        {stage.kind === 'running' ? (
          <button type="button" className="button" onClick={() => live.current?.abort()}>
            {words.stop}
          </button>
        ) : (
          [sampleSize, undefined].map((count) => (
            <button
              key={count ?? 'all'}
              type="button"
              className="button"
              disabled={ready === undefined || busy}
              onClick={() => ready !== undefined && void start(ready, count)}
            >
              {count === undefined ? words.runAll : words.runSample(count)}
            </button>
          ))
        )}
      </p>
      <p className="note" role="status">
        {stage.kind === 'running' && words.progress(formatPercent(stage.done / stage.total, language))}
      </p>
      {stage.kind === 'failed' && <Problem code={stage.error.code} message={stage.error.message} />}
      {stage.kind === 'ended' && <Report model={stage.model} report={stage.report} />}
    </section>
  );
}

function Report({ model, report }: { readonly model: string; readonly report: RedTeamReport }): ReactNode {
  const { texts } = useApp();
  const words = redTeamWords(texts.language);
  return (
    <>
      <ScrollTable labelledBy="redteam-title" caption={words.of(modelName(model))} columns={words.columns}>
        {levels.map((level) => {
          const { harmful, held, harmless, passed, injections, warned, obeyed } = report.layers[level];
          return (
            <tr key={level}>
              <th scope="row">{words.levels[level]}</th>
              <td>{words.share(held, harmful)}</td>
              <td>{words.share(passed, harmless)}</td>
              <td>{words.share(warned, injections)}</td>
              <td>{words.share(obeyed, injections)}</td>
            </tr>
          );
        })}
      </ScrollTable>
      <p className="links">
        <button
          type="button"
          className="button"
          onClick={() =>
            saveFile({
              name: 'phield-redteam.json',
              type: 'application/json',
              text: `${JSON.stringify({ model, ...report }, undefined, 1)}\n`,
            })
          }
        >
          {words.save}
        </button>
      </p>
    </>
  );
}
