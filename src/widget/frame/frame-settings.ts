// Who decides what in a frame: the deployer above all. What a host writes into the frame's address is data, and so is what
// it says later, unless the deployer lets its origin instruct.
import type { Settings } from '../../chat/settings/settings';

/** @param system of the deployer. */
export function frameSettings(
  address: Partial<Settings>,
  theme: string | null,
  system: string | undefined,
): Partial<Settings> {
  return {
    ...address,
    system: system ?? '',
    ...((theme === 'light' || theme === 'dark') && { theme }),
  };
}

/** The deployer's words come first, and stay. */
export function systemText(own: string | undefined, hosts: string): string {
  return [own, hosts].filter((text) => text !== undefined && text.trim() !== '').join('\n\n');
}

/** A host may choose from the catalogue and nothing else: an address of its own would be a download of its own. */
export function modelFor(
  asked: string | undefined,
  own: string | undefined,
  known: { readonly ids: ReadonlySet<string>; readonly builtIn: string },
): string {
  return (asked !== undefined && known.ids.has(asked) ? asked : own) ?? known.builtIn;
}
