// What a person does on the page of a chat, and the scripted engine's answer.
import { act, screen, waitFor, within } from '@testing-library/react';
import { expect } from 'vitest';
import { lastRun, type FakeEngine } from '../../client/fake-engine';
import { renderApp, type RenderOptions } from './render-app';

export const log = (): HTMLElement => screen.getByRole('log', { name: 'Conversation' });
export const box = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Message' });
export const button = (name: string): HTMLElement => screen.getByRole('button', { name });
export const run = async (engine: FakeEngine, count = 1) => {
  await waitFor(() => expect(engine.runs).toHaveLength(count));
  return lastRun(engine);
};

export async function ask(text: string, options: RenderOptions = {}) {
  const parts = renderApp(options);
  await parts.user.type(box(), text);
  await parts.user.click(button('Send'));
  return parts;
}

/** @param shown how the reply reads once it is formatted */
export async function answered(text = 'What is Phield?', reply = 'A chat in your tab.', shown = reply) {
  const parts = await ask(text);
  const first = await run(parts.engine);
  act(() => {
    first.say(reply);
    first.end();
  });
  await within(log()).findByText(shown);
  await screen.findByRole('button', { name: 'Send' });
  return parts;
}
