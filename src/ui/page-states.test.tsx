// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { AppError } from '../base/errors';
import { FakeEngine, fakeInfo, lastRun } from '../client/fake-engine';
import type { LoadProgress } from '../protocol/chat';
import { FakeStorage, storedTiny } from './testing/fake-storage';
import { installPage, renderApp } from './testing/render-app';

installPage();

const box = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Message' });
const button = (name: string): HTMLElement => screen.getByRole('button', { name });

const half: LoadProgress = {
  phase: 'shards',
  loadedBytes: 3_100_000,
  totalBytes: 7_600_000,
  fraction: 0.41,
  fetchedBytes: 3_100_000,
};

function failing(code: AppError['code'], message = 'Details here.'): FakeEngine {
  const engine = new FakeEngine();
  engine.nextLoad = new AppError(code, message);
  return engine;
}

describe('the model', () => {
  it('shows phase, bytes and percent while it loads, and says truthfully what it is when it has', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = 'hold';
    engine.progress = [half];
    const { session } = renderApp({ engine });
    const bar = await screen.findByRole('progressbar', { name: 'Loading the model' });
    await waitFor(() => expect(bar.getAttribute('aria-valuenow')).toBe('41'));
    expect(bar.getAttribute('aria-valuetext')).toBe('Downloading the weights, 41%');
    expect(screen.getByText('3.1 MB of 7.6 MB')).toBeTruthy();
    act(() => void session.load());
    await screen.findByText('Runs on Acme GPU One');
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('changes nothing of the first screen while it loads', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = 'hold';
    engine.progress = [{ ...half, fetchedBytes: 0 }, half];
    const { session } = renderApp({ engine });
    const first = screen.getByRole('heading', { level: 1 }).parentElement;
    const before = first?.innerHTML;
    await waitFor(() => expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('41'));
    act(() => session.cancel());
    await screen.findByText(/phield-tiny is not loaded/);
    act(() => void session.load(undefined, { memoryOnly: true }));
    await screen.findByText('Runs on Acme GPU One, it runs from memory and is not stored');
    expect(first?.innerHTML).toBe(before);
  });

  it('says when the adapter is a software one, flagged or not', async () => {
    const adapter = { ...fakeInfo.adapter, vendor: 'google', architecture: 'swiftshader', description: '' };
    renderApp({ engine: new FakeEngine({ info: { ...fakeInfo, adapter } }) });
    await screen.findByText('Runs on Google SwiftShader, in software, so slowly');
  });
});

