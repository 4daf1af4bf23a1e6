// @vitest-environment jsdom
// Ask a photo: which model sees, by which engine, and that the processor is slow at it.
import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeEngine, fakeInfo } from '../../client/fake-engine';
import { FakeStorage, storedTiny } from '../testing/fake-storage';
import { installPage, renderApp } from '../testing/render-app';

installPage();

const pair = 'https://hub.example/small.gguf+mmproj-small.gguf/';

function openPhoto(options: Parameters<typeof renderApp>[0] = {}) {
  location.hash = '#/tasks/photo';
  return renderApp(options);
}

describe('Ask a photo', () => {
  it('says how a model of one’s own comes to see, where none is here', async () => {
    openPhoto();
    expect(await screen.findByText(/its GGUF file and the mmproj file/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Import files' }).getAttribute('href')).toBe('#/storage');
  });

  it('loads a pair of this device on the processor, whatever engine is wished for, and says that it is slow', async () => {
    const engine = new FakeEngine();
    const storage = new FakeStorage();
    storage.stored = [storedTiny, { ...storedTiny, base: pair }];
    const { settings, user } = openPhoto({ engine, storage });
    await screen.findByText(/sees pictures through llama.cpp/);
    expect(screen.getByText(/processor, not on its graphics, and that is slow/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Load small.gguf + mmproj on the processor' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe(pair));
    expect(engine.wishes.at(-1)).toBe('wllama');
    // The next start takes the same model; which engine other models run on stays as it was.
    expect(settings.getState().settings).toMatchObject({ model: pair });
    expect(settings.getState().settings.engine).toBeUndefined();
  });

  it('says of a pair that runs on the graphics that it reads text only there', async () => {
    const storage = new FakeStorage();
    storage.stored = [{ ...storedTiny, base: pair }];
    openPhoto({ storage, model: pair });
    await screen.findByText(/small\.gguf \+ mmproj is loaded on the graphics, where it reads text only/);
  });

  it('asks for a picture where the model sees on the processor, in Portuguese too', async () => {
    const info = { ...fakeInfo, engine: 'wllama', abilities: ['images'] } as const;
    const { settings } = openPhoto({ engine: new FakeEngine({ info }), model: pair });
    await screen.findByText('small.gguf + mmproj sees pictures.');
    expect(screen.getByLabelText('Choose a picture')).toBeTruthy();
    expect(screen.getByText(/and that is slow/)).toBeTruthy();
    act(() => settings.update({ language: 'pt' }));
    expect(await screen.findByText(/e isso é lento/)).toBeTruthy();
  });
});
