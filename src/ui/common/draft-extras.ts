// What goes with the text of a chat's next message, as it is now.
import { useSyncExternalStore } from 'react';
import type { DraftExtras } from '../../chat/saved/drafts';
import { useApp } from '../app-context';

export function useExtras(chatId: string | null): DraftExtras {
  const { drafts } = useApp();
  return useSyncExternalStore(drafts.subscribe, () => drafts.extras(chatId));
}
