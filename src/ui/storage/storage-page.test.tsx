// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine, fakeInfo } from '../../client/fake-engine';
import { modelFiles } from '../models/own/model-files';
import { FakeStorage, miniBase, storedPart, storedTiny, tinyBase } from '../testing/fake-storage';
import { installPage, renderApp } from '../testing/render-app';

installPage();

async function openStorage(change: (storage: FakeStorage) => void = () => undefined) {
  const storage = new FakeStorage();
  storage.stored = [storedTiny, storedPart];
  change(storage);
  const app = renderApp({ storage });
  await app.user.click(screen.getByRole('link', { name: 'This device' }));
  await screen.findByRole('listitem', { name: 'phield-tiny' });
  return app;
}

const entry = (name: string): HTMLElement => screen.getByRole('listitem', { name });

describe('the storage page', () => {
  it('lists size, completeness, what is missing and when it was checked', async () => {
    await openStorage();
    expect(within(entry('phield-tiny')).getByText('Complete')).toBeTruthy();
    expect(entry('phield-tiny').textContent).toMatch(/Checked Jan 2, 2026/);
    expect(within(entry('phi-3-mini')).getByText('Incomplete: 1.0 GB of 2.2 GB')).toBeTruthy();
    expect(entry('phi-3-mini').textContent).toContain('params_shard_9.bin 4.0 MB of 30.0 MB here');
    const exportPart = screen.getByRole<HTMLButtonElement>('button', { name: 'Export phi-3-mini' });
    expect(exportPart.disabled).toBe(true);
  });

  it('says what the engine holds on the GPU, once for all tabs, and which tab has it', async () => {
    const { engine, settings } = await openStorage();
    await screen.findByText('On the GPU now: 9.0 MB, by this tab’s engine.');
    engine.memory = { gpuBytes: 9_500_000, guests: 3, here: false };
    // Asked again by itself: tabs come and go.
    const of3 = 'On the GPU now: 9.5 MB, once for 3 tabs and frames. ';
    await screen.findByText(`${of3}The engine is in another tab; this one holds nothing of it.`);
    act(() => settings.update({ language: 'pt' }));
    engine.memory = { gpuBytes: 9_500_000, guests: 3, here: true };
    await screen.findByText(
      /^Na GPU agora: 9,5\sMB, uma vez só para 3 abas e quadros\. O motor está nesta aba\.$/,
    );
  });

  it('deletes only after the question is answered', async () => {
    const { storage, user } = await openStorage();
    await user.click(screen.getByRole('button', { name: 'Delete phi-3-mini' }));
    expect(storage.calls).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Keep it' }));
    await user.click(screen.getByRole('button', { name: 'Delete phi-3-mini' }));
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(screen.queryByRole('listitem', { name: 'phi-3-mini' })).toBeNull());
    expect(storage.calls).toEqual([`remove ${miniBase}`]);
  });

  it('shows what is kept of a model’s reading, also of one that is not stored, and forgets it', async () => {
    const { storage, user } = await openStorage((fake) => {
      fake.prefixes.set(tinyBase, 3_000_000).set('https://gone.example/my-phi/', 12_000_000);
    });
    expect(entry('phield-tiny').textContent).toContain(
      'has read in chats is kept for the next start: 3.0 MB',
    );
    expect(entry('phi-3-mini').textContent).not.toContain('has read in chats');
    expect(entry('my-phi').textContent).toContain('12.0 MB');
    await user.click(screen.getByRole('button', { name: 'Forget what phield-tiny has read' }));
    await waitFor(() => expect(entry('phield-tiny').textContent).not.toContain('has read in chats'));
    await user.click(screen.getByRole('button', { name: 'Forget what my-phi has read' }));
    await waitFor(() => expect(screen.queryByRole('listitem', { name: 'my-phi' })).toBeNull());
    expect(storage.calls).toEqual([
      `removePrefixes ${tinyBase}`,
      'removePrefixes https://gone.example/my-phi/',
    ]);
  });

  it('checks with progress, and can be cancelled', async () => {
    const { storage, user } = await openStorage((fake) => (fake.hold = true));
    await user.click(screen.getByRole('button', { name: 'Verify phield-tiny' }));
    const bar = await screen.findByRole('progressbar', { name: 'Checking phield-tiny' });
    expect(bar.getAttribute('aria-valuenow')).toBe('50');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('progressbar', { name: /Checking/ })).toBeNull());
    storage.hold = false;
    await user.click(screen.getByRole('button', { name: 'Verify phield-tiny' }));
    await screen.findByText('phield-tiny is whole: every file is as it arrived.');
  });

  it('says where a model lies, moves it to the other place, and goes on with one that lies in both', async () => {
    const { storage, settings, user } = await openStorage();
    expect(entry('phield-tiny').textContent).toContain('In private files');
    expect(entry('phi-3-mini').textContent).toContain('Partly in private files, partly in IndexedDB');
    await user.click(screen.getByRole('button', { name: 'Move to IndexedDB: phield-tiny' }));
    await screen.findByText('phield-tiny is moved; nothing was fetched again.');
    expect(entry('phield-tiny').textContent).toContain('In IndexedDB');
    await user.click(screen.getByRole('button', { name: 'Move to private files: phi-3-mini' }));
    act(() => settings.update({ storage: 'indexeddb' }));
    expect(storage.calls).toEqual([`move ${tinyBase} to indexeddb`, `move ${miniBase} to files`]);
  });

  it('names damaged files', async () => {
    const { user } = await openStorage((fake) => (fake.damaged = ['params_shard_1.bin']));
    await user.click(screen.getByRole('button', { name: 'Verify phield-tiny' }));
    await screen.findByText(/had damaged files.*params_shard_1\.bin/);
  });

  it('asks for persistence at a click and says what came of it', async () => {
    const { user } = await openStorage();
    expect(screen.getByText(/may delete it when the disk runs short/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Ask the browser to keep it' }));
    await screen.findByText(/has promised to keep it/);
  });

  it('shows a download of any tab, and pauses and resumes it', async () => {
    const { storage, user } = await openStorage();
    act(() =>
      storage.download(miniBase, { doneBytes: 1e9, totalBytes: 2e9, bytesPerSecond: 1e7, secondsLeft: 100 }),
    );
    const bar = await screen.findByRole('progressbar', { name: 'Downloading' });
    expect(bar.getAttribute('aria-valuenow')).toBe('50');
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    await user.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(storage.calls).toEqual([`pause ${miniBase}`, `resume ${miniBase}`]);
    act(() => storage.download(miniBase, { doneBytes: 2e9, totalBytes: 2e9 }));
    await waitFor(() => expect(screen.queryByRole('progressbar', { name: 'Downloading' })).toBeNull());
  });

  it('looks at a GGUF file that was handed over before the page was there', async () => {
    modelFiles.hand([new File(['GGUF'], 'x.gguf')]);
    const { storage } = await openStorage((fake) => {
      fake.failure = new AppError('model/bad-gguf', 'This GGUF file ends in the middle of its head.');
    });
    await screen.findByText('This GGUF file is damaged, or is not one');
    expect(storage.calls).toEqual([]);
  });

  it('says what was found among files before it imports them, and under which address', async () => {
    const { storage, user } = await openStorage();
    const input = screen.getByLabelText('Import files', { selector: 'input' });
    await user.upload(input, [new File(['{}'], 'mlc-chat-config.json')]);
    await screen.findByText(/These files are missing: tokenizer.json/);
    expect(screen.queryByRole('button', { name: 'Import' })).toBeNull();
    await user.upload(input, [new File(['{}'], 'mlc-chat-config.json'), new File(['{}'], 'tokenizer.json')]);
    await screen.findByText('Found “my-phi”: 6.0 MB.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Import as' }), 'phi-3-mini');
    await user.click(screen.getByRole('button', { name: 'Import' }));
    await waitFor(() => expect(storage.calls).toEqual([`import ${miniBase}`]));
    await screen.findByText('phi-3-mini is imported and complete.');
  });

  it('exports into the folder that is chosen', async () => {
    const { storage, user } = await openStorage();
    const picker = { showDirectoryPicker: () => Promise.resolve({}) };
    Object.assign(window, picker);
    await user.click(screen.getByRole('button', { name: 'Export phield-tiny' }));
    await screen.findByText('phield-tiny is exported.');
    expect(storage.calls).toEqual([`exportTo ${tinyBase}`]);
    Reflect.deleteProperty(window, 'showDirectoryPicker');
  });
});

