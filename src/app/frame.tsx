// The composition root of the page for frames (embed.html): the same engine, stores and components as the app, a
// conversation that lives as long as the page, and a line to the host that may be closed at any of its doors.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { invariant } from '../base/errors';
import { allowOwnScripts } from '../base/own-scripts';
import { localTexts } from './texts-kept';
import { readAddress } from '../chat/address';
import { ChatStore } from '../chat/chat-store';
import { Drafts } from '../chat/drafts';
import { HostGrants } from '../chat/host-grants';
import type { DocumentRef } from '../chat/conversation';
import { ModelLibrary } from '../chat/model-library';
import { ModelSession } from '../chat/model-session';
import { PersonaStore } from '../chat/personas';
import { Prompts } from '../chat/prompts';
import { searchLoaded } from '../chat/search/search';
import { SettingsStore } from '../chat/settings';
import { Subscribable } from '../chat/subscribable';
import documentsScript from '../documents/documents-worker.ts?worker&url';
import { groundIn } from '../documents/ground-chat';
import { DocumentShelf } from '../documents/shelf';
import { documentsInMemory } from '../documents/memory-store';
import { openDocuments } from '../documents/stored';
import type { HostMessage } from '../protocol/widget';
import { countedFetch } from '../ledger/counted-fetch';
import { watchLoads } from '../ledger/watch-loads';
import { catalogueNames } from '../store/catalogue/names';
import { places } from '../store/catalogue/places';
import { TaskDesk } from '../tasks/task-desk';
import { engineForTasks } from '../tasks/task-engine';
import { builtInModel, isBuiltIn, nameModels } from '../ui/models/model-view';
import { languageFor, loadTexts, textsFor } from '../ui/texts/texts';
import { tellHost } from '../widget/frame/events';
import { FramePage } from '../widget/frame/frame-page';
import { frameTextsFor } from '../widget/frame/frame-texts';
import { listenToHost } from '../widget/frame/host-link';
import { modelForHost } from '../widget/frame/host-model';
import { knowledgeMarkdown } from '../widget/frame/knowledge';
import { createSupport } from '../widget/frame/support';
import { frameStorage } from '../widget/frame/surroundings';
import { fetchDeployer } from './deployer-file';
import { connectModelStorage } from './model-storage';
import { sharedEngine } from './shared-engine';
import { documentsInPage } from './page-documents';
import { checkPolicy } from './policy-check';
import { judges, safeClient } from './safe-client';
import { startQuietWorker } from '../client/quiet-worker';
import { Workers } from './workers';

