// The composition root: makes the stores, the client and the workers, and hands them to the page.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppError, invariant, toAppError } from '../base/errors';
import { readAddress } from '../chat/address';
import { ChatStore } from '../chat/chat-store';
import { ModelLibrary } from '../chat/model-library';
import { ModelSession } from '../chat/model-session';
import { ChatSaver, loadChats, openChatDatabase, type SavedChats } from '../chat/persistence';
import { SettingsStore, type TextStorage } from '../chat/settings';
import { Subscribable } from '../chat/subscribable';
import type { EngineClient } from '../client/client';
import { connectWorker } from '../client/worker-client';
import { groundIn } from '../documents/ground-chat';
import { DocumentShelf } from '../documents/shelf';
import { openDocuments } from '../documents/stored';
import { App } from '../ui/app';
import { builtInModel, nameModels } from '../ui/models/model-view';
import { catalogueNames } from '../store/catalogue/names';
import { connectModelStorage } from './model-storage';
import { startUpdates } from './updates';
import { Workers } from './workers';

async function start(root: HTMLElement): Promise<void> {
  nameModels(catalogueNames());
  const address = readAddress(location.search);
  const appBase = new URL('./', location.href).href;
  const workers = new Workers(appBase);
  const client = connectWorker(() => workers.startEngine(), { appBase });
  const settings = new SettingsStore(localTexts(), address.settings);
  const own = settings.getState().settings;
  const session = new ModelSession(
    withWebGpu(allowing(client, workers)),
    absoluteModel(address.model ?? own.model ?? builtInModel),
    () => settings.getState().settings,
  );
  // Started before anything is drawn: the weights take longer than the page.
  void session.load();
  const library = new ModelLibrary(connectModelStorage(appBase, workers));
  checkWhenIdle(session, library);
  const shelf = new DocumentShelf(
    () => new Worker(new URL('../documents/documents-worker.ts', import.meta.url), { type: 'module' }),
    openDocuments(),
  );

  const database = openChatDatabase();
  const nothing: SavedChats = { conversations: new Map(), activeId: null, unreadable: 0 };
  let readError: AppError | undefined;
  const saved = await loadChats(database).catch((thrown: unknown) => {
    readError = toAppError(thrown, 'storage/unavailable');
    return nothing;
  });
  const chat = new ChatStore(
    {
      engine: (signal) => session.whenReady(signal),
      settings: () => settings.getState().settings,
      model: () => session.getState().model,
      contextWindow: () => {
        const state = session.getState();
        return state.kind === 'ready' ? state.info.contextWindow : undefined;
      },
      seesImages: () => {
        const state = session.getState();
        return state.kind === 'ready' && state.info.abilities?.includes('images') === true;
      },
      ground: groundIn(shelf),
      onAnswered: () => session.noteHealthy(),
      open: async (id) => saver?.open(id),
    },
    saved,
  );
  // After the session, which has begun to load again by then.
  client.onLost((error) => chat.engineLost(error));
  const saver: ChatSaver | undefined = readError ? undefined : new ChatSaver(chat, database);
  const flush = (): void => void saver?.flush({ leaving: true });
  window.addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });

  createRoot(root).render(
    <StrictMode>
      <App
        chat={chat}
        session={session}
        library={library}
        shelf={shelf}
        settings={settings}
        saving={saver ?? new Subscribable(readError)}
        update={startUpdates(chat)}
        unreadableChats={saved.unreadable}
        rejectedParameters={address.rejected}
      />
    </StrictMode>,
  );
}

/** What a crash may have damaged is looked at when no load is under way: a model that is downloading is left alone. */
function checkWhenIdle(session: ModelSession, library: ModelLibrary): void {
  const check = (): void => {
    if (session.getState().kind !== 'loading') void library.checkAfterCrash();
  };
  // Absent in Safari.
  const whenIdle = (window as { requestIdleCallback?: (act: () => void) => void }).requestIdleCallback;
  session.subscribe(() => {
    if (session.getState().kind === 'loading') return;
    if (whenIdle) whenIdle.call(window, check);
    else setTimeout(check, 2_000);
  });
}

/** What a person loads may be fetched: the engine alone, which sees their words, may not name an address. */
function allowing(client: EngineClient, workers: Workers): EngineClient {
  const named = (model: string): string => {
    workers.allow(model);
    return model;
  };
  return {
    ...client,
    load: (model, options) => client.load(named(model), options),
    compareEngines: (model, options) => client.compareEngines(named(model), options),
    benchmark: (model, options) => client.benchmark(named(model), options),
  };
}

/** Says at once that there is no WebGPU, where the worker would first have to start to find out. */
function withWebGpu(client: EngineClient): EngineClient {
  return {
    ...client,
    load: (model, options) =>
      'gpu' in navigator
        ? client.load(model, options)
        : Promise.reject(new AppError('gpu/unavailable', 'navigator.gpu is missing in this browser.')),
  };
}

/** A link may name a folder of this site in short. */
function absoluteModel(model: string): string {
  return /^\.{0,2}\//.test(model) ? new URL(model, location.href).href : model;
}

/** Reading localStorage itself throws where the browser forbids it. */
function localTexts(): TextStorage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

const root = document.getElementById('root');
invariant(root, 'index.html has no #root.');
void start(root);
