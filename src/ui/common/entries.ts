// What the first screen offers. A task registers its tile here; one of the same id takes the place of the plain one
// that only begins a message. Register at module level, before the page is drawn.
import type { AppContextValue } from '../app-context';
import type { Texts } from '../texts/en';
import { fillComposer } from './fill-composer';
import type { IconName } from './icons';
import { pageHref } from './route';

/** What a model must be for it: `larger` is more than the built-in one can do. */
export type EntryNeed = 'any' | 'larger' | 'images';

export interface Entry {
  readonly id: string;
  readonly icon: IconName;
  readonly need: EntryNeed;
  readonly title: (texts: Texts) => string;
  /** One short sentence. */
  readonly note: (texts: Texts) => string;
  /** @param files dropped on the tile; none after a click. */
  readonly open: (app: AppContextValue, files: readonly File[]) => void;
  /** Takes files that are dropped on it. */
  readonly takesFiles?: boolean;
}

type PlainId = keyof Texts['start']['tiles'];

const begins = (id: PlainId, icon: IconName, need: EntryNeed, open?: Entry['open']): Entry => ({
  id,
  icon,
  need,
  title: (texts) => texts.start.tiles[id].title,
  note: (texts) => texts.start.tiles[id].note,
  open: open ?? (({ texts }) => void fillComposer(texts.start.tiles[id].begin)),
});

const registered = new Map<string, Entry>(
  [
    begins('ask', 'chat', 'any'),
    begins('summarise', 'documents', 'larger'),
    begins('extract', 'table', 'larger'),
    begins('write', 'pen', 'larger'),
    begins('story', 'story', 'any'),
    begins('photo', 'picture', 'images', ({ session }) => {
      const state = session.getState();
      const sees = state.kind === 'ready' && state.info.abilities?.includes('images') === true;
      const attach = sees && document.querySelector<HTMLElement>('.attach-button');
      if (attach) attach.click();
      // It says which models see, and loads one of this device's.
      else location.hash = `${pageHref('tasks')}/photo`;
    }),
  ].map((entry) => [entry.id, entry]),
);

export function registerEntry(entry: Entry): void {
  registered.set(entry.id, entry);
}

/** In the order in which they are shown. */
export function entries(): readonly Entry[] {
  return [...registered.values()];
}