async function start(root: HTMLElement): Promise<void> {
  allowOwnScripts();
  watchLoads();
  nameModels(catalogueNames());
  const appBase = new URL('./', location.href).href;
  const deployer = fetchDeployer(appBase);
  // Before anything is waited for: a host says hello as soon as this page has loaded.
  const inbox: HostMessage[] = [];
  let receive = (message: HostMessage): void => void inbox.push(message);
  let opened = (): void => {};
  const link = listenToHost(
    window,
    deployer,
    (message) => receive(message),
    () => opened(),
  );

  const { model: ownModel, system, knowledge, contact, floor } = await deployer;
  const address = readAddress(location.search);
  const query = new URLSearchParams(location.search);
  const theme = query.get('theme');
  const settings = new SettingsStore(undefined, {
    ...address.settings,
    // What a host writes into the address is data; only the deployer speaks as the system.
    system: system ?? '',
    ...((theme === 'light' || theme === 'dark') && { theme }),
  });
  const language = (): string =>
    textsFor(settings.getState().settings.language, navigator.languages).language;

  // Where a host's page is the frame's, its browser keeps this origin's storage apart: the site's owner says how.
  const workers = new Workers(appBase, async () => (await deployer).storage ?? 'files');
  const client = sharedEngine(workers, appBase);
  const session = new ModelSession(
    client,
    modelFor(address.model, ownModel),
    () => settings.getState().settings,
  );
  // Where a browser lets a frame keep nothing, the model runs from memory.
  const storage = frameStorage(window);
  let fromMemory = storage === 'nothing';
  if (storage !== 'no-origin') void session.load(undefined, { memoryOnly: fromMemory });
  session.subscribe(() => {
    const state = session.getState();
    if (state.kind !== 'failed' || state.error.code !== 'storage/unavailable' || fromMemory) return;
    fromMemory = true;
    void session.load(undefined, { memoryOnly: true });
  });
  const shelf = storage === 'kept' || storage === 'until-closed' ? shelfOnDisk() : shelfInMemory();
  const support = createSupport({
    ground: groundIn(shelf),
    find: (question, ids, limit) => shelf.find(question, ids, limit),
    quotes: () => isBuiltIn(session.getState().model),
    unknown: () =>
      frameTextsFor(language()).unknown(
        contact && `[${contact.label.replace(/[[\]]/g, '')}](${contact.href})`,
      ),
  });
  let known: readonly DocumentRef[] = [];
  // A question that comes before what the site tells of itself waits for it.
  const awaited = knowledge !== undefined || query.has('knowledge');
  let knowledgeCame = (): void => {};
  const knowing = awaited
    ? Promise.race([
        new Promise<void>((resolve) => (knowledgeCame = resolve)),
        new Promise<void>((resolve) => setTimeout(resolve, knowledgePatienceMs)),
      ])
    : Promise.resolve();
  const chat = new ChatStore({
    engine: async (signal) => {
      const state = session.getState();
      return safeClient(support.client(await session.whenReady(signal)), {
        level: floor.level,
        language: language(),
        languages: navigator.languages,
        floor,
        judges: judges(state.kind === 'ready' ? state.info.parameters : undefined),
      });
    },
    settings: () => settings.getState().settings,
    model: () => session.getState().model,
    about: () =>
      awaited || known.length > 0 ? [{ id: siteId, name: frameTextsFor(language()).knowledgeName }] : [],
    contextWindow: () => {
      const state = session.getState();
      return state.kind === 'ready' ? state.info.contextWindow : undefined;
    },
    ground: async (question, documents, options) => {
      await knowing;
      const meant = documents.flatMap((one) => (one.id === siteId ? known : [one]));
      return meant.length > 0 ? support.ground(question, meant, options) : { content: question, sources: [] };
    },
    onAnswered: () => session.noteHealthy(),
  });
  client.onLost((error) => chat.engineLost(error));

  const teach = async (text: string): Promise<void> => {
    const file = new File([knowledgeMarkdown(text)], `${frameTextsFor(language()).knowledgeName}.md`);
    const { id, name } = await shelf.add(file);
    known = [...known.filter((one) => one.id !== id), { id, name }];
    knowledgeCame();
  };
  const hostModel = modelForHost({
    link,
    grants: new HostGrants(localTexts()),
    engine: (signal) => session.whenReady(signal),
    model: () => session.getState().model,
  });
  let shown = true;
  const host = tellHost(link, chat, session, () => shown);
  receive = (message) => {
    switch (message.type) {
      case 'send':
        chat.send(message.text);
        return;
      case 'setTheme':
        settings.update({ theme: message.theme === 'system' ? 'auto' : message.theme });
        return;
      case 'setContext':
      case 'knowledge':
        void teach(message.text).catch(() => link.send({ type: 'error', code: 'widget/bad-message' }));
        return;
      case 'shown':
        shown = message.shown;
        if (shown) host.seen();
        return;
      case 'complete':
      case 'stop':
        hostModel.receive(message);
        return;
      default:
        message satisfies never;
    }
  };
  opened = () => {
    host.tellState();
    hostModel.opened();
  };
  if (link.origin() !== undefined) opened();
  new ResizeObserver(([entry]) =>
    link.send({ type: 'resize', heightPx: Math.ceil(entry?.contentRect.height ?? 0) }),
  ).observe(root);
  for (const message of inbox.splice(0)) receive(message);
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) link.send({ type: 'close' });
  });
  if (knowledge !== undefined) {
    const file = new URL(knowledge, appBase);
    if (file.href.startsWith(appBase)) {
      void countedFetch('app')(file.href)
        .then((response) =>
          response.ok ? response.text() : Promise.reject(new Error(String(response.status))),
        )
        .then(teach)
        .catch(() => link.send({ type: 'error', code: 'widget/bad-message' }));
    }
  }

  await loadTexts(languageFor(settings.getState().settings.language, navigator.languages));
  createRoot(root).render(
    <StrictMode>
      <FramePage
        chat={chat}
        session={session}
        library={new ModelLibrary(connectModelStorage(appBase, workers))}
        shelf={shelf}
        settings={settings}
        desk={
          new TaskDesk({
            engine: engineForTasks(session, chat),
            chat,
            shelf,
            // There are no tasks here.
            store: {
              list: () => Promise.resolve([]),
              save: () => Promise.resolve(),
              remove: () => Promise.resolve(),
            },
            question: () => '',
            table: () => '',
          })
        }
        search={searchLoaded(chat)}
        personas={new PersonaStore(undefined)}
        readAllChats={() => Promise.resolve([...chat.getState().conversations.values()])}
        drafts={new Drafts(undefined)}
        prompts={new Prompts(undefined)}
        checkPolicy={() => checkPolicy(workers)}
        saving={new Subscribable(undefined)}
        update={Object.assign(new Subscribable(false), { apply: () => {} })}
        unreadableChats={0}
        rejectedParameters={[]}
        contact={contact}
        storage={storage}
        host={hostModel}
      />
    </StrictMode>,
  );
}

/** Stands for all that the site has told of itself, whenever it comes. */
const siteId = 'site';
const knowledgePatienceMs = 15_000;

/** A host may choose from the catalogue and nothing else: an address of its own would be a download of its own. */
function modelFor(asked: string | undefined, own: string | undefined): string {
  const known = places.some(({ builds }) => builds.some(({ id }) => id === asked));
  return (known ? asked : own) ?? builtInModel;
}

function shelfOnDisk(): DocumentShelf {
  return new DocumentShelf(() => startQuietWorker(documentsScript, 'documents'), openDocuments());
}

function shelfInMemory(): DocumentShelf {
  const store = documentsInMemory();
  return new DocumentShelf(() => documentsInPage(store), store);
}

const root = document.getElementById('root');
invariant(root, 'embed.html has no #root.');
void start(root);
