// @vitest-environment jsdom
import axe from 'axe-core';
import { configure, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { FakeEngine } from '../../client/fake-engine';
import { asBackup, asJson } from '../../chat/saved/export';
import { Subscribable } from '../../chat/subscribable';
import { Keys } from '../../remote/keys';
import { Remote } from '../../remote/remote';
import { hearLedger } from '../../ledger/book';
import { tookWords, type LedgerEntry } from '../../ledger/entry';
import { serveRemote } from '../../remote/frame/serve';
import { startFaultServer, type FaultServer } from '../../remote/testing/fault-server';
import { installPage, renderApp } from '../testing/render-app';

installPage();
// Answers come over a real socket here, which a busy machine takes its time for.
configure({ asyncUtilTimeout: 15_000 });
let server: FaultServer;
beforeAll(async () => {
  await import('./send-dialog');
  server = await startFaultServer();
  return () => server.close();
});

function access() {
  const remote = new Remote({
    storage: undefined,
    keys: new Keys(() => () => Promise.reject(new Error('There is no disk here.'))),
    loadFrame: () => {
      const { port1, port2 } = new MessageChannel();
      serveRemote(
        {
          postMessage: (message) => port2.postMessage(message),
          addEventListener: (type, listener) => port2.addEventListener(type, listener),
        },
        { bind: () => Promise.resolve(true) },
      );
      port2.start();
      return Promise.resolve({ port: port1, remove: () => port1.close() });
    },
  });
  const state = new Subscribable<Remote | undefined>(remote);
  return {
    remote,
    access: {
      ...state,
      getState: state.getState,
      subscribe: state.subscribe,
      load: () => Promise.resolve(remote),
    },
  };
}

const key = 'sk-ui-3f9a0c7714e2';

async function opened() {
  const { remote, access: parts } = access();
  await remote.use({ address: server.address, model: 'echo' }, key, false);
  const engine = new FakeEngine({ reply: () => ['From here.'] });
  const app = renderApp({ engine, remote: parts });
  await app.user.type(
    screen.getByRole('textbox', { name: 'Message' }),
    'Call +55 11 98765-4321 for Ana Lima{Enter}',
  );
  await screen.findByText('From here.');
  const ask = async (): Promise<void> => {
    await app.user.click((await screen.findAllByRole('button', { name: 'More' })).at(-1) as HTMLElement);
    await app.user.click(screen.getByRole('menuitem', { name: 'Ask the larger model' }));
  };
  return { ...app, remote, ask };
}

test('what goes out is shown first, placeholders go in place of personal data, and both answers stay', async () => {
  const { user, ask, remote, chat, settings } = await opened();
  const before = server.seen.length;
  const noted: LedgerEntry[] = [];
  hearLedger((news) => void ('entries' in news && noted.push(...news.entries)));
  await ask();
  const dialog = within(await screen.findByRole('dialog', { name: /^Send to 127\.0\.0\.1:\d+\?$/ }));
  expect(dialog.getByText('[PHONE_1]').tagName).toBe('MARK');
  expect(dialog.getByText('2 pieces of personal data are marked.')).toBeTruthy();
  await user.click(dialog.getByLabelText(/Send placeholders instead/));
  expect(dialog.getByText('Ana Lima').tagName).toBe('MARK');
  await user.click(dialog.getByLabelText(/Send placeholders instead/));
  const { violations } = await axe.run(screen.getByRole('dialog'), {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(server.seen).toHaveLength(before);
  await user.click(dialog.getByLabelText('Do not ask again in this chat'));
  await user.click(dialog.getByRole('button', { name: 'Send' }));
  await screen.findByText('You said: Call +55 11 98765-4321 for Ana Lima');
  expect(server.seen.at(-1)?.body).toContain('Call [PHONE_1] for [NAME_1]');
  expect(screen.getByText(/not on this device: 127\.0\.0\.1/)).toBeTruthy();
  expect(screen.getByText('2 of 2')).toBeTruthy();
  await waitFor(() =>
    expect(noted.filter(tookWords)).toMatchObject([
      { host: new URL(server.address).host, sentBytes: server.seen.at(-1)?.body.length },
    ]),
  );
  expect(remote.consentFor(chat.getState().activeId ?? '')).toMatchObject({ redact: true });
  // The key went in its header, and is in nothing that can be read or saved.
  expect(server.seen.at(-1)?.authorization).toBe(`Bearer ${key}`);
  const { conversations, activeId } = chat.getState();
  const conversation = conversations.get(activeId ?? '');
  if (!conversation) throw new Error('There is no chat.');
  const all = [...conversations.values()];
  const exports = [
    asJson(conversation, new Date()),
    asBackup(all, [], new Date(), { settings: settings.getState() }),
  ].map(({ text }) => text);
  const state = JSON.stringify([remote.getState(), noted]);
  for (const text of [document.documentElement.outerHTML, ...exports, state]) expect(text).not.toContain(key);
});

test('a private chat stays here', async () => {
  const { ask, chat } = await opened();
  chat.arrange(chat.getState().activeId ?? '', (one) => ({ ...one, staysHere: true }));
  await ask();
  expect(await screen.findByText(/This chat is private/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Send', hidden: false })?.closest('dialog') ?? null).toBeNull();
});

test('an endpoint is named by its address, and chosen from its list; how to let this page in is said where it is not', async () => {
  const { remote, access: parts } = access();
  const { user } = renderApp({ remote: parts });
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  const address = await screen.findByRole('textbox', { name: 'Address' });
  await user.type(address, 'http://127.0.0.1:9');
  await user.click(screen.getByRole('button', { name: 'Show its models' }));
  expect(await screen.findByText('The larger model could not be reached')).toBeTruthy();
  expect(screen.getByText(`OLLAMA_ORIGINS=${location.origin} ollama serve`)).toBeTruthy();
  await user.clear(address);
  await user.type(address, server.address);
  await user.click(screen.getByRole('button', { name: 'Show its models' }));
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Model' }), 'good');
  await user.click(screen.getByRole('button', { name: 'Use it' }));
  await waitFor(() => expect(remote.getState().endpoint).toEqual({ address: server.address, model: 'good' }));
  await user.selectOptions(screen.getByRole('combobox', { name: 'When to suggest it' }), 'ask');
  expect(remote.getState().mode).toBe('ask');
  await user.click(screen.getByRole('button', { name: 'Remove it' }));
  await waitFor(() => expect(remote.host()).toBeUndefined());
});

test('a question beyond this device is said to be, with the reason; by itself only where a person has agreed', async () => {
  const { remote, access: parts } = access();
  await remote.use({ address: server.address, model: 'echo' }, undefined, false);
  remote.setMode('ask');
  const engine = new FakeEngine({ reply: () => ['Hardly.'] });
  const { user, chat } = renderApp({ engine, remote: parts });
  const box = screen.getByRole('textbox', { name: 'Message' });
  const before = server.seen.length;
  await user.type(box, 'What is the weather in Recife now?{Enter}');
  expect(
    await screen.findByText(/no model on this device can know.*127\.0\.0\.1.*may do better/),
  ).toBeTruthy();
  remote.setMode('automatic');
  await screen.findByText(/may do better/);
  expect(server.seen).toHaveLength(before);
  remote.agree(chat.getState().activeId ?? '', true);
  await screen.findByText('You said: What is the weather in Recife now?');
  expect(server.seen).toHaveLength(before + 1);
});
