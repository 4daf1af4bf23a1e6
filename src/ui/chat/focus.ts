// The message box as the rest of the page knows it: where the focus goes, and which key sends.

export const composerId = 'composer';

/**
 * Not on touch screens, where focus would raise the keyboard over the conversation; unless it was asked for. Nor from what a
 * person is using around this frame.
 */
export function focusComposer(asked = false): void {
  if (!mayTakeFocus()) return;
  if (asked || window.matchMedia('(hover: hover)').matches) document.getElementById(composerId)?.focus();
}

/** A frame that focuses something of its own takes the keyboard from the page around it, in the middle of a word. */
export function mayTakeFocus(): boolean {
  return window.parent === window || document.hasFocus();
}

/** The message box has the focus whenever a frame is given it, by its host or by a click beside everything else. */
export function focusWhenGiven(): void {
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body) focusComposer();
  });
}

/** Whether a key press means "send". */
export function isSendKey(event: KeyboardEvent): boolean {
  // Safari ends a composition before the Enter that confirms it, and marks that one with code 229.
  const composing = event.isComposing || event.keyCode === 229;
  return (
    event.key === 'Enter' &&
    // Held down, it began on something else: on Stop, say.
    !event.repeat &&
    !event.shiftKey &&
    !event.ctrlKey &&
    !event.altKey &&
    !event.metaKey &&
    !composing
  );
}
