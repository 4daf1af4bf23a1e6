// Puts words into the message box as if they had been typed, whatever keeps its text, and the caret behind them.

/** @returns false where there is no box to write into. */
export function fillComposer(text: string): boolean {
  const box = document.getElementById('composer');
  if (!(box instanceof HTMLTextAreaElement) || box.disabled) return false;
  // React reads a field's value behind its own setter, so this goes through the element's.
  Reflect.set(HTMLTextAreaElement.prototype, 'value', text, box);
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
  box.setSelectionRange(text.length, text.length);
  return true;
}
