// A new chat before its first message: what this is, and what a person may have come for. Nothing of it moves while
// the model loads: where that stands is said under the message box.
import { useState } from 'react';
import type { ModelState } from '../../chat/models/model-session';
import { useApp, useStore, type AppContextValue } from '../app-context';
import { entries, type Entry } from '../common/entries';
import { Icon, Mark } from '../common/icons';
import { pageHref } from '../common/route';
import { openModelMenu } from '../models/menu/model-menu';
import { builtInModel, isBuiltIn } from '../models/model-view';

export function FirstScreen() {
  const app = useApp();
  const { chat, session, texts } = app;
  const { start } = texts;
  const running = useStore(chat, (state) => state.run.state === 'running');
  const small = useStore(session, (state) => isBuiltIn(state.model));
  return (
    <div className="empty">
      <Field />
      <Mark />
      <h1>{start.title}</h1>
      <p>{start.lead}</p>
      <ul className="tiles" aria-label={start.tilesLabel}>
        {entries().map((entry) => (
          <li key={entry.id}>
            <Tile entry={entry} app={app} />
          </li>
        ))}
      </ul>
      {small && (
        <ul className="suggestions" aria-label={texts.suggestions}>
          {texts.suggested.map((question) => (
            <li key={question}>
              <button type="button" disabled={running} onClick={() => chat.send(question)}>
                {question}
              </button>
            </li>
          ))}
          <li>
            <a href={pageHref('help')}>{texts.help.all}</a>
          </li>
        </ul>
      )}
    </div>
  );
}

/** Whether the model that is there, or on its way, is enough for it. */
function isEnough(entry: Entry, state: ModelState): boolean {
  if (entry.need === 'larger') return !isBuiltIn(state.model);
  if (entry.need !== 'images') return true;
  return state.kind === 'ready'
    ? state.info.abilities?.includes('images') === true
    : state.model !== builtInModel;
}

function Tile({ entry, app }: { readonly entry: Entry; readonly app: AppContextValue }) {
  const { session, texts } = app;
  const { start } = texts;
  const enough = useStore(session, (state) => isEnough(entry, state));
  const [over, setOver] = useState(false);
  const open = (files: readonly File[]): void => {
    // The page of that task knows more ways to a model that sees than the menu.
    if (enough || entry.need === 'images') entry.open(app, files);
    else openModelMenu();
  };
  const takes = entry.takesFiles === true && enough;
  return (
    <button
      type="button"
      className={over ? 'tile tile-over' : 'tile'}
      onClick={() => open([])}
      {...(takes && {
        onDragOver: (event) => {
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: (event) => {
          event.preventDefault();
          setOver(false);
          open([...event.dataTransfer.files]);
        },
      })}
    >
      <span className="tile-icon">
        <Icon name={entry.icon} />
      </span>
      <span className="tile-title">{entry.title(texts)}</span>
      <span className="tile-note">
        {entry.note(texts)}
        {!enough && (
          <span className="tile-need">{entry.need === 'images' ? start.needsImages : start.needsLarger}</span>
        )}
      </span>
    </button>
  );
}

/** Furrows running to the horizon, behind everything. */
function Field() {
  const furrows = Array.from({ length: 25 }, (_, index) => {
    const x = (index - 12) * 16;
    return `M${600 + x * 0.55} 6Q${600 + x * 2.2} 60 ${600 + x * 9} 300`;
  });
  return (
    <svg className="field-art" viewBox="0 0 1200 300" preserveAspectRatio="xMidYMin slice" aria-hidden="true">
      <path d={furrows.join('')} />
      <path className="field-horizon" d="M0 18Q300 2 600 6T1200 12" />
    </svg>
  );
}
