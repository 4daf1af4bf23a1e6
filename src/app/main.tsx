// The composition root: makes the stores, the client and the workers, and hands them to the page.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppError, invariant, toAppError } from '../base/errors';
import { allowOwnScripts } from '../base/own-scripts';
import { localTexts, tabTexts } from './texts-kept';
import type { StorageWay } from '../base/storage-way';
import { readAddress } from '../chat/settings/address';
import { ChatStore } from '../chat/chat-store';
import { Drafts } from '../chat/saved/drafts';
import { HostGrants } from '../chat/settings/host-grants';
import { keepQueue, readQueue } from '../chat/saved/kept-queue';
import { ModelLibrary } from '../chat/models/model-library';
import { ModelSession } from '../chat/models/model-session';
import { openChatDatabase } from '../chat/saved/chat-database';
import { ChatSaver, loadChats, readAllChats, type SavedChats } from '../chat/saved/persistence';
import { asPersona, keepPersonas, PersonaStore } from '../chat/settings/personas';
import { searchLoaded } from '../chat/search/search';
import { connectSearch } from '../chat/search/search-client';
import { TitleMaker } from '../chat/request/titles';
import { openPromptDatabase, Prompts } from '../chat/settings/prompts';
import { SettingsStore } from '../chat/settings/settings';
import { Subscribable } from '../chat/subscribable';
import type { EngineClient } from '../client/client';
import { part } from '../base/outdated';
import { DocumentShelf } from '../documents/shelf';
import { openDocuments } from '../documents/stored';
import { openJobs } from '../tasks/stored-jobs';
import { TaskDesk } from '../tasks/task-desk';
import { engineForTasks } from '../tasks/task-engine';
import { App } from '../ui/app';
import { firstPaint } from '../ui/common/first-paint';
import { keepInstallOffer } from '../ui/install/install-offer';
import { markdownTable, questionOf } from '../ui/tasks/task-words';
import { languageFor, loadTexts, textsFor } from '../ui/texts/texts';
import { builtInModel, isBuiltIn, nameModels } from '../ui/models/model-view';
import { runsOnProcessor } from '../store/catalogue/places';
import { catalogueNames } from '../store/catalogue/names';
import searchScript from '../chat/search/search-worker.ts?worker&url';
import documentsScript from '../documents/documents-worker.ts?worker&url';
import { fetchDeployer } from './deployer-file';
import { connectModelStorage } from './model-storage';
import { sharedEngine } from './shared-engine';
import { remoteLater } from './remote/remote-later';
import { startQuietWorker } from '../client/quiet-worker';
import { startUpdates } from './offline/updates';
import { Workers } from './workers';

