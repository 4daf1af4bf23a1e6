// What every component may reach: the stores and the words. Set once by the composition root (or a test).
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { invariant } from '../base/errors';
import type { ChatStore } from '../chat/chat-store';
import type { Drafts } from '../chat/saved/drafts';
import type { HostGrants } from '../chat/settings/host-grants';
import type { ModelLibrary } from '../chat/models/model-library';
import type { ModelSession } from '../chat/models/model-session';
import type { SaveState } from '../chat/saved/persistence';
import type { Conversation } from '../chat/conversation';
import type { PersonaStore } from '../chat/settings/personas';
import type { ChatSearch } from '../chat/search/search';
import type { Prompts } from '../chat/settings/prompts';
import type { SettingsStore } from '../chat/settings/settings';
import type { Readable } from '../chat/subscribable';
import type { DocumentShelf } from '../documents/shelf';
import type { Remote } from '../remote/remote';
import type { TaskDesk } from '../tasks/task-desk';
import type { PolicyFindings } from '../protocol/policy';
import type { Texts } from './texts/en';

/** Whether a newer version of the app waits, and how to take it. */
export interface AppUpdate extends Readable<boolean> {
  /** Switches to the new version, which reloads the page. */
  apply(): void;
}

/** A larger model elsewhere: fetched when one is set up, or is about to be. */
export interface RemoteAccess extends Readable<Remote | undefined> {
  load(): Promise<Remote>;
}

export interface AppParts {
  readonly chat: ChatStore;
  readonly session: ModelSession;
  readonly library: ModelLibrary;
  readonly shelf: DocumentShelf;
  readonly desk: TaskDesk;
  readonly settings: SettingsStore;
  readonly search: ChatSearch;
  readonly personas: PersonaStore;
  /** Every chat with its messages. */
  readonly readAllChats: () => Promise<readonly Conversation[]>;
  readonly drafts: Drafts;
  readonly prompts: Prompts;
  readonly saving: Readable<SaveState>;
  readonly update: AppUpdate;
  /** What the browser holds the app to on this host, found out by trying. */
  readonly checkPolicy: () => Promise<PolicyFindings>;
  /** Absent in a frame on another site: nothing is ever sent from there. */
  readonly remote?: RemoteAccess;
  /** Pages of other sites that may use the model. */
  readonly grants?: HostGrants;
  /** Saved chats that could not be read at start. */
  readonly unreadableChats: number;
  /** Address parameters that were not usable. */
  readonly rejectedParameters: readonly string[];
}

export interface AppContextValue extends AppParts {
  readonly texts: Texts;
}

export const AppContext = createContext<AppContextValue | undefined>(undefined);

export function useApp(): AppContextValue {
  const value = useContext(AppContext);
  invariant(value, 'useApp outside of AppContext.');
  return value;
}

/**
 * What `select` makes of the store's state; the component renders again only when that changes by `isEqual`.
 * Pass a stable `select` (module level or useCallback) when its result is an object made anew each time.
 */
export function useStore<T, S>(
  store: Readable<T>,
  select: (state: T) => S,
  isEqual: (a: S, b: S) => boolean = Object.is,
): S {
  const getSnapshot = useMemo(() => {
    let last: { readonly state: T; readonly value: S } | undefined;
    return (): S => {
      const state = store.getState();
      if (last && Object.is(last.state, state)) return last.value;
      const value = select(state);
      last = { state, value: last && isEqual(last.value, value) ? last.value : value };
      return last.value;
    };
  }, [store, select, isEqual]);
  return useSyncExternalStore(store.subscribe, getSnapshot);
}

export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
}
