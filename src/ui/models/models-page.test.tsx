// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine, fakeCard, fakeInfo, fakeModels } from '../../client/fake-engine';
import { FakeStorage, storedPart } from '../testing/fake-storage';
import { installPage, renderApp } from '../testing/render-app';

installPage();

async function openModels(options: Parameters<typeof renderApp>[0] = {}) {
  const app = renderApp(options);
  const pages = screen.getByRole('navigation', { name: 'Other pages' });
  await app.user.click(within(pages).getByRole('link', { name: 'Models' }));
  await screen.findByRole('heading', { name: 'Models', level: 1 });
  return app;
}

const card = (name: string): HTMLElement => screen.getByRole('listitem', { name });

const smallFacts = {
  name: 'X',
  architecture: 'llama',
  parameters: 160_000_000,
  mix: [{ type: 'Q8_0', share: 1 }],
  contextWindow: 4096,
  licence: undefined,
  template: 'User: …',
  weightBytes: 170_000_000,
  positionBytes: 23_040,
};

describe('the models page', () => {
  it('groups by what fits, with the numbers, the suggestion and what is in use', async () => {
    await openModels();
    await screen.findByRole('heading', { name: 'Fits this device' });
    expect(within(card('phi-3-mini')).getByText('Suggested for this device')).toBeTruthy();
    expect(card('phi-3-mini').textContent).toContain('2.2 GB');
    expect(card('phi-3-mini').textContent).toContain('3.0 GB with 4,096 tokens of context');
    expect(card('phi-4-mini').textContent).toContain('Needs 5.0 GB; this device should give 5.2 GB.');
    expect(within(card('phi-3-medium')).queryByRole('button')).toBeNull();
    await waitFor(() => expect(within(card('phield-tiny')).getByText('In use')).toBeTruthy());
  });

  it('asks once before a big download, and then loads and remembers the model', async () => {
    const { engine, settings, user } = await openModels();
    await user.click(await screen.findByRole('button', { name: 'Use phi-3-mini' }));
    expect(engine.loads).toEqual(['phield-tiny']);
    const question = screen.getByRole('group', { name: 'Download phi-3-mini?' });
    expect(question.textContent).toContain('2.2 GB will be fetched');
    expect(question.textContent).toContain('hub.example');
    expect(question.textContent).toContain('Licence: MIT');
    await user.click(within(question).getByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads).toEqual(['phield-tiny', 'phi-3-mini']));
    expect(settings.getState().settings.model).toBe('phi-3-mini');
  });

  it('names every host that the bytes may come from', async () => {
    const storage = new FakeStorage();
    storage.mirrors = ['https://mirror.example/phi/', 'https://hub.example/copy/', 'https://far.example/x/'];
    storage.library = 'https://raw.example/phi.wasm';
    const { user } = await openModels({ storage });
    await user.click(await screen.findByRole('button', { name: 'Use phi-3-mini' }));
    const question = screen.getByRole('group', { name: 'Download phi-3-mini?' });
    expect(question.textContent).toContain(
      'They come from hub.example, or from where that server sends on to.',
    );
    expect(question.textContent).toContain('they come from mirror.example or far.example.');
    expect(question.textContent).toContain('WebLLM comes from raw.example.');
  });

  it('leaves everything as it was when the download is declined', async () => {
    const { engine, settings, user } = await openModels();
    await user.click(await screen.findByRole('button', { name: 'Use phi-3-mini' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('group', { name: 'Download phi-3-mini?' })).toBeNull();
    expect(engine.loads).toEqual(['phield-tiny']);
    expect(settings.getState().settings.model).toBeUndefined();
  });

  it('says how much of a model is here, and asks nothing for one that is whole', async () => {
    const storage = new FakeStorage();
    storage.stored = [storedPart];
    const { engine, library, user } = await openModels({ storage });
    await within(card('phi-3-mini')).findByText('1.0 GB of 2.2 GB on this device');
    await user.click(screen.getByRole('button', { name: 'Use phi-3-mini' }));
    expect(screen.getByRole('group', { name: /phi-3-mini/ }).textContent).toContain(
      '1.2 GB are still missing',
    );
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    storage.stored = [{ ...storedPart, complete: true, missing: [] }];
    await library.refresh();
    await within(card('phi-3-mini')).findByText('On this device');
    await user.click(screen.getByRole('button', { name: 'Use phi-3-mini' }));
    await waitFor(() => expect(engine.loads).toEqual(['phield-tiny', 'phi-3-mini']));
  });

  it('lists the files of a repository, shows what the chosen one says of itself, and whether it fits', async () => {
    const storage = new FakeStorage();
    const address = 'https://hub.example/x-Q4_K_M.gguf';
    storage.repositories.set('owner/name', {
      name: 'owner/name',
      files: [
        { name: 'x-Q4_K_M.gguf', address, nbytes: 2_400_000_000, parts: 1 },
        {
          name: 'x-F16-00001-of-00002.gguf',
          address: 'https://hub.example/f',
          nbytes: 7_600_000_000,
          parts: 2,
        },
      ],
    });
    storage.found = {
      name: 'Phi 3',
      architecture: 'phi3',
      parameters: 3_800_000_000,
      mix: [{ type: 'Q4_K', share: 0.8 }],
      contextWindow: 4096,
      licence: 'mit',
      template: '<|user|>\n…<|end|>\n<|assistant|>\n…<|end|>\n',
      weightBytes: 2_400_000_000,
      positionBytes: 393_216,
      slidingWindow: 2047,
    };
    const { engine, user } = await openModels({ storage });
    await user.type(screen.getByRole('textbox', { name: 'Address or owner/repository' }), 'owner/name');
    await user.click(screen.getByRole('button', { name: 'Check' }));
    const files = await screen.findByRole('list', { name: 'owner/name has 2 GGUF files' });
    expect(files.textContent).toContain('7.6 GB in 2 parts');
    await user.click(within(files).getByRole('button', { name: 'Look at x-Q4_K_M.gguf' }));
    await screen.findByText('Yes: about 4.3 GB can be had');
    expect(screen.getByText('3.4 GB with 4,096 tokens of context')).toBeTruthy();
    expect(screen.getByText(/<\|user\|>⏎…<\|end\|>/)).toBeTruthy();
    expect(engine.loads).toEqual(['phield-tiny']);
    await user.click(screen.getByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe(address));
  });

  it('offers the file that a model sees by beside it, and to leave that out again', async () => {
    const storage = new FakeStorage();
    const address = 'https://hub.example/x.gguf';
    const seeing = `${address}+mmproj-x.gguf`;
    storage.eyes = { of: address, name: 'mmproj-x.gguf', nbytes: 190_000_000, address: seeing };
    const { engine, user } = await openModels({ storage });
    const field = screen.getByRole('textbox', { name: 'Address or owner/repository' });
    await user.type(field, address);
    await user.click(screen.getByRole('button', { name: 'Check' }));
    await screen.findByText(/mmproj-x\.gguf \(190 MB\).*slowly, through llama\.cpp on the processor/);
    storage.found = { ...smallFacts, eyes: { name: 'mmproj-x.gguf', nbytes: 190_000_000 } };
    await user.click(screen.getByRole('button', { name: 'Take mmproj-x.gguf along' }));
    await screen.findByText(/Sees them by mmproj-x\.gguf \(190 MB\).*On the graphics it reads text only/);
    expect(field).toHaveProperty('value', seeing);
    await user.click(screen.getByRole('button', { name: 'Leave the file for pictures out' }));
    await screen.findByRole('button', { name: 'Take mmproj-x.gguf along' });
    await user.click(screen.getByRole('button', { name: 'Take mmproj-x.gguf along' }));
    await user.click(await screen.findByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe(seeing));
  });

  it('says of an own model what it is, what it needs here and whether that fits, from what is stored', async () => {
    const storage = new FakeStorage();
    const base = 'https://hub.example/my-phi.gguf/';
    storage.stored = [{ ...storedPart, base, complete: true, missing: [] }];
    storage.found = {
      name: undefined,
      architecture: 'phi3',
      parameters: 3_800_000_000,
      mix: [{ type: 'Q4_K', share: 1 }],
      contextWindow: 4096,
      licence: undefined,
      template: '<|user|>…',
      weightBytes: 9_000_000_000,
      positionBytes: 393_216,
    };
    const { engine, user } = await openModels({ storage });
    const own = await screen.findByRole('listitem', { name: 'my-phi.gguf' });
    await within(own).findByText(
      /Memory on the GPU: 10\.6 GB with 4,096 tokens of context\. Does it fit here\? Perhaps: the browser vouches for 4\.3 GB/,
    );
    await user.click(within(own).getByText('Details'));
    expect(own.textContent).toContain('Parameters3.8B');
    expect(own.textContent).toContain('LicenceIts files do not say');
    await user.click(within(own).getByRole('button', { name: 'Use my-phi.gguf' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe(base));
  });

  it('looks at an address before anything is fetched, and says what is wrong with it', async () => {
    const storage = new FakeStorage();
    storage.failure = new AppError('network/cors', 'a.example does not allow it.');
    const { engine, user } = await openModels({ storage });
    await user.type(
      screen.getByRole('textbox', { name: 'Address or owner/repository' }),
      'https://a.example/phi/',
    );
    await user.click(screen.getByRole('button', { name: 'Check' }));
    await screen.findByText('That server does not let other pages read its files');
    storage.failure = undefined;
    await user.click(screen.getByRole('button', { name: 'Check' }));
    await screen.findByText('A model that Phield can try: 2.0 GB in 83 files.');
    expect(engine.loads).toEqual(['phield-tiny']);
    await user.click(screen.getByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe('https://a.example/phi/'));
    // What was found is of an address that stands there no more.
    await user.click(screen.getByText('I have a compiled library for it'));
    await user.type(
      screen.getByRole('textbox', { name: 'Address of the library (.wasm)' }),
      'https://b.example/phi.wasm',
    );
    expect(screen.queryByRole('button', { name: 'Download and use' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Check' }));
    await user.click(await screen.findByRole('button', { name: 'Download and use' }));
    await waitFor(() =>
      expect(engine.loads.at(-1)).toBe('https://a.example/phi/ by https://b.example/phi.wasm'),
    );
  });
});

describe('models of one’s own', () => {
  it('are offered again when they are on this device', async () => {
    const storage = new FakeStorage();
    storage.stored = [
      storedPart,
      { ...storedPart, base: 'https://a.example/own-phi/', complete: true, missing: [] },
      { ...storedPart, base: 'imported:/nowhere/' },
    ];
    const { engine, user } = await openModels({ storage });
    await screen.findByRole('heading', { name: 'Your own' });
    expect(screen.queryByRole('listitem', { name: 'nowhere' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Use own-phi' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe('https://a.example/own-phi/'));
    await within(card('own-phi')).findByText('In use');
  });
});

describe('the engine', () => {
  it('cannot be chosen where a model has only one, and the page says so', async () => {
    const storage = new FakeStorage();
    storage.stored = [{ ...storedPart, base: 'https://a.example/own-phi/', complete: true, missing: [] }];
    const { user } = await openModels({ storage });
    await user.click(await screen.findByRole('button', { name: 'Use own-phi' }));
    const select = await screen.findByRole('combobox', { name: 'Engine' });
    await waitFor(() => expect(select).toHaveProperty('disabled', true));
    expect(select).toHaveProperty('value', 'wgsl');
    expect(screen.getByText(/nothing to choose or compare/)).toBeTruthy();
  });

  it('can be the processor for what it runs, with no more promised than that', async () => {
    const { engine, user } = await openModels();
    const select = await screen.findByRole('combobox', { name: 'Engine' });
    await screen.findByText(/The processor can run this model too, many times slower/);
    expect(within(select).queryByRole('option', { name: 'WebLLM' })).toBeNull();
    await user.selectOptions(select, 'wllama');
    await waitFor(() => expect(engine.wishes).toEqual([undefined, 'wllama']));
    expect(screen.getByRole('button', { name: 'Compare engines on this device' })).toHaveProperty(
      'disabled',
      true,
    );
  });

  const both = new FakeEngine({
    info: { ...fakeInfo, choice: { engine: 'wgsl', why: 'not-measured' } },
  });

  it('says why it is the one, takes a wish, and compares on this device', async () => {
    const { engine, settings, user } = await openModels({ engine: both });
    await screen.findByText(/not compared on this device yet/);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Engine' }), 'webllm');
    await waitFor(() => expect(engine.wishes).toEqual([undefined, 'webllm']));
    expect(settings.getState().settings.engine).toBe('webllm');
    await screen.findByText('WebLLM: as you have chosen.');
    await user.click(screen.getByRole('button', { name: 'Compare engines on this device' }));
    const row = await screen.findByRole('row', { name: /Phield’s own/ });
    expect(row.textContent).toContain('30');
    expect(engine.compared).toEqual(['phield-tiny']);
    // The comparison has unloaded it.
    await waitFor(() => expect(engine.loads).toHaveLength(3));
  });
});

describe('loading', () => {
  it('tells one stable line, and a big download can be paused and cancelled', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = 'hold';
    const report = {
      loadedBytes: 1e9,
      totalBytes: 2e9,
      fetchedBytes: 1e8,
      bytesPerSecond: 1e7,
      secondsLeft: 100,
    };
    engine.progress = [
      { ...report, phase: 'shards', fraction: 0.4 },
      { ...report, phase: 'upload', fraction: 0.5 },
    ];
    const storage = new FakeStorage();
    const { session, user } = renderApp({ engine, storage, model: 'phi-3-mini' });
    await screen.findByText('Downloading the weights');
    expect(screen.getByText(/10.0 MB\/s · 1 min 40 s left/)).toBeTruthy();
    storage.download('https://hub.example/phi-3-mini/', { doneBytes: 1e9, totalBytes: 2e9 });
    await user.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(storage.calls).toEqual(['pause https://hub.example/phi-3-mini/']);
    await screen.findByText('Paused');
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await screen.findByText(/phi-3-mini is not loaded/);
    expect(session.getState().kind).toBe('idle');
    await user.click(screen.getByRole('button', { name: 'Load it' }));
    await waitFor(() => expect(session.getState().kind).toBe('ready'));
  });

  it('says what is needed and what could be deleted when storage is full', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = new AppError('storage/quota', 'Full.', {
      details: { neededBytes: 1_200_000_000, storedBytes: 900_000_000 },
    });
    const storage = new FakeStorage();
    storage.stored = [{ ...storedPart, base: 'https://hub.example/other/' }];
    const { user } = renderApp({ engine, storage, model: 'phi-3-mini' });
    const room = await screen.findByRole('region', { name: 'Make room' });
    expect(room.textContent).toContain('1.2 GB more are needed; 900 MB of this model are already here.');
    await waitFor(() => expect(room.textContent).toContain('other: 1.0 GB'));
    expect(within(room).getByRole('link', { name: 'Choose a smaller model' })).toBeTruthy();
    await user.click(within(room).getByRole('button', { name: 'Delete other' }));
    await user.click(within(room).getByRole('button', { name: 'Delete' }));
    await within(room).findByText(/1\.0 GB are free again/);
    expect(storage.calls).toEqual(['remove https://hub.example/other/']);
    expect(room.textContent).toContain('No other model is stored here');
    // Nothing was asked to run from memory so far; now it is, and the page says so.
    expect(engine.fromMemory).toEqual([]);
    await user.click(within(room).getByRole('button', { name: 'Run from memory' }));
    await screen.findByText(/it runs from memory and is not stored/);
    expect(engine.fromMemory).toEqual(['phi-3-mini']);
  });
});

describe('a GPU that is too little', () => {
  it('is no end of it for a small file, which the processor runs, after the same question', async () => {
    const reason = { code: 'software-adapter', text: '', details: {} } as const;
    const fit = {
      ...fakeCard('x', {}).fit,
      verdict: 'cannot',
      reason,
      engines: [],
      build: undefined,
    } as const;
    const small = fakeCard('https://a.example/small.gguf/', { downloadBytes: 98_362_432, fit });
    const large = fakeCard('https://a.example/large.gguf/', { downloadBytes: 2_393_231_072, fit });
    const folder = fakeCard('phi-3-mini', { downloadBytes: 98_362_432, fit });
    const engine = new FakeEngine({ models: { ...fakeModels, cards: [small, large, folder] } });
    const { settings, user } = await openModels({ engine });
    const run = await screen.findByRole('button', { name: `Run ${small.id} on the processor` });
    expect(screen.queryAllByRole('button', { name: /on the processor$/ })).toEqual([run]);
    await user.click(run);
    expect(settings.getState().settings.engine).toBeUndefined();
    await user.click(screen.getByRole('button', { name: 'Download and use' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe(small.id));
    expect(engine.wishes.at(-1)).toBe('wllama');
  });
});

describe('a big download on a slow line', () => {
  it('says how long it takes, and offers what is small and quick', async () => {
    Object.defineProperty(navigator, 'connection', { value: { downlink: 2 }, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(navigator, 'connection'));
    const small = fakeCard('qwen2.5-0.5b', { downloadBytes: 491_400_032 });
    const engine = new FakeEngine({ models: { ...fakeModels, cards: [...fakeModels.cards, small] } });
    const { user } = await openModels({ engine });
    await user.click(await screen.findByRole('button', { name: 'Use phi-3-mini' }));
    const instead = await screen.findByRole('group', { name: 'Small and quick instead:' });
    expect(screen.getByText(/it takes about 2 h/)).toBeTruthy();
    await user.click(within(instead).getByRole('button', { name: 'qwen2.5-0.5b, 491 MB' }));
    await waitFor(() => expect(engine.loads.at(-1)).toBe('qwen2.5-0.5b'));
  });
});
