// The whole page over a scripted engine, for component tests, with the few things that jsdom lacks.
import { cleanup, configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { ChatStore } from '../../chat/chat-store';
import type { HostGrants } from '../../chat/settings/host-grants';
import { ModelLibrary } from '../../chat/models/model-library';
import { ModelSession } from '../../chat/models/model-session';
import { searchLoaded } from '../../chat/search/search';
import { asPersona, keepPersonas, PersonaStore } from '../../chat/settings/personas';
import { Drafts, type DraftStorage } from '../../chat/saved/drafts';
import { Prompts } from '../../chat/settings/prompts';
import { SettingsStore, type Settings } from '../../chat/settings/settings';
import { Subscribable } from '../../chat/subscribable';
import type { SaveState } from '../../chat/saved/persistence';
import { FakeEngine } from '../../client/fake-engine';
import { groundIn } from '../../documents/ground-chat';
import { fakeShelf } from '../../documents/testing/fake-shelf';
import type { PolicyFindings } from '../../protocol/policy';
import type { Job } from '../../tasks/job';
import { TaskDesk } from '../../tasks/task-desk';
import { engineForTasks } from '../../tasks/task-engine';
import { App } from '../app';
import type { RemoteAccess } from '../app-context';
import { markdownTable, questionOf } from '../tasks/task-words';
import { en } from '../texts/en';
import { loadTexts } from '../texts/texts';
import { FakeStorage } from './fake-storage';

export interface RenderOptions {
  readonly engine?: FakeEngine;
  readonly model?: string;
  readonly storage?: FakeStorage;
  readonly address?: Partial<Settings>;
  readonly narrow?: boolean;
  readonly drafts?: DraftStorage;
  readonly prompts?: Prompts;
  readonly unreadableChats?: number;
  readonly rejectedParameters?: readonly string[];
  readonly policy?: PolicyFindings;
  readonly remote?: RemoteAccess;
  readonly grants?: HostGrants;
}

const held = { network: true, code: true };
const everythingHeld: PolicyFindings = { page: held, engine: held, store: held, framing: true };

// Parts of the page come by `import()`, which a busy machine takes its time for.
configure({ asyncUtilTimeout: 8_000 });

export function installPage(): void {
  // As a person finds it who does not click within the first moment: what the app fetches beside its first paint is here.
  beforeAll(async () => {
    await Promise.all([
      loadTexts('pt'),
      import('../settings/settings-dialog'),
      import('../search/palette'),
      import('../models/models-page'),
      import('../storage/storage-page'),
      import('../benchmark/benchmark-page'),
      import('../tasks/tasks-page'),
      import('../documents/documents-page'),
    ]);
  });
  beforeEach(() => {
    history.replaceState(null, '', '/');
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    );
    vi.stubGlobal('CSS', { supports: () => true });
    HTMLDialogElement.prototype.showModal = function (): void {
      this.open = true;
    };
    setNarrow(false);
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
}

function setNarrow(narrow: boolean): void {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('max-width') ? narrow : true,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
}

export function renderApp(options: RenderOptions = {}) {
  const { engine = new FakeEngine(), model = 'phield-tiny', address = {}, narrow = false } = options;
  setNarrow(narrow);
  const settings = new SettingsStore(undefined, address);
  const session = new ModelSession(engine, model, () => settings.getState().settings);
  void session.load();
  const storage = options.storage ?? new FakeStorage();
  const library = new ModelLibrary(storage);
  const { shelf } = fakeShelf();
  const personas = new PersonaStore(undefined);
  const chat = new ChatStore({
    engine: (signal) => session.whenReady(signal),
    settings: (conversation) =>
      asPersona(settings.getState().settings, personas.get(personas.idFor(conversation))),
    model: () => session.getState().model,
    contextWindow: () => session.loaded?.contextWindow,
    seesImages: () => session.loaded?.abilities?.includes('images') === true,
    ground: groundIn(shelf),
    onAnswered: () => session.noteHealthy(),
  });
  keepPersonas(chat, personas);
  engine.onLost((error) => chat.engineLost(error));
  const jobs = new Map<string, Job>();
  const desk = new TaskDesk({
    engine: engineForTasks(session, chat),
    chat,
    shelf,
    store: {
      list: () => Promise.resolve([...jobs.values()]),
      save: (job) => Promise.resolve(void jobs.set(job.id, job)),
      remove: (id) => Promise.resolve(void jobs.delete(id)),
    },
    question: (job) => questionOf(job, en),
    table: (job) => markdownTable(job, en),
  });
  const saving = new Subscribable<SaveState>(undefined);
  const update = Object.assign(new Subscribable(false), { apply: vi.fn() });
  const user = userEvent.setup();
  render(
    <App
      chat={chat}
      session={session}
      library={library}
      shelf={shelf}
      desk={desk}
      settings={settings}
      search={searchLoaded(chat)}
      personas={personas}
      readAllChats={() => Promise.resolve([...chat.getState().conversations.values()])}
      drafts={new Drafts(options.drafts)}
      prompts={options.prompts ?? new Prompts(undefined)}
      saving={saving}
      update={update}
      {...(options.remote && { remote: options.remote })}
      {...(options.grants && { grants: options.grants })}
      checkPolicy={() => Promise.resolve(options.policy ?? everythingHeld)}
      unreadableChats={options.unreadableChats ?? 0}
      rejectedParameters={options.rejectedParameters ?? []}
    />,
  );
  return { engine, storage, library, shelf, desk, session, settings, chat, personas, saving, update, user };
}
