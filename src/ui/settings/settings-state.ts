// Whether settings are open, and at which section.
import { Subscribable } from '../../chat/subscribable';

export const settingsOpen = new Subscribable<string | undefined>(undefined);

export const closeSettings = (): void => settingsOpen.set(undefined);

/** @param section id of one of sections.ts; without one, from the top. */
export function openSettings(section = ''): void {
  settingsOpen.set(section);
}
