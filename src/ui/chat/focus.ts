// The message box as the rest of the page knows it: where the focus goes, and which key sends.

export const composerId = 'composer';

/** Not on touch screens, where focus would raise the keyboard over the conversation; unless it was asked for. */
export function focusComposer(asked = false): void {
  if (asked || window.matchMedia('(hover: hover)').matches) document.getElementById(composerId)?.focus();
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
