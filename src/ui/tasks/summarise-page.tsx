// Summarise: a form, then the job with its parts, each to be opened and compared with the document.
import { useEffect, useState } from 'react';
import type { DocumentRef } from '../../chat/conversation';
import type { Audience, SummaryJob, SummaryLength } from '../../tasks/job';
import { summaryOf } from '../../tasks/job';
import { partsOf } from '../../tasks/summarise';
import { useApp } from '../app-context';
import { CopyButton } from '../common/copy-button';
import { formatCount } from '../common/format';
import { documentHref } from '../documents/document-words';
import {
  BeyondTiny,
  Choice,
  DocumentChoice,
  EarlierJobs,
  JobBar,
  StartButton,
  TaskHead,
  useJob,
  useLiveText,
} from './task-parts';
import { taskHref } from './task-words';

export function SummarisePage({ shown }: { readonly shown: string | undefined }) {
  const { desk, texts } = useApp();
  const job = useJob('summarise', shown);
  const [document, setDocument] = useState<DocumentRef | undefined>(undefined);
  const [length, setLength] = useState<SummaryLength>('medium');
  const [audience, setAudience] = useState<Audience>('everyone');
  const isCut = job?.status.kind === 'paused';
  // A reload in the middle goes on by itself; one that was stopped by hand waits for Resume.
  useEffect(() => {
    if (shown !== undefined && isCut && !desk.getState().live && sessionStorageSays(shown))
      desk.resume(shown);
  }, [desk, shown, isCut]);
  const words = texts.tasks;
  return (
    <>
      <TaskHead name="summarise" />
      {job ? (
        <SummaryView job={job} />
      ) : (
        <>
          <BeyondTiny />
          <form
            className="task-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!document) return;
              const id = desk.start({ kind: 'summarise', document, length, audience, parts: [] });
              noteRunning(id);
              location.hash = taskHref('summarise', id);
            }}
          >
            <DocumentChoice value={document} onChange={setDocument} />
            <Choice label={words.lengthLabel} options={words.lengths} value={length} onChange={setLength} />
            <Choice
              label={words.audienceLabel}
              options={words.audiences}
              value={audience}
              onChange={setAudience}
            />
            <StartButton disabled={!document} />
          </form>
        </>
      )}
      <EarlierJobs kind="summarise" shown={shown} />
    </>
  );
}

/** That this tab was running the job: what it finds paused after a reload was not stopped by hand. */
const runningKey = 'phield-running-task';

function noteRunning(id: string): void {
  try {
    sessionStorage.setItem(runningKey, id);
  } catch {
    // Forbidden: Resume does the same by hand.
  }
}

function sessionStorageSays(id: string): boolean {
  try {
    const is = sessionStorage.getItem(runningKey) === id;
    sessionStorage.removeItem(runningKey);
    return is;
  } catch {
    return false;
  }
}

function SummaryView({ job }: { readonly job: SummaryJob }) {
  const { texts } = useApp();
  const live = useLiveText(job.id);
  const { language } = texts;
  const words = texts.tasks;
  const done = job.parts.filter(({ text }) => text !== undefined).length;
  const total = job.parts.length + (job.parts.some(({ final }) => final) ? 0 : 1);
  const summary = summaryOf(job);
  const writesLast =
    job.status.kind === 'running' && job.parts.some((part) => part.final && part.text === undefined);
  useEffect(() => {
    if (job.status.kind === 'running') noteRunning(job.id);
  }, [job.id, job.status.kind]);
  return (
    <>
      <p className="note">
        <a href={documentHref(job.document.id)}>{job.document.name}</a> · {words.lengths[job.length]} ·{' '}
        {words.audiences[job.audience]}
      </p>
      <JobBar
        job={job}
        fraction={job.parts.length === 0 ? undefined : done / total}
        state={
          job.parts.length === 0
            ? words.waiting
            : words.partOf(formatCount(Math.min(done + 1, total), language), formatCount(total, language))
        }
      >
        <CopyButton label={texts.copyMessage} text={() => summary ?? ''} />
      </JobBar>
      {(summary !== undefined || writesLast) && (
        <section className="task-result" aria-labelledby="result-title">
          <h2 id="result-title">{words.result}</h2>
          <div className="prose">
            <p className="plain" dir="auto">
              {summary ?? live}
            </p>
          </div>
        </section>
      )}
      {job.parts.length > 1 && (
        <section aria-labelledby="parts-title">
          <h2 id="parts-title">{words.parts}</h2>
          <ul className="part-list">
            {job.parts.map((part, at) => {
              if (part.final) return null;
              const number = formatCount(partsOf(job, part.level).indexOf(part) + 1, language);
              const isNext = job.parts.findIndex(({ text }) => text === undefined) === at;
              const text = part.text ?? (isNext && job.status.kind === 'running' ? live : '');
              return (
                <li key={`${part.level}/${part.from}`}>
                  <details>
                    <summary>
                      {part.level === 0 ? words.part(number) : words.partOfParts(number)}
                      {part.text !== undefined && <span aria-hidden="true"> ✓</span>}
                    </summary>
                    <p className="plain" dir="auto">
                      {text === '' ? words.waiting : text}
                    </p>
                    {part.level === 0 && (
                      <p>
                        <a href={documentHref(job.document.id, part.from)}>{words.source}</a>
                      </p>
                    )}
                  </details>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </>
  );
}
