// What belongs to the person, out of the app and back into it: a backup of everything but weights, all chats to be
// read, and files of chats from here or from ChatGPT. Taking in merges: nothing that is here is lost.
import { useId, useState } from 'react';
import { AppError, toAppError } from '../../base/errors';
import { asBackup, asMarkdownOfAll } from '../../chat/saved/export';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { Problem } from '../common/problem';
import { saveFile } from '../common/save-file';
import { modelName } from '../models/model-view';

type Outcome =
  | { readonly kind: 'none' | 'working' }
  | {
      readonly kind: 'done';
      readonly chats: number;
      readonly personas: number;
      readonly documents: number;
      readonly prompts: number;
      readonly unreadable: number;
    }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Of chats that are taken in at once, so that the page stays free. */
const portion = 200;

export function DataSection() {
  const { chat, personas, prompts, readAllChats, settings, shelf, texts } = useApp();
  const { data } = texts;
  const field = useId();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });

  const attempt = (work: () => Promise<Outcome>): void => {
    setOutcome({ kind: 'working' });
    work().then(setOutcome, (thrown: unknown) => setOutcome({ kind: 'failed', error: toAppError(thrown) }));
  };
  const backUp = async (): Promise<Outcome> => {
    const rest = {
      settings: settings.getState().settings,
      prompts: prompts.getState(),
      documents: await shelf.readAll(),
    };
    saveFile(asBackup(await readAllChats(), personas.getState().personas, new Date(), rest));
    return { kind: 'none' };
  };
  const exportAll = async (): Promise<Outcome> => {
    const words = { you: texts.you, picture: texts.attachedPicture, model: modelName };
    saveFile(asMarkdownOfAll(await readAllChats(), words, new Date()));
    return { kind: 'none' };
  };
  const takeIn = async (file: File): Promise<Outcome> => {
    const { mostFileBytes, readChatFile } = await import('../../chat/saved/import');
    if (file.size > mostFileBytes)
      throw new AppError(
        'chats/too-large',
        `The file has ${file.size} bytes; ${mostFileBytes} are read at most.`,
      );
    const found = readChatFile(await file.text());
    for (let at = 0; at < found.conversations.length; at += portion) {
      const some = found.conversations.slice(at, at + portion);
      // Those that are here already with their messages, so that both can be joined.
      await Promise.all(some.map(({ id }) => chat.open(id)));
      chat.absorb(some, []);
      await new Promise((resolve) => setTimeout(resolve));
    }
    for (const persona of found.personas) personas.put(persona);
    settings.takeIn(found.rest.settings);
    return {
      kind: 'done',
      chats: found.conversations.length,
      personas: found.personas.length,
      documents: await shelf.takeIn(found.rest.documents),
      prompts: prompts.takeIn(found.rest.prompts),
      unreadable: found.unreadable,
    };
  };

  return (
    <>
      <p className="note">{data.note}</p>
      <div className="links">
        <button type="button" className="button" onClick={() => attempt(backUp)}>
          {data.backUp}
        </button>
        <button type="button" className="button" onClick={() => attempt(exportAll)}>
          {data.markdown}
        </button>
        <button type="button" className="button" onClick={() => document.getElementById(field)?.click()}>
          {data.import}
        </button>
        <input
          id={field}
          type="file"
          hidden
          accept=".json,application/json"
          aria-label={data.import}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) attempt(() => takeIn(file));
          }}
        />
      </div>
      <p className="note">{data.importNote}</p>
      <div className="links">
        <button type="button" className="button" onClick={() => settings.reset()}>
          {data.reset}
        </button>
      </div>
      <p className="note">{data.resetNote}</p>
      <div role="status">
        {outcome.kind === 'working' && <p>{data.working}</p>}
        {outcome.kind === 'done' && (
          <p className="outcome">
            {data.taken(outcome.chats, formatCount(outcome.chats, texts.language))}
            {outcome.personas > 0 && ` ${data.takenPersonas(outcome.personas)}`}
            {outcome.documents > 0 &&
              ` ${data.takenDocuments(outcome.documents, formatCount(outcome.documents, texts.language))}`}
            {outcome.prompts > 0 &&
              ` ${data.takenPrompts(outcome.prompts, formatCount(outcome.prompts, texts.language))}`}
            {outcome.unreadable > 0 && ` ${data.leftOut(outcome.unreadable)}`}
          </p>
        )}
        {outcome.kind === 'failed' && (
          <Problem code={outcome.error.code} message={outcome.error.message} open />
        )}
      </div>
    </>
  );
}
