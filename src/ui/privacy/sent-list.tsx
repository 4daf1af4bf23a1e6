// What has left this device for a larger model: nothing, until a person sends something; then each time, with its host and
// size, and never its words. And how to check that without believing it.
import { type ReactNode } from 'react';
import { questionsIn } from '../../remote/sent';
import type { Remote } from '../../remote/remote';
import { useApp, useStore } from '../app-context';
import { formatCount } from '../common/format';
import { saveFile } from '../common/save-file';
import { useRemote } from '../remote/use-remote';
import { remoteWords } from '../texts/remote-words';

/** The newest stand in sight; the file has all. */
const shownAtMost = 20;

export function SentList(): ReactNode {
  const { remote: access, texts } = useApp();
  const remote = useRemote();
  const words = remoteWords(texts.language).sent;
  if (!access) return null;
  return (
    <>
      {remote && <Entries remote={remote} />}
      <details>
        <summary>{words.prove}</summary>
        <ol>
          {words.proof.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </details>
    </>
  );
}

function Entries({ remote }: { readonly remote: Remote }): ReactNode {
  const { texts } = useApp();
  const { language } = texts;
  const words = remoteWords(language).sent;
  const entries = useStore(remote.sent, (state) => state);
  const questions = questionsIn(entries);
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
  return (
    <>
      <p>
        <strong>{words.count(questions.length, formatCount(questions.length, language))}</strong>
      </p>
      {entries.length > 0 && (
        <>
          <ul className="sent-list">
            {entries
              .slice(-shownAtMost)
              .reverse()
              .map(({ at, host, sentBytes, receivedBytes }, i) => (
                <li key={i}>
                  <time dateTime={new Date(at).toISOString()}>{when.format(at)}</time>{' '}
                  {(sentBytes > 0 ? words.question : words.list)(
                    host,
                    formatCount(sentBytes, language),
                    formatCount(receivedBytes, language),
                  )}
                </li>
              ))}
          </ul>
          <div className="links">
            <button
              type="button"
              className="button"
              onClick={() =>
                saveFile({
                  name: 'phield-sent.json',
                  type: 'application/json',
                  text: `${JSON.stringify({ format: 'phield-sent', version: 1, entries }, null, 2)}\n`,
                })
              }
            >
              {words.export}
            </button>
          </div>
        </>
      )}
    </>
  );
}
