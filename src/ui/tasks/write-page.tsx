// Write: notes in, three versions side by side; the one that is taken goes on as a chat.
import { useState } from 'react';
import { variantCount, type Tone, type WriteForm, type WriteJob, type WriteLength } from '../../tasks/job';
import { useApp } from '../app-context';
import { CopyButton } from '../common/copy-button';
import { formatCount } from '../common/format';
import { chatHref } from '../common/route';
import {
  BeyondTiny,
  Choice,
  EarlierJobs,
  JobBar,
  StartButton,
  TaskHead,
  useJob,
  useLiveText,
} from './task-parts';
import { taskHref } from './task-words';

export function WritePage({ shown }: { readonly shown: string | undefined }) {
  const { desk, texts } = useApp();
  const job = useJob('write', shown);
  const [form, setForm] = useState<WriteForm>('product');
  const [tone, setTone] = useState<Tone>('friendly');
  const [length, setLength] = useState<WriteLength>('medium');
  const [brief, setBrief] = useState('');
  const words = texts.tasks;
  return (
    <>
      <TaskHead name="write" />
      {job ? (
        <WriteView job={job} />
      ) : (
        <>
          <BeyondTiny />
          <form
            className="task-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (brief.trim() === '') return;
              const { language } = texts;
              const id = desk.start({
                kind: 'write',
                form,
                brief: brief.trim(),
                tone,
                length,
                language,
                variants: [],
              });
              location.hash = taskHref('write', id);
            }}
          >
            <Choice label={words.formLabel} options={words.forms} value={form} onChange={setForm} />
            <div className="field">
              <label htmlFor="write-brief">{words.brief}</label>
              <textarea
                id="write-brief"
                rows={5}
                value={brief}
                maxLength={4000}
                aria-describedby="write-hint"
                onChange={(event) => setBrief(event.target.value)}
              />
              <p id="write-hint" className="note">
                {words.briefHint}
              </p>
            </div>
            <Choice label={words.toneLabel} options={words.tones} value={tone} onChange={setTone} />
            <Choice label={words.lengthLabel} options={words.lengths} value={length} onChange={setLength} />
            <StartButton disabled={brief.trim() === ''} />
          </form>
        </>
      )}
      <EarlierJobs kind="write" shown={shown} />
    </>
  );
}

function WriteView({ job }: { readonly job: WriteJob }) {
  const { chat, texts } = useApp();
  const live = useLiveText(job.id);
  const words = texts.tasks;
  const { variants, status, chatId } = job;
  const running = status.kind === 'running';
  const shown = running && variants.length < variantCount ? [...variants, live] : variants;
  const take = (at: number): void => {
    const conversation = chatId === undefined ? undefined : chat.getState().conversations.get(chatId);
    if (!conversation) return;
    chat.select(conversation.id);
    // Two versions may say the same: the one that was chosen is as far behind in the chat as it is here.
    const alike = variants.slice(0, at).filter((text) => text === variants[at]).length;
    const answers = [...conversation.messages.values()].filter(({ role }) => role === 'assistant');
    const answer = answers.filter(({ text }) => text === variants[at])[alike];
    if (answer) chat.showBranch(answer.id);
    location.hash = chatHref(conversation.id);
  };
  return (
    <>
      <p className="note">
        {words.forms[job.form]} · {words.tones[job.tone]} · {words.lengths[job.length]}
      </p>
      <p className="task-brief" dir="auto">
        {job.brief}
      </p>
      <JobBar
        job={job}
        fraction={variants.length / variantCount}
        state={words.partOf(
          formatCount(Math.min(variants.length + 1, variantCount), texts.language),
          formatCount(variantCount, texts.language),
        )}
      />
      <ul className="variants">
        {shown.map((text, at) => (
          <li
            key={at}
            className="card variant"
            aria-label={words.variant(formatCount(at + 1, texts.language))}
          >
            <h2>{words.variant(formatCount(at + 1, texts.language))}</h2>
            <p className="plain" dir="auto">
              {text === '' ? words.waiting : text}
            </p>
            {at < variants.length && (
              <p className="links">
                {status.kind === 'done' && (
                  <button type="button" className="button" onClick={() => take(at)}>
                    {words.refine}
                  </button>
                )}
                <CopyButton label={words.copyVariant} text={() => text} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