describe('problem pages', () => {
  it('says which browsers have WebGPU and how to switch it on', async () => {
    renderApp({ engine: failing('gpu/unavailable') });
    const page = await screen.findByRole('alert');
    expect(within(page).getByRole('heading', { name: 'This browser does not offer WebGPU' })).toBeTruthy();
    expect(page.textContent).toContain('Safari 26');
    expect(page.textContent).toContain('chrome://flags/#enable-unsafe-webgpu');
    expect(box().disabled).toBe(true);
  });

  it('says what to check when there is no adapter', async () => {
    renderApp({ engine: failing('gpu/no-adapter') });
    const page = await screen.findByRole('alert');
    expect(within(page).getByRole('heading', { name: 'No graphics adapter answered' })).toBeTruthy();
    expect(page.textContent).toContain('chrome://gpu');
  });

  it('offers the processor where a GPU computes wrongly, and what is small enough for it', async () => {
    const engine = new FakeEngine();
    const details = { kernel: 'matmul_q4 of Q4_K', otherEngine: 'wllama' };
    engine.nextLoad = new AppError('gpu/wrong-numbers', 'This GPU computes it wrongly.', { details });
    const model = 'https://a.example/x.gguf/';
    const { user } = renderApp({ engine, model });
    const page = await screen.findByRole('alert');
    expect(within(page).getByRole('heading', { name: /computes wrong numbers/ })).toBeTruthy();
    await within(page).findByRole('button', { name: /^smollm2.135m$/i });
    await user.click(within(page).getByRole('button', { name: /^Run x.gguf on the processor$/ }));
    await waitFor(() => expect([engine.loads.at(-1), engine.wishes.at(-1)]).toEqual([model, 'wllama']));
  });

  it('names the file at fault, and tries again at a click', async () => {
    const { engine, user } = renderApp({
      engine: failing('storage/integrity', 'params_shard_3.bin is short.'),
    });
    const page = await screen.findByRole('alert');
    expect(page.textContent).toContain('params_shard_3.bin is short.');
    await user.click(within(page).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(engine.loads).toHaveLength(2));
    await waitFor(() => expect(box().disabled).toBe(false));
  });

  it('offers the built-in model when another cannot be had', async () => {
    const { engine, user } = renderApp({
      engine: failing('network/not-a-model'),
      model: 'https://a.example/x/',
    });
    await user.click(await screen.findByRole('button', { name: 'Use the built-in model' }));
    await waitFor(() => expect(engine.loads).toEqual(['https://a.example/x/', 'phield-tiny']));
  });

  it('offers to run from memory where the browser keeps nothing', async () => {
    const { engine, user } = renderApp({ engine: failing('storage/unavailable') });
    await user.click(await screen.findByRole('button', { name: 'Run from memory' }));
    await screen.findByText(/it runs from memory and is not stored/);
    expect(engine.fromMemory).toEqual(['phield-tiny']);
  });

  it('offers the other engine where that may help, and the stored files where they may be damaged', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = new AppError('model/bad-library', 'Cut short.', { details: { otherEngine: 'wgsl' } });
    const { settings, user } = renderApp({ engine, model: 'phi-3-mini' });
    const page = await screen.findByRole('alert');
    expect(within(page).getByRole('link', { name: 'Check its files' })).toBeTruthy();
    await user.click(within(page).getByRole('button', { name: 'Load it on Phield’s own (wgsl)' }));
    await waitFor(() => expect(engine.wishes).toEqual([undefined, 'wgsl']));
    expect(settings.getState().settings.engine).toBe('wgsl');
  });

  it('asks before a link makes it fetch a big model, with size and hosts', async () => {
    const engine = new FakeEngine();
    const model = 'https://models.example/mine/';
    engine.nextLoad = new AppError('run/needs-consent', 'Nobody.', { details: { bytes: 2_150_000_000 } });
    const { user, session } = renderApp({ engine, model });
    const question = await screen.findByRole('group', { name: 'Download mine?' });
    expect(question.textContent).toContain('2.2 GB');
    expect(question.textContent).toContain('models.example');
    await expect(session.compare(() => undefined)).rejects.toMatchObject({ code: 'run/needs-consent' });
    await user.click(within(question).getByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads).toEqual([model, model]));
    expect(engine.agreed).toEqual([false, true]);
    // What was said yes to once needs no second yes, on another engine for one.
    await act(() => session.load());
    expect(engine.agreed).toEqual([false, true, true]);
  });

  it('takes the built-in model instead of a big one', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = new AppError('run/needs-consent', 'Nobody.', { details: { bytes: 2_150_000_000 } });
    const { user } = renderApp({ engine, model: 'phi-3-mini' });
    const question = await screen.findByRole('group', { name: 'Download phi-3-mini?' });
    await user.click(within(question).getByRole('button', { name: 'Use the built-in model' }));
    await waitFor(() => expect(engine.loads).toEqual(['phi-3-mini', 'phield-tiny']));
  });

  it('loads again by itself after a crash, then offers the reload', async () => {
    const { engine, user } = renderApp();
    await screen.findByText(/Runs on/);
    await user.type(box(), 'Hello{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    const crash = new AppError('worker/crashed', 'Boom.');
    act(() => engine.lose(crash));
    await within(screen.getByRole('log')).findByText('The engine crashed');
    await waitFor(() => expect(engine.loads).toHaveLength(2));
    await screen.findByText(/Runs on/);
    act(() => engine.lose(crash));
    await user.click(await screen.findByRole('button', { name: 'Reload model' }));
    await waitFor(() => expect(engine.loads).toHaveLength(3));
  });
});

