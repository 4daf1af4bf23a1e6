// The keys that do something, to be listed under `?`. Other parts of the page add their own.
import { Subscribable } from '../../../chat/subscribable';
import type { Texts } from '../../texts/en';

export interface Shortcut {
  /** As on the keyboard: `Enter`, `Mod+K` (Mod is Ctrl, or Cmd on Apple's). */
  readonly keys: string;
  readonly does: (texts: Texts) => string;
}

class Shortcuts extends Subscribable<readonly Shortcut[]> {
  add(...added: readonly Shortcut[]): void {
    const known = new Set(this.getState().map(({ keys }) => keys));
    this.set([...this.getState(), ...added.filter(({ keys }) => !known.has(keys))]);
  }
}

export const shortcuts = new Shortcuts([
  { keys: 'Enter', does: (texts) => texts.shortcuts.send },
  { keys: 'Shift+Enter', does: (texts) => texts.shortcuts.newLine },
  { keys: 'Escape', does: (texts) => texts.shortcuts.stop },
  { keys: 'ArrowUp', does: (texts) => texts.shortcuts.editLast },
  { keys: 'Mod+K', does: (texts) => texts.shortcuts.search },
  { keys: '/', does: (texts) => texts.shortcuts.menu },
  { keys: '?', does: (texts) => texts.shortcuts.list },
]);