describe('the check after a crash', () => {
  it('says nothing when all is well, and names what was damaged until it is seen', async () => {
    const storage = new FakeStorage();
    const { engine, library, user } = renderApp({ storage });
    await act(() => library.checkAfterCrash());
    expect(screen.queryByText(/died during a download/)).toBeNull();
    storage.failure = new AppError('storage/unavailable', 'Not now.');
    await act(() => library.checkAfterCrash());
    expect(library.getState().error).toBeUndefined();
    storage.failure = undefined;
    storage.damaged = ['params_shard_4.bin'];
    await act(() => library.checkAfterCrash());
    await screen.findByText(/died during a download.*params_shard_4\.bin/);
    await user.click(screen.getByRole('button', { name: 'Reload model' }));
    expect(screen.queryByText(/died during a download/)).toBeNull();
    await waitFor(() => expect(engine.loads).toHaveLength(2));
  });
});

describe('the offer to keep storage', () => {
  it('comes once, after a model that took a download is loaded', async () => {
    const engine = new FakeEngine({ info: { ...fakeInfo, weightBytes: 2_000_000_000 } });
    const { settings, user } = renderApp({ engine });
    await user.click(await screen.findByRole('button', { name: 'Ask the browser to keep it' }));
    await waitFor(() => expect(screen.queryByText(/A model is stored now/)).toBeNull());
    expect(settings.getState().settings.persistenceOffered).toBe(true);
    // What the browser says to it.
    expect(screen.getByText('The browser has promised to keep it.')).toBeTruthy();
  });
});
