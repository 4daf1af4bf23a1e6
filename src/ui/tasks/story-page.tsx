// Story: three words, typed or rolled, and a story in which they are marked. What phield-tiny was made for.
import { useState } from 'react';
import { dice, roll } from '../../tasks/dice';
import type { StoryJob } from '../../tasks/job';
import { markWords } from '../../tasks/write';
import { useApp } from '../app-context';
import { CopyButton } from '../common/copy-button';
import { Icon } from '../common/icons';
import { EarlierJobs, JobBar, StartButton, TaskHead, useJob, useLiveText } from './task-parts';
import { taskHref } from './task-words';

const kinds = ['noun', 'verb', 'adjective'] as const;
const lists = ['nouns', 'verbs', 'adjectives'] as const;

export function StoryPage({ shown }: { readonly shown: string | undefined }) {
  const { desk, texts } = useApp();
  const job = useJob('story', shown);
  const language = texts.language === 'pt' ? 'pt' : 'en';
  const lots = dice[language];
  const [words, setWords] = useState<readonly [string, string, string]>(() => [
    roll(lots.nouns, ''),
    roll(lots.verbs, ''),
    roll(lots.adjectives, ''),
  ]);
  const set = (at: number, word: string): void =>
    setWords(([noun, verb, adjective]) => [
      at === 0 ? word : noun,
      at === 1 ? word : verb,
      at === 2 ? word : adjective,
    ]);
  const ready = words.every((word) => word.trim() !== '');
  return (
    <>
      <TaskHead name="story" />
      <form
        className="task-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          const [noun, verb, adjective] = words;
          const id = desk.start({
            kind: 'story',
            words: [noun.trim(), verb.trim(), adjective.trim()],
            language,
            text: '',
          });
          location.hash = taskHref('story', id);
        }}
      >
        <div className="dice">
          {kinds.map((kind, at) => (
            <div key={kind} className={`field die die-${at}`}>
              <label htmlFor={`story-${kind}`}>{texts.tasks[kind]}</label>
              <div className="die-row">
                <input
                  id={`story-${kind}`}
                  value={words[at] ?? ''}
                  maxLength={40}
                  onChange={(event) => set(at, event.target.value)}
                />
                <button
                  type="button"
                  className="icon-button"
                  aria-label={texts.tasks.roll(texts.tasks[kind])}
                  title={texts.tasks.roll(texts.tasks[kind])}
                  onClick={() => set(at, roll(lots[lists[at] ?? 'nouns'], words[at] ?? ''))}
                >
                  <Icon name="dice" />
                </button>
              </div>
            </div>
          ))}
        </div>
        <p className="links">
          <StartButton disabled={!ready} label={texts.tasks.tell} />
          <button
            type="button"
            className="button"
            onClick={() =>
              setWords(([noun, verb, adjective]) => [
                roll(lots.nouns, noun),
                roll(lots.verbs, verb),
                roll(lots.adjectives, adjective),
              ])
            }
          >
            {texts.tasks.rollAll}
          </button>
        </p>
      </form>
      {job && <StoryView job={job} />}
      <EarlierJobs kind="story" shown={shown} />
    </>
  );
}

function StoryView({ job }: { readonly job: StoryJob }) {
  const { texts } = useApp();
  const live = useLiveText(job.id);
  const text = job.text === '' ? live : job.text;
  return (
    <section className="task-result" aria-label={texts.tasks.result}>
      <JobBar job={job} state={text === '' ? texts.tasks.waiting : undefined}>
        <CopyButton label={texts.copyMessage} text={() => job.text} />
      </JobBar>
      {text !== '' && (
        <p className="story plain" dir="auto">
          {markWords(text, job.words).map((piece, at) =>
            piece.word === undefined ? (
              piece.text
            ) : (
              <mark key={at} className={`die-${piece.word}`}>
                {piece.text}
              </mark>
            ),
          )}
        </p>
      )}
    </section>
  );
}
