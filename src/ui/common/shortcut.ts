// Keys as the person's keyboard has them.

const isApple = (): boolean => /Mac|iP(?:hone|ad|od)/.test(navigator.platform);

/** Whether the key that commands are given with is held: Command on Apple's keyboards, Control on others. */
export function isCommand(event: Pick<KeyboardEvent, 'metaKey' | 'ctrlKey' | 'altKey'>): boolean {
  return !event.altKey && (isApple() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey);
}

export function shortcutText(key: string): string {
  return isApple() ? `⌘${key}` : `Ctrl ${key}`;
}
