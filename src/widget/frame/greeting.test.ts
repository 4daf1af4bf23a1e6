// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { en } from '../../ui/texts/en';
import { greet, type Greeting } from './greeting';

let root: HTMLElement;
let greeting: Greeting;

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  root = document.createElement('div');
  document.body.replaceChildren(root);
  greeting = greet(root, en, { canRun: true });
});
afterEach(() => vi.unstubAllGlobals());

const box = (): HTMLTextAreaElement => {
  const found = document.querySelector('textarea');
  if (!found) throw new Error('There is no box.');
  return found;
};

function type(text: string): void {
  box().value = text;
  box().dispatchEvent(new Event('input', { bubbles: true }));
}

const pressSend = (): void => document.querySelector<HTMLButtonElement>('.send-button')?.click();

/** As the chat's: a form of its own, with what was typed. */
function chat(onSubmit = vi.fn()): (typed: string) => void {
  return (typed) => {
    const form = document.createElement('form');
    const area = document.createElement('textarea');
    area.id = 'composer';
    area.value = typed;
    const send = document.createElement('button');
    send.type = 'button';
    send.className = 'send-button';
    send.addEventListener('click', () => void onSubmit(area.value));
    form.append(area, send);
    root.replaceChildren(form);
  };
}

it('hands on what was typed, where the caret stood, and the focus; sends nothing', async () => {
  const sent = vi.fn();
  type('How much?');
  expect(document.activeElement).toBe(box());
  box().setSelectionRange(3, 6);
  await greeting.giveWay(chat(sent));
  expect(document.querySelectorAll('textarea')).toHaveLength(1);
  expect([box().value, box().selectionStart, box().selectionEnd]).toEqual(['How much?', 3, 6]);
  expect(document.activeElement).toBe(box());
  expect(sent).not.toHaveBeenCalled();
});

it('takes no focus from who has put it elsewhere', async () => {
  box().blur();
  await greeting.giveWay(chat());
  expect(document.activeElement).toBe(document.body);
});

it('keeps what was sent as it was, and has the chat send it, once', async () => {
  const sent = vi.fn();
  type('How much?');
  const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  box().dispatchEvent(enter);
  expect(enter.defaultPrevented).toBe(true);
  expect(box().readOnly).toBe(true);
  await greeting.giveWay(chat(sent));
  expect(sent.mock.calls).toEqual([['How much?']]);
});

it('sends nothing that is blank', async () => {
  const sent = vi.fn();
  type('  ');
  pressSend();
  await greeting.giveWay(chat(sent));
  expect(sent).not.toHaveBeenCalled();
});

it('never comes between a dead key and its letter', async () => {
  box().dispatchEvent(new CompositionEvent('compositionstart'));
  const show = vi.fn(chat());
  const gone = greeting.giveWay(show);
  await Promise.resolve();
  expect(show).not.toHaveBeenCalled();
  type('é');
  box().dispatchEvent(new CompositionEvent('compositionend'));
  await gone;
  expect(show.mock.calls).toEqual([['é']]);
});

it('says that the chat does not come, and keeps what was typed', () => {
  type('How much?');
  pressSend();
  greeting.fail('worker/outdated');
  expect(document.querySelector('[role=alert]')?.textContent).toContain(en.errors['worker/outdated'].title);
  expect([box().value, box().readOnly]).toEqual(['How much?', false]);
});

it('has no box where the chat cannot run, and says why', () => {
  greet(root, en, { canRun: false }).name('Phield tiny');
  expect(document.querySelector('textarea')).toBeNull();
  expect(document.querySelector('.frame-dock')?.textContent).toContain('allow-same-origin');
});