describe('settings', () => {
  it('holds for the next answer without loading the model again', async () => {
    const { engine, user } = renderApp();
    await user.click(button('Settings'));
    const dialog = await screen.findByRole('dialog', { name: 'Settings' });
    await user.type(within(dialog).getByRole('textbox', { name: 'Temperature' }), '0.25');
    await user.type(within(dialog).getByRole('textbox', { name: 'Max tokens' }), '32');
    await user.type(within(dialog).getByRole('textbox', { name: 'System prompt' }), 'Be brief.');
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await user.type(box(), 'Hi{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    expect(lastRun(engine).request).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      temperature: 0.25,
      max_tokens: 32,
    });
    expect(engine.loads).toHaveLength(1);
  });

  it('does not take a number that is not allowed, and says which are', async () => {
    const { settings, user } = renderApp();
    await user.click(button('Settings'));
    const field = screen.getByRole('textbox', { name: 'Temperature' });
    await user.type(field, '7');
    expect(settings.getState().settings.temperature).toBeUndefined();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Use a number from 0 to 2.')).toBeTruthy();
    await user.clear(field);
    await user.type(field, '0.3');
    await user.click(button('Reset these five to the model’s own'));
    expect(screen.getByRole('textbox', { name: 'Temperature' })).toHaveProperty('value', '');
  });

  it('changes language and theme at once', async () => {
    const { user } = renderApp();
    await user.click(button('Settings'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Theme' }), 'dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Language' }), 'pt');
    expect(screen.getByRole('log', { name: 'Conversa' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('pt');
  });
});

describe('notices', () => {
  it('says what a link has set and gives the person their own back', async () => {
    const { settings, user } = renderApp({ address: { temperature: 0, system: 'Be rude.' } });
    expect(screen.getByText('This link has set for this visit: temperature, system prompt.')).toBeTruthy();
    await user.click(button('Use my own settings'));
    expect(settings.getState().settings.system).toBe('');
    expect(screen.queryByText(/This link has set/)).toBeNull();
  });

  it('says what of a link was unusable, what could not be read and what cannot be saved', async () => {
    const { saving, user } = renderApp({ rejectedParameters: ['max_tokens'], unreadableChats: 2 });
    expect(screen.getByText(/left out: max_tokens/)).toBeTruthy();
    expect(screen.getByText(/2 saved chats could not be read/)).toBeTruthy();
    const [dismiss] = screen.getAllByRole('button', { name: 'Dismiss' });
    if (dismiss) await user.click(dismiss);
    expect(screen.queryByText(/2 saved chats/)).toBeNull();
    act(() => saving.set(new AppError('storage/quota', 'Full.')));
    expect(screen.getByText(/cannot be saved right now/)).toBeTruthy();
  });

  it('never takes an update under a running answer', async () => {
    const { engine, update, user } = renderApp();
    await user.type(box(), 'Hi{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    act(() => update.set(true));
    await user.click(button('Reload'));
    expect(update.apply).not.toHaveBeenCalled();
    expect(screen.getByText('It will reload when what is running is done.')).toBeTruthy();
    act(() => {
      lastRun(engine).say('Ok');
      lastRun(engine).end();
    });
    await waitFor(() => expect(update.apply).toHaveBeenCalledTimes(1));
  });

  it('nor under a download or an import', async () => {
    const engine = new FakeEngine();
    engine.progress = [half];
    engine.nextLoad = 'hold';
    const storage = new FakeStorage();
    storage.stored = [storedTiny];
    storage.hold = true;
    const { library, session, update, user } = renderApp({ engine, storage });
    act(() => update.set(true));
    await user.click(button('Reload'));
    act(() => void library.verify(storedTiny.base));
    act(() => session.cancel());
    expect(screen.getByText('It will reload when what is running is done.')).toBeTruthy();
    expect(update.apply).not.toHaveBeenCalled();
    act(() => library.cancel());
    await waitFor(() => expect(update.apply).toHaveBeenCalledTimes(1));
  });
});
