// Extract: fields in, a table out, each value with the passage it comes from.
import { useState } from 'react';
import type { DocumentRef } from '../../chat/conversation';
import type { ExtractJob } from '../../tasks/job';
import { asCsv, asJson } from '../../tasks/table-files';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { saveFile } from '../common/save-file';
import { ScrollTable } from '../common/scroll-table';
import { documentHref, placeOf } from '../documents/document-words';
import { BeyondTiny, DocumentChoice, EarlierJobs, JobBar, StartButton, TaskHead, useJob } from './task-parts';
import { taskHref } from './task-words';

const mostFields = 20;

export function ExtractPage({ shown }: { readonly shown: string | undefined }) {
  const { desk, texts } = useApp();
  const job = useJob('extract', shown);
  const [document, setDocument] = useState<DocumentRef | undefined>(undefined);
  const [fields, setFields] = useState('');
  const words = texts.tasks;
  return (
    <>
      <TaskHead name="extract" />
      {job ? (
        <ExtractView job={job} />
      ) : (
        <>
          <BeyondTiny />
          <form
            className="task-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!document) return;
              const names = fields.split(/[\n;]/).map((field) => field.trim().slice(0, 80));
              const wanted = [...new Set(names.filter((name) => name !== ''))].slice(0, mostFields);
              const id = desk.start({ kind: 'extract', document, fields: wanted, parts: [], values: [] });
              location.hash = taskHref('extract', id);
            }}
          >
            <DocumentChoice value={document} onChange={setDocument} />
            <div className="field">
              <label htmlFor="extract-fields">{words.fieldsLabel}</label>
              <textarea
                id="extract-fields"
                rows={4}
                value={fields}
                aria-describedby="extract-hint"
                onChange={(event) => setFields(event.target.value)}
              />
              <p id="extract-hint" className="note">
                {words.fieldsHint}
              </p>
            </div>
            <StartButton disabled={!document} />
          </form>
        </>
      )}
      <EarlierJobs kind="extract" shown={shown} />
    </>
  );
}

function ExtractView({ job }: { readonly job: ExtractJob }) {
  const { texts } = useApp();
  const { language } = texts;
  const words = texts.tasks;
  const done = job.parts.filter(({ state }) => state !== 'waiting').length;
  const unusable = job.parts.filter(({ state }) => state === 'unusable').length;
  return (
    <>
      <p className="note">
        <a href={documentHref(job.document.id)}>{job.document.name}</a> ·{' '}
        {job.fields.length > 0 ? job.fields.join(', ') : words.insights}
      </p>
      <JobBar
        job={job}
        fraction={job.parts.length === 0 ? undefined : done / job.parts.length}
        state={
          job.parts.length === 0
            ? words.waiting
            : words.partOf(
                formatCount(Math.min(done + 1, job.parts.length), language),
                formatCount(job.parts.length, language),
              )
        }
      >
        {job.values.length > 0 && (
          <>
            <button type="button" className="button" onClick={() => saveFile(asCsv(job))}>
              {words.csv}
            </button>
            <button type="button" className="button" onClick={() => saveFile(asJson(job))}>
              {words.json}
            </button>
          </>
        )}
      </JobBar>
      {job.values.length > 0 && (
        <ScrollTable
          label={words.result}
          className="text-table sourced"
          columns={[words.field, words.value, words.from]}
        >
          {job.values.map((value, at) => (
            <tr key={at}>
              <th scope="row" dir="auto">
                {value.field}
              </th>
              <td dir="auto">
                {value.value}
                {!value.verbatim && <span className="badge badge-warning">{words.notVerbatim}</span>}
              </td>
              <td>
                <a href={documentHref(job.document.id, value.passage)}>
                  {placeOf(value, texts) || words.passage(formatCount(value.passage + 1, language))}
                </a>
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
      {job.status.kind === 'done' && job.values.length === 0 && <p>{words.nothingFound}</p>}
      {unusable > 0 && <p className="note">{words.unusable(unusable, formatCount(unusable, language))}</p>}
    </>
  );
}