async function start(root: HTMLElement): Promise<void> {
  allowOwnScripts();
  keepInstallOffer(window);
  nameModels(catalogueNames());
  const address = readAddress(location.search);
  const appBase = new URL('./', location.href).href;
  const settings = new SettingsStore(localTexts(), address.settings);
  const workers = new Workers(appBase, () => storageWay(settings, appBase));
  let chosenWay = settings.getState().settings.storage;
  settings.subscribe(() => {
    const { storage } = settings.getState().settings;
    if (storage !== chosenWay) workers.tellWay();
    chosenWay = storage;
  });
  const client = withWebGpu(afterPaint(sharedEngine(workers, appBase)), appBase);
  const own = settings.getState().settings;
  const session = new ModelSession(
    client,
    absoluteModel(address.model ?? own.model ?? builtInModel),
    () => settings.getState().settings,
  );
  // It begins when the page is there (`afterPaint`), and what a person sends meanwhile waits for it.
  // A link's model is the link's wish and not the person's: a big one is asked for first.
  void session.load(undefined, { agreed: address.model === undefined });
  const library = new ModelLibrary(connectModelStorage(appBase, workers));
  checkWhenIdle(session, library);
  const shelf = new DocumentShelf(() => startQuietWorker(documentsScript, 'documents'), openDocuments());

  const words = loadTexts(languageFor(settings.getState().settings.language, navigator.languages));
  const personas = new PersonaStore(localTexts());
  const database = openChatDatabase();
  const nothing: SavedChats = { conversations: new Map(), activeId: null, unreadable: 0 };
  let readError: AppError | undefined;
  const saved = await loadChats(database).catch((thrown: unknown) => {
    readError = toAppError(thrown, 'storage/unavailable');
    return nothing;
  });
  /** For whoever has something to ask of it: idle work gives way. */
  const whenReady = async (signal: AbortSignal): Promise<EngineClient> => {
    await titles.stop();
    return session.whenReady(signal);
  };
  // Fetched when the page is there: the first question waits for nothing.
  const safety = firstPaint().then(() => import('./safe-client'));
  safety.catch(() => {});
  /** What is asked and answered in chats is checked as far as the person has set. */
  const safely = async (client: EngineClient): Promise<EngineClient> => {
    const { safety: level = 'standard', language } = settings.getState().settings;
    if (level === 'off') return client;
    // Where it cannot be had, only who asked for all of it goes without an answer.
    const module = await safety.catch((thrown: unknown) => {
      if (level === 'strict') throw thrown;
      return undefined;
    });
    const page = languageFor(language, navigator.languages);
    if (!module) return client;
    const judges = module.judges(session.loaded?.parameters);
    return module.safeClient(client, { level, language: page, languages: navigator.languages, judges });
  };
  const remote = remoteLater(localTexts(), appBase);
  // What `npm run bench:chats` counts from.
  performance.mark('chats:read');
  const chat = new ChatStore(
    {
      engine: async (signal) => safely(await whenReady(signal)),
      settings: (conversation) =>
        asPersona(settings.getState().settings, personas.get(personas.idFor(conversation))),
      model: () => session.getState().model,
      contextWindow: () => session.loaded?.contextWindow,
      seesImages: () => session.loaded?.abilities?.includes('images') === true,
      ground: async (question, documents, options) => {
        const { groundIn } = await part(() => import('../documents/ground-chat'));
        return groundIn(shelf)(question, documents, options);
      },
      // Where a larger model may be suggested.
      logprobs: () => (remote.getState()?.getState().mode ?? 'off') !== 'off',
      onAnswered: () => session.noteHealthy(),
      open: async (id) => saver?.open(id),
    },
    { ...saved, ...readQueue(tabTexts(), saved.conversations) },
  );
  keepQueue(chat, tabTexts());
  const texts = () => textsFor(settings.getState().settings.language, navigator.languages);
  const desk = new TaskDesk({
    engine: { ...engineForTasks(session, chat), client: whenReady },
    chat,
    shelf,
    store: openJobs(),
    question: (job) => questionOf(job, texts()),
    table: (job) => markdownTable(job, texts()),
  });
  keepPersonas(chat, personas);
  const titles: TitleMaker = new TitleMaker({
    chat,
    engine: () => {
      const state = session.getState();
      // The built-in model does not name chats well: the first words say more.
      return state.kind === 'ready' && !isBuiltIn(state.model) ? client : undefined;
    },
    system: (conversation) =>
      asPersona(settings.getState().settings, personas.get(personas.idFor(conversation))).system,
    request: () => texts().titleRequest,
  });
  // After the session, which has begun to load again by then.
  client.onLost((error) => chat.engineLost(error));
  const saver: ChatSaver | undefined = readError
    ? undefined
    : new ChatSaver(chat, database, (changed, gone) => search.changed(changed, gone));
  const search = readError
    ? searchLoaded(chat)
    : connectSearch(() => startQuietWorker(searchScript, 'search'));
  let halted = false;
  const flush = (): void => void (!halted && saver?.flush({ leaving: true }));
  window.addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });

  const drafts = new Drafts(localTexts());
  if (!readError) drafts.prune(new Set(saved.conversations.keys()));

  await words;
  createRoot(root).render(
    <StrictMode>
      <App
        chat={chat}
        session={session}
        library={library}
        shelf={shelf}
        desk={desk}
        settings={settings}
        search={search}
        personas={personas}
        readAllChats={() => readAllChats(database)}
        drafts={drafts}
        prompts={new Prompts(openPromptDatabase())}
        saving={saver ?? new Subscribable(readError)}
        update={startUpdates(chat, session)}
        checkPolicy={async () => (await part(() => import('./policy-check'))).checkPolicy(workers)}
        remote={remote}
        grants={new HostGrants(localTexts())}
        unreadableChats={saved.unreadable}
        rejectedParameters={address.rejected}
      />
    </StrictMode>,
  );
  // What the first paint does without.
  await firstPaint();
  // A page that is left before they have come goes without them: no failure to tell of.
  const beside = <T,>(load: () => Promise<T>, begin: (parts: T) => void): void =>
    void part(load).then(begin, () => undefined);
  beside(
    () => import('./launches'),
    (parts) => parts.followPage(window),
  );
  const halt = (): void => {
    halted = true;
    saver?.close();
  };
  beside(
    () => import('./keep-ledger'),
    (parts) => parts.keepLedger(halt),
  );
  beside(
    () => import('./long-loads'),
    (parts) => parts.showLongLoads(session, parts.browserShows()),
  );
}

/**
 * An engine's worker and what it compiles take the processor for seconds where there is no GPU: they begin when the
 * page has been drawn, so that a person sees it at once.
 */
function afterPaint(client: EngineClient): EngineClient {
  return {
    ...client,
    load: async (model, options) => {
      await firstPaint();
      return client.load(model, options);
    },
  };
}

/** The person's choice, else what this site's owner has set up. Asked only when something is about to be stored. */
async function storageWay(settings: SettingsStore, appBase: string): Promise<StorageWay> {
  const chosen = settings.getState().settings.storage;
  return chosen ?? (await fetchDeployer(appBase)).storage ?? 'files';
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

/** Says at once that there is no WebGPU, where the worker would first have to start to find out. */
function withWebGpu(client: EngineClient, appBase: string): EngineClient {
  return {
    ...client,
    load: (model, options) => {
      const onProcessor = runsOnProcessor(model, appBase);
      if ('gpu' in navigator || (options.engine === 'wllama' && onProcessor))
        return client.load(model, options);
      const details = onProcessor ? { otherEngine: 'wllama' } : {};
      const message = 'navigator.gpu is missing in this browser.';
      return Promise.reject(new AppError('gpu/unavailable', message, { details }));
    },
  };
}

/** A link may name a folder of this site in short. */
function absoluteModel(model: string): string {
  return /^\.{0,2}\//.test(model) ? new URL(model, location.href).href : model;
}

const root = document.getElementById('root');
invariant(root, 'index.html has no #root.');
void start(root);
