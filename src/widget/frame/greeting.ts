// What stands in a frame until the chat does, without React: the same words in the same places, and a box that takes what
// is typed. The chat is given all of it: text, selection, focus, and that it was sent.
import type { ErrorCode } from '../../base/errors';
import { composerId, focusComposer, isSendKey, mayTakeFocus } from '../../ui/chat/focus';
import { lines } from '../../ui/common/icon-lines';
import type { Texts } from '../../ui/texts/en';
import { frameTextsFor } from './frame-texts';

export interface Greeting {
  /** Says which model it will be. */
  name(model: string): void;
  /**
   * Leaves its place to the chat, between two letters of an input method and never within one.
   * @param show draws the chat over this, before it returns, with what has been typed.
   */
  giveWay(show: (typed: string) => void): Promise<void>;
  /** Says that the chat does not come. What has been typed stays. */
  fail(code: ErrorCode): void;
}

type Inside = Node | string;

/**
 * @param options `canRun`: false in a sandbox without an origin, where not even the app's own scripts may be started as
 * workers: there it says so, and no chat comes.
 */
export function greet(root: HTMLElement, texts: Texts, options: { readonly canRun: boolean }): Greeting {
  const words = frameTextsFor(texts.language);
  document.documentElement.lang = texts.language;
  const strong = element('strong', {});
  const open = element('a', { href: './', target: '_blank', rel: 'noopener' }, words.openInPhield);
  const about = element('p', {}, strong);
  const log = element('div', {
    role: 'log',
    'aria-label': texts.conversation,
    'aria-live': 'off',
    class: 'log',
  });
  const column = element(
    'div',
    { class: 'frame-column' },
    element('p', { class: 'frame-welcome' }, words.welcome),
    log,
  );
  const box = messageBox(texts);
  const inDock = options.canRun ? box.form : element('p', { class: 'frame-note' }, words.noOrigin);
  const dock = element('div', { class: 'frame-dock' }, inDock);
  root.replaceChildren(
    element(
      'main',
      { class: 'frame' },
      element('header', { class: 'frame-head' }, about, open),
      element('div', { class: 'transcript', tabindex: '-1' }, column),
      dock,
    ),
  );
  if (options.canRun) focusComposer();
  return {
    name(model) {
      strong.textContent = model;
      about.append(' ', element('span', {}, words.onDevice));
    },
    async giveWay(show) {
      await box.atRest();
      const { value, selectionStart, selectionEnd } = box.area;
      const isFocused = document.activeElement === box.area;
      show(value);
      const area = document.getElementById(composerId);
      if (!(area instanceof HTMLTextAreaElement)) return;
      if (isFocused && mayTakeFocus()) area.focus();
      area.setSelectionRange(selectionStart, selectionEnd);
      if (box.wasSent()) root.querySelector<HTMLButtonElement>('.send-button')?.click();
    },
    fail(code) {
      const { title, help } = texts.errors[code];
      const reload = element('button', { type: 'button', class: 'button' }, texts.reload);
      reload.addEventListener('click', () => location.reload());
      const note = element('div', { class: 'frame-note', role: 'alert' }, `${title}. ${help} `, reload);
      dock.prepend(note);
      box.release();
    },
  };
}

/** As composer.tsx draws it while nothing is loaded. */
function messageBox(texts: Texts) {
  let composing = false;
  let sent = false;
  const area = element('textarea', {
    id: composerId,
    rows: '1',
    dir: 'auto',
    'aria-label': texts.message,
    placeholder: frameTextsFor(texts.language).placeholder,
    enterkeyhint: 'send',
  });
  const attach = button(texts.documents.attach, 'icon-button attach-button', lines.attach);
  const send = button(texts.send, 'send-button', lines.send);
  const form = element(
    'form',
    { class: 'composer' },
    element('div', { class: 'composer-box' }, attach, area, send),
    element('div', { class: 'context-meter' }),
  );
  const isBlank = (): boolean => area.value.trim() === '';
  function submit(): void {
    if (isBlank()) return;
    // It goes out as it is as soon as there is somebody to take it.
    sent = true;
    area.readOnly = true;
    send.disabled = true;
  }
  area.addEventListener('compositionstart', () => (composing = true));
  area.addEventListener('compositionend', () => (composing = false));
  area.addEventListener('input', () => (send.disabled = isBlank()));
  area.addEventListener('keydown', (event) => {
    if (isSendKey(event)) {
      event.preventDefault();
      submit();
    }
  });
  // Not the form's own way: a sandbox without allow-forms has none.
  send.addEventListener('click', submit);
  form.addEventListener('submit', (event) => event.preventDefault());
  return {
    form,
    area,
    wasSent: () => sent,
    async atRest(): Promise<void> {
      while (composing)
        await new Promise((resolve) => area.addEventListener('compositionend', resolve, { once: true }));
    },
    release() {
      sent = false;
      area.readOnly = false;
    },
  };
}

/** Not to be pressed yet. */
function button(label: string, name: string, line: string): HTMLButtonElement {
  const svg = document.createElementNS(svgSpace, 'svg');
  for (const [key, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(svgSpace, 'path');
  path.setAttribute('d', line);
  svg.append(path);
  return element(
    'button',
    { type: 'button', class: name, 'aria-label': label, title: label, disabled: '' },
    svg,
  );
}

const svgSpace = 'http://www.w3.org/2000/svg';

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...inside: readonly Inside[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}
