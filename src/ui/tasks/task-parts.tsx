// What every task's page shares: the way back, the honest word about the small model, choosing a document, how a job stands.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { isAbort } from '../../base/errors';
import type { DocumentRef } from '../../chat/conversation';
import { acceptedFiles } from '../../documents/read/kind';
import type { Reading, ShelfState } from '../../documents/shelf';
import type { Job, JobKind } from '../../tasks/job';
import type { DeskState } from '../../tasks/task-desk';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';
import { Problem } from '../common/problem';
import { chatHref, pageHref } from '../common/route';
import { ReadingChip } from '../documents/attach-file';
import { builtInModel } from '../models/model-view';
import { takeFile } from './dropped-file';
import { questionOf, taskHref, type TaskName } from './task-words';

export function TaskHead({ name }: { readonly name: TaskName }) {
  const { texts } = useApp();
  return (
    <>
      <p>
        <a className="back-link" href={pageHref('tasks')}>
          <Icon name="left" />
          {texts.tasks.back}
        </a>
      </p>
      <h1 id="task-title">{texts.tasks.names[name]}</h1>
      <p className="lead">{texts.tasks.leads[name]}</p>
    </>
  );
}

export function useIsTiny(): boolean {
  const { session } = useApp();
  return useStore(session, (state) => state.model === builtInModel);
}

export function BeyondTiny() {
  const { texts } = useApp();
  if (!useIsTiny()) return null;
  return (
    <div className="remark task-note">
      <p>{texts.tasks.tiny}</p>
      <a className="button button-link" href={pageHref('models')}>
        {texts.tasks.chooseModel}
      </a>
    </div>
  );
}

