// Where the page for frames begins (embed.html): the line to the host, the first words and a box to type in. The chat comes
// right behind, so that as little script as can be stands between a host's page and what a person sees first.
import { invariant, toAppError } from '../../base/errors';
import { part } from '../../base/outdated';
import { allowOwnScripts } from '../../base/own-scripts';
import { readAddress } from '../../chat/settings/address';
import { watchLoads } from '../../ledger/watch-loads';
import type { HostMessage } from '../../protocol/widget';
import { catalogueNames } from '../../store/catalogue/names';
import { places } from '../../store/catalogue/places';
import { focusWhenGiven } from '../../ui/chat/focus';
import { languageFor, loadTexts, textsFor } from '../../ui/texts/texts';
import { builtInModel, modelName, nameModels } from '../../ui/models/model-view';
import { greet } from '../../widget/frame/greeting';
import { modelFor } from '../../widget/frame/frame-settings';
import { listenToHost } from '../../widget/host/host-link';
import { fetchDeployer } from '../deployer-file';
// All of the chat's: what comes behind must not look different, nor stand elsewhere.
import '../../ui/styles/base.css';
import '../../ui/styles/layout.css';
import '../../ui/styles/chat.css';
import '../../ui/styles/composer.css';
import '../../ui/styles/documents.css';
import '../../ui/styles/panels.css';
import '../../ui/styles/prose.css';
import '../../widget/frame/frame.css';

const knownModels = {
  ids: new Set(places.flatMap(({ builds }) => builds.map(({ id }) => id))),
  builtIn: builtInModel,
};

async function start(root: HTMLElement): Promise<void> {
  const address = readAddress(location.search);
  const language = languageFor(address.settings.language ?? 'auto', navigator.languages);
  document.documentElement.dataset['theme'] = new URLSearchParams(location.search).get('theme') ?? 'auto';
  nameModels(catalogueNames());
  if (window.origin === 'null') {
    await loadTexts(language);
    greet(root, textsFor(language, []), { canRun: false }).name(
      modelName(modelFor(address.model, undefined, knownModels)),
    );
    return;
  }
  allowOwnScripts();
  watchLoads();
  focusWhenGiven();
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
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) link.send({ type: 'close' });
  });
  const chat = part(() => import('./frame-chat'));
  // Looked at below; until then a failure is nobody's yet.
  chat.catch(() => {});

  await loadTexts(language);
  const greeting = greet(root, textsFor(language, []), { canRun: true });
  const known = await deployer;
  const model = modelFor(address.model, known.model, knownModels);
  greeting.name(modelName(model));
  const { showChat } = await chat.catch((thrown: unknown) => {
    const { code } = toAppError(thrown);
    greeting.fail(code);
    link.send({ type: 'error', code });
    throw thrown;
  });
  await showChat({
    root,
    appBase,
    address,
    deployer: known,
    model,
    greeting,
    link,
    hear: (hears, opens) => {
      receive = hears;
      opened = opens;
      if (link.origin() !== undefined) opened();
      for (const message of inbox.splice(0)) receive(message);
    },
  });
}

const root = document.getElementById('root');
invariant(root, 'embed.html has no #root.');
void start(root);
