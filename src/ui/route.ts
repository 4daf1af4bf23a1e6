// What the part of the address behind # means. Links, the back button and bookmarks go through it.
import { useEffect } from 'react';
import type { ChatStore } from '../chat/chat-store';

export interface Route {
  readonly page: 'chat';
  readonly chatId: string | null;
}

export function readRoute(hash: string): Route {
  const match = /^#\/chat\/([A-Za-z0-9-]{1,64})$/.exec(hash);
  return { page: 'chat', chatId: match?.[1] ?? null };
}

export function chatHref(chatId: string | null): string {
  return chatId === null ? '#/' : `#/chat/${chatId}`;
}

/** Keeps the address and the chat on show the same. */
export function useChatRoute(chat: ChatStore): void {
  useEffect(() => {
    const follow = (): void => {
      const { chatId } = readRoute(location.hash);
      if (chatId === null) chat.newChat();
      else chat.select(chatId);
    };
    const lead = (): void => {
      const { activeId } = chat.getState();
      if (readRoute(location.hash).chatId === activeId) return;
      // A chat that is begun takes the place of the empty one in the history.
      const isBegun = readRoute(location.hash).chatId === null;
      history[isBegun ? 'replaceState' : 'pushState'](null, '', chatHref(activeId));
    };
    if (readRoute(location.hash).chatId !== null) follow();
    lead();
    const unsubscribe = chat.subscribe(lead);
    window.addEventListener('hashchange', follow);
    window.addEventListener('popstate', follow);
    return () => {
      unsubscribe();
      window.removeEventListener('hashchange', follow);
      window.removeEventListener('popstate', follow);
    };
  }, [chat]);
}