export function StartButton({ disabled, label }: { readonly disabled: boolean; readonly label?: string }) {
  const { texts } = useApp();
  const tiny = useIsTiny() && label === undefined;
  return (
    <button type="submit" className={tiny ? 'button' : 'button button-primary'} disabled={disabled}>
      {label ?? (tiny ? texts.tasks.startTiny : texts.tasks.start)}
    </button>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A few exclusive choices, all in sight. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-options">
        {(Object.keys(options) as T[]).map((option) => (
          <label key={option} className="choice-option">
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <span>{options[option]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const shelfState = (state: ShelfState): ShelfState => state;

interface DocumentChoiceProps {
  readonly value: DocumentRef | undefined;
  readonly onChange: (document: DocumentRef | undefined) => void;
}

/** One of the documents on this device, or a new file. */
export function DocumentChoice({ value, onChange }: DocumentChoiceProps) {
  const { shelf, texts } = useApp();
  const { documents, readings } = useStore(shelf, shelfState);
  const [mine, setMine] = useState<number | undefined>(undefined);
  /** The person has chosen, maybe none. */
  const [touched, setTouched] = useState(false);
  const id = useId();
  useEffect(() => void shelf.refresh(), [shelf]);
  const reading: Reading | undefined = readings.find((one) => one.id === mine);
  const only = documents?.length === 1 ? documents[0] : undefined;
  // With a single document there is nothing to choose.
  const chosen = value ?? (touched ? undefined : only && { id: only.id, name: only.name });
  useEffect(() => {
    if (chosen && chosen.id !== value?.id) onChange(chosen);
  });
  const add = (file: File | undefined): void => {
    if (!file) return;
    shelf.add(file, setMine).then(onChange, (thrown: unknown) => {
      // Told by the chip.
      if (!isAbort(thrown)) console.info('A file could not be read.', thrown);
    });
  };
  const latest = useRef(add);
  useEffect(() => {
    latest.current = add;
  });
  useEffect(() => latest.current(takeFile()), []);
  return (
    <div className="field">
      <label htmlFor={id}>{texts.tasks.document}</label>
      <div className="document-choice">
        <select
          id={id}
          value={chosen?.id ?? ''}
          disabled={!documents || documents.length === 0}
          onChange={(event) => {
            setTouched(true);
            const record = documents?.find((one) => one.id === event.target.value);
            onChange(record && { id: record.id, name: record.name });
          }}
        >
          <option value="">
            {documents?.length === 0 ? texts.tasks.noDocuments : texts.tasks.chooseDocument}
          </option>
          {documents?.map((record) => (
            <option key={record.id} value={record.id}>
              {record.name}
            </option>
          ))}
        </select>
        <label className="button button-link file-button">
          {texts.tasks.addDocument}
          <input
            type="file"
            accept={acceptedFiles}
            className="hidden"
            onChange={(event) => {
              add(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      {reading && (
        <ul className="file-chips">
          <ReadingChip reading={reading} onDismiss={() => shelf.dismiss(reading.id)} />
        </ul>
      )}
    </div>
  );
}

const jobsOf = (state: DeskState): readonly Job[] => state.jobs ?? noJobs;
const noJobs: readonly Job[] = [];

/** The job of that id and kind, once it is known. */
export function useJob<K extends JobKind>(kind: K, id: string | undefined): (Job & { kind: K }) | undefined {
  const { desk } = useApp();
  const jobs = useStore(desk, jobsOf);
  return jobs.find((job): job is Job & { kind: K } => job.id === id && job.kind === kind);
}

/** What is being written for this job at the moment. */
export function useLiveText(id: string): string {
  const { desk } = useApp();
  return useStore(desk, ({ live }) => (live?.id === id ? live.text : ''));
}

interface JobBarProps {
  readonly job: Job;
  /** 0 to 1, where it is known. */
  readonly fraction?: number | undefined;
  readonly state?: string | undefined;
  readonly children?: ReactNode;
}

/** How a job stands, and what can be done about it. */
export function JobBar({ job, fraction, state, children }: JobBarProps) {
  const { chat, desk, texts } = useApp();
  const { status, chatId } = job;
  const words = texts.tasks;
  return (
    <div className="job-bar">
      {status.kind === 'running' && (
        <>
          <p role="status">
            {words.running}
            {state !== undefined && ` · ${state}`}
          </p>
          <progress
            aria-label={questionOf(job, texts)}
            {...(fraction === undefined ? {} : { value: fraction })}
          />
          <button type="button" className="button" onClick={() => desk.stop()}>
            {words.stop}
          </button>
        </>
      )}
      {status.kind === 'paused' && (
        <>
          <p role="status">{words.paused}</p>
          <button type="button" className="button button-primary" onClick={() => desk.resume(job.id)}>
            {words.resume}
          </button>
        </>
      )}
      {status.kind === 'failed' && (
        <Problem code={status.code} message={status.message}>
          <p>
            <button type="button" className="button" onClick={() => desk.resume(job.id)}>
              {words.resume}
            </button>
          </p>
        </Problem>
      )}
      {status.kind === 'done' && (
        <p className="links">
          {chatId !== undefined && chat.getState().conversations.has(chatId) && (
            <a className="button button-link" href={chatHref(chatId)}>
              {words.openChat}
            </a>
          )}
          {children}
        </p>
      )}
    </div>
  );
}

/** Jobs of this kind, newest first. */
export function EarlierJobs({ kind, shown }: { readonly kind: JobKind; readonly shown: string | undefined }) {
  const { desk, texts } = useApp();
  const jobs = useStore(desk, jobsOf).filter((job) => job.kind === kind && job.id !== shown);
  if (jobs.length === 0) return null;
  const date = new Intl.DateTimeFormat(texts.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section aria-labelledby="earlier-title">
      <h2 id="earlier-title">{texts.tasks.earlier}</h2>
      <ul className="job-list">
        {jobs.map((job) => (
          <li key={job.id}>
            <a href={taskHref(kind, job.id)}>{questionOf(job, texts)}</a>
            <span className="note">{date.format(job.createdAt)}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={`${texts.tasks.remove}: ${questionOf(job, texts)}`}
              title={texts.tasks.remove}
              onClick={() => void desk.remove(job.id)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
