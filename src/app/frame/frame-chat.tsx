// The chat in a frame, over what frame.ts has begun: the same engine, stores and components as the app, a conversation that
// lives as long as the page, and what a host's messages do.
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { part } from '../../base/outdated';
import { localTexts } from '../texts-kept';
import type { AddressParameters } from '../../chat/settings/address';
import { ChatStore } from '../../chat/chat-store';
import { Drafts } from '../../chat/saved/drafts';
import { HostGrants } from '../../chat/settings/host-grants';
import type { DocumentRef } from '../../chat/conversation';
import { ModelLibrary } from '../../chat/models/model-library';
import { ModelSession } from '../../chat/models/model-session';
import { PersonaStore } from '../../chat/settings/personas';
import { Prompts } from '../../chat/settings/prompts';
import { searchLoaded } from '../../chat/search/search';
import { SettingsStore } from '../../chat/settings/settings';
import { Subscribable } from '../../chat/subscribable';
import documentsScript from '../../documents/documents-worker.ts?worker&url';
import { groundIn } from '../../documents/ground-chat';
import { DocumentShelf } from '../../documents/shelf';
import { documentsInMemory } from '../../documents/memory-store';
import { openDocuments } from '../../documents/stored';
import type { HostMessage } from '../../protocol/widget';
import { countedFetch } from '../../ledger/counted-fetch';
import { TaskDesk } from '../../tasks/task-desk';
import { engineForTasks } from '../../tasks/task-engine';
import { isBuiltIn } from '../../ui/models/model-view';
import { textsFor } from '../../ui/texts/texts';
import type { Deployer } from '../../widget/frame/deployer';
import { tellHost } from '../../widget/host/events';
import { FramePage } from '../../widget/frame/frame-page';
import { frameSettings, systemText } from '../../widget/frame/frame-settings';
import { frameTextsFor } from '../../widget/frame/frame-texts';
import type { Greeting } from '../../widget/frame/greeting';
import type { HostLink } from '../../widget/host/host-link';
import { modelForHost } from '../../widget/host/host-model';
import { knowledgeMarkdown } from '../../widget/knowledge/knowledge';
import { lending } from '../../widget/storage/lending';
import type { FindLent } from '../../widget/storage/shared-model';
import { requestShared } from '../../widget/storage/storage-access';
import { createSupport } from '../../widget/knowledge/support';
import { frameStorage } from '../../widget/storage/surroundings';
import { connectModelStorage } from '../model-storage';
import { sharedEngine } from '../shared-engine';
import { documentsInPage } from './page-documents';
import { checkPolicy } from '../policy-check';
import { judges, safeClient } from '../safe-client';
import type { EngineClient } from '../../client/client';
import { startQuietWorker } from '../../client/quiet-worker';
import { Workers } from '../workers';

/** What has begun before the chat came. */
export interface FrameStart {
  readonly root: HTMLElement;
  /** Absolute, ending in a slash. */
  readonly appBase: string;
  readonly address: AddressParameters;
  readonly deployer: Deployer;
  readonly model: string;
  readonly greeting: Greeting;
  readonly link: HostLink;
  /** From now on a host's messages go here; those that came before are given at once. */
  readonly hear: (receive: (message: HostMessage) => void, opened: () => void) => void;
}

export async function showChat(start: FrameStart): Promise<void> {
  const { root, appBase, address, deployer, model, greeting, link, hear } = start;
  const { system, knowledge, contact, floor } = deployer;
  const query = new URLSearchParams(location.search);
  const theme = query.get('theme');
  const settings = new SettingsStore(undefined, frameSettings(address.settings, theme, system));
  const language = (): string =>
    textsFor(settings.getState().settings.language, navigator.languages).language;

  // Where a host's page is the frame's, its browser keeps this origin's storage apart: the site's owner says how.
  const workers = new Workers(appBase, () => Promise.resolve(deployer.storage ?? 'files'));
  const findLent: FindLent = async (shared, folder) =>
    (await part(() => import('../../store/port/find-lent'))).findLent(shared, folder);
  const engine = lending(sharedEngine(workers, appBase), async (folder) => {
    const shared = await requestShared(window);
    return typeof shared === 'object' ? findLent(shared, folder) : undefined;
  });
  // Where a browser lets a frame keep nothing, the model runs from memory, also one that the person has said yes to.
  const storage = await frameStorage(window);
  let fromMemory = storage === 'nothing';
  const client: EngineClient = {
    ...engine,
    load: (name, options) => engine.load(name, { ...options, ...(fromMemory && { memoryOnly: true }) }),
  };
  const session = new ModelSession(client, model, () => settings.getState().settings);
  void session.load(undefined, { memoryOnly: fromMemory });
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
      const ready = support.client(await session.whenReady(signal));
      return safeClient(ready, {
        level: floor.level,
        language: language(),
        languages: navigator.languages,
        floor,
        judges: judges(session.loaded?.parameters),
      });
    },
    settings: () => settings.getState().settings,
    model: () => session.getState().model,
    about: () =>
      awaited || known.length > 0 ? [{ id: siteId, name: frameTextsFor(language()).knowledgeName }] : [],
    contextWindow: () => session.loaded?.contextWindow,
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
  const receive = (message: HostMessage): void => {
    switch (message.type) {
      case 'send':
        chat.send(message.text);
        return;
      case 'setTheme':
        settings.update({ theme: message.theme === 'system' ? 'auto' : message.theme });
        return;
      case 'setSystem':
        if (link.mayInstruct()) settings.update({ system: systemText(system, message.text) });
        else link.send({ type: 'error', code: 'widget/bad-origin' });
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
  new ResizeObserver(([entry]) =>
    link.send({ type: 'resize', heightPx: Math.ceil(entry?.contentRect.height ?? 0) }),
  ).observe(root);
  hear(receive, () => {
    host.tellState();
    hostModel.opened();
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

  const drafts = new Drafts(undefined);
  const page = (
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
        drafts={drafts}
        prompts={new Prompts(undefined)}
        checkPolicy={() => checkPolicy(workers)}
        saving={new Subscribable(undefined)}
        update={Object.assign(new Subscribable(false), { apply: () => {} })}
        unreadableChats={0}
        rejectedParameters={[]}
        contact={contact}
        storage={storage}
        host={hostModel}
        findLent={findLent}
      />
    </StrictMode>
  );
  await greeting.giveWay((typed) => {
    drafts.set(chat.getState().activeId, typed);
    flushSync(() => createRoot(root).render(page));
  });
}

/** Stands for all that the site has told of itself, whenever it comes; frame.css names it too. */
const siteId = 'site';
const knowledgePatienceMs = 15_000;

function shelfOnDisk(): DocumentShelf {
  return new DocumentShelf(() => startQuietWorker(documentsScript, 'documents'), openDocuments());
}

function shelfInMemory(): DocumentShelf {
  const store = documentsInMemory();
  return new DocumentShelf(() => documentsInPage(store), store);
}
