// What `/` at the beginning of a message opens: commands and saved prompts, chosen by arrows and Enter or by a click.
// The focus stays in the text; the list is told to screen readers as its suggestions.
import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { blanksOf, type SavedPrompt } from '../../../chat/settings/prompts';
import { useApp, useStore } from '../../app-context';
import { commands, type Command } from './commands';
import { taskHref, taskNames, taskWord } from '../../tasks/task-words';
import { chatDialog } from '../dialogs/dialog-state';

// Tasks are pages of their own; their names lead there.
for (const name of taskNames) {
  commands.register({
    id: `task-${name}`,
    name: (texts) => taskWord(name, texts),
    says: ({ tasks }) => tasks.leads[name],
    run: () => {
      location.hash = taskHref(name);
    },
  });
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly says: string;
  readonly choose: (argument: string) => void;
}

export interface SlashMenuState {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly chosen: number;
  readonly choose: (entry: Entry) => void;
  readonly boxProps: Readonly<Record<`aria-${string}`, string | undefined>>;
  /** @returns true where the key was the menu's. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
}

export function useSlashMenu(text: string, setText: (text: string) => void): SlashMenuState {
  const { chat, prompts, texts } = useApp();
  const id = useId();
  const registered = useStore(commands, (state) => state);
  const saved = useStore(prompts, (state) => state);
  /** The text for which it was closed by Escape. */
  const [closedFor, setClosedFor] = useState<string | undefined>(undefined);
  // Who empties the box and types it anew asks for the menu anew.
  if (closedFor !== undefined && closedFor !== text) setClosedFor(undefined);
  const [place, setPlace] = useState({ text: '', index: 0 });
  const typed = /^\/(\S*)(?:[ ]([^\n]*))?$/.exec(text);
  const word = typed?.[1]?.toLowerCase();
  const argument = typed?.[2] ?? '';

  const all = useMemo(() => {
    const use = { chat, conversationId: chat.getState().activeId, write: setText };
    const ofCommand = (command: Command): Entry => ({
      id: command.id,
      name: command.name(texts),
      says: command.says(texts),
      choose: (behind) => {
        setText('');
        command.run({ ...use, conversationId: chat.getState().activeId, argument: behind });
      },
    });
    const ofPrompt = (prompt: SavedPrompt): Entry => ({
      id: `prompt-${prompt.id}`,
      name: slugOf(prompt.name),
      says: prompt.name,
      choose: () => {
        if (blanksOf(prompt.text).length === 0) setText(prompt.text);
        else {
          setText('');
          chatDialog.open({ kind: 'use-prompt', prompt, write: setText });
        }
      },
    });
    const own: readonly Entry[] = [
      {
        id: 'prompts',
        name: texts.prompts.command,
        says: texts.prompts.manage,
        choose: () => {
          setText('');
          chatDialog.open({ kind: 'prompts' });
        },
      },
      {
        id: 'shortcuts',
        name: texts.shortcuts.command,
        says: texts.shortcuts.title,
        choose: () => {
          setText('');
          chatDialog.open({ kind: 'shortcuts' });
        },
      },
    ];
    return [...registered.map(ofCommand), ...saved.map(ofPrompt), ...own];
  }, [chat, registered, saved, setText, texts]);

  const entries =
    word === undefined || closedFor === text
      ? []
      : all.filter(({ name, says }) =>
          argument === '' && !text.includes(' ')
            ? name.startsWith(word) || says.toLowerCase().includes(word)
            : name === word,
        );
  const chosen = place.text === text ? Math.min(place.index, entries.length - 1) : 0;
  const choose = (entry: Entry): void => entry.choose(argument.trim());

  return {
    id,
    entries,
    chosen,
    choose,
    boxProps:
      entries.length === 0
        ? {}
        : {
            'aria-autocomplete': 'list',
            'aria-controls': id,
            'aria-activedescendant': `${id}-${chosen}`,
          },
    onKeyDown(event) {
      if (entries.length === 0 || event.nativeEvent.isComposing) return false;
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setPlace({ text, index: (chosen + step + entries.length) % entries.length });
      else if (event.key === 'Escape') setClosedFor(text);
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
        const entry = entries[chosen];
        if (entry) choose(entry);
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}

/** One word, so that it can be typed behind the slash. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

export function SlashMenu({ menu }: { readonly menu: SlashMenuState }) {
  const { texts } = useApp();
  const { id, entries, chosen, choose } = menu;
  if (entries.length === 0) return null;
  return (
    // To be scrolled by keys too.
    <ul className="slash-menu" role="listbox" id={id} tabIndex={0} aria-label={texts.prompts.list}>
      {entries.map((entry, index) => (
        <li
          key={entry.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          // The focus stays in the text.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(entry)}
        >
          <span className="slash-name">/{entry.name}</span>
          <span className="slash-says">{entry.says}</span>
        </li>
      ))}
    </ul>
  );
}
