// What the part of the address behind # means. Links, the back button and bookmarks go through it.
import { useEffect, useState } from 'react';
import type { ChatStore } from '../../chat/chat-store';

export const pages = ['tasks', 'documents', 'models', 'storage', 'benchmark', 'privacy', 'help'] as const;
/** Those beside the chat. */
export type Page = (typeof pages)[number];

export type Route = { readonly page: 'chat'; readonly chatId: string | null } | { readonly page: Page };

export function readRoute(hash: string): Route {
  // What stands behind a page's name is the page's to read: #/documents/ID/PASSAGE.
  const page = pages.find((name) => hash === pageHref(name) || hash.startsWith(`${pageHref(name)}/`));
  if (page) return { page };
  const match = /^#\/chat\/([A-Za-z0-9-]{1,64})$/.exec(hash);
  return { page: 'chat', chatId: match?.[1] ?? null };
}

export function chatHref(chatId: string | null): string {
  return chatId === null ? '#/' : `#/chat/${chatId}`;
}

export function pageHref(page: Page): string {
  return `#/${page}`;
}

/** Keeps the address and the chat on show the same. @returns what is on show. */
export function useRoute(chat: ChatStore): Route['page'] {
  const [page, setPage] = useState(() => readRoute(location.hash).page);
  useEffect(() => {
    let lastActive = chat.getState().activeId;
    const follow = (): void => {
      const route = readRoute(location.hash);
      setPage(route.page);
      if (route.page !== 'chat') return;
      if (route.chatId === null) chat.newChat();
      else chat.select(route.chatId);
    };
    const lead = (): void => {
      const { activeId } = chat.getState();
      const route = readRoute(location.hash);
      const isBeside = route.page !== 'chat';
      // A page beside the chat gives way only to another chat, and not to the end of one.
      if (isBeside ? activeId === null || activeId === lastActive : route.chatId === activeId) return;
      lastActive = activeId;
      // A chat that is begun takes the place of the empty one in the history.
      const isBegun = !isBeside && route.chatId === null;
      history[isBegun ? 'replaceState' : 'pushState'](null, '', chatHref(activeId));
      setPage('chat');
    };
    const onChange = (): void => {
      lead();
      lastActive = chat.getState().activeId;
    };
    const route = readRoute(location.hash);
    if (route.page === 'chat') {
      if (route.chatId !== null) follow();
      lead();
    }
    const unsubscribe = chat.subscribe(onChange);
    window.addEventListener('hashchange', follow);
    window.addEventListener('popstate', follow);
    return () => {
      unsubscribe();
      window.removeEventListener('hashchange', follow);
      window.removeEventListener('popstate', follow);
    };
  }, [chat]);
  return page;
}
