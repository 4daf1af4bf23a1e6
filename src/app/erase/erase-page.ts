// Entry of erase.html: a page that keeps nothing open itself, and deletes all that the app keeps, once a person says so.
import { tell } from '../../ledger/book';
import { invariant } from '../../base/errors';
import { localTexts, tabTexts } from '../texts-kept';
import { ledgerWords } from '../../ui/texts/ledger-words';
import { languageFor } from '../../ui/texts/texts';
import { eraseEverything, type Browser, type Left } from './erase';
import '../../ui/styles/base.css';
import '../../ui/styles/pages.css';
import '../../ui/styles/layout.css';
import './erase.css';

const element = document.getElementById('erase');
invariant(element, 'erase.html has no #erase.');
const place = element;
const language = languageFor(chosenLanguage(), navigator.languages);
const words = ledgerWords(language).erasing;
document.documentElement.lang = language === 'pt' ? 'pt-BR' : 'en';
document.title = `${words.title} · Phield`;

function chosenLanguage(): 'auto' | 'en' | 'pt' {
  try {
    const { language: chosen } = JSON.parse(localTexts()?.getItem('phield-settings') ?? '{}') as {
      language?: unknown;
    };
    return chosen === 'en' || chosen === 'pt' ? chosen : 'auto';
  } catch {
    return 'auto';
  }
}

/** Reading a storage itself throws where the browser forbids it. */
function where<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const browser: Browser = {
  databases: where(() => indexedDB),
  caches: 'caches' in globalThis ? caches : undefined,
  files:
    navigator.storage && 'getDirectory' in navigator.storage
      ? () => navigator.storage.getDirectory()
      : undefined,
  texts: localTexts(),
  tab: tabTexts(),
  worker: (navigator as Partial<Navigator>).serviceWorker,
  base: new URL('./', location.href).href,
  patienceMs: 5_000,
};

function show(title: string, ...rest: readonly HTMLElement[]): void {
  const heading = document.createElement('h1');
  heading.textContent = title;
  heading.tabIndex = -1;
  place.replaceChildren(heading, ...rest);
  heading.focus();
}

function paragraph(text: string, role?: string): HTMLElement {
  const made = document.createElement('p');
  made.textContent = text;
  if (role) made.setAttribute('role', role);
  return made;
}

function button(text: string, act: () => void): HTMLElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button button-danger';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}

function link(): HTMLElement {
  const made = document.createElement('a');
  made.href = './';
  made.className = 'button';
  made.textContent = words.back;
  return made;
}

function listOf(left: readonly Left[]): HTMLElement {
  const list = document.createElement('ul');
  for (const { store, name, inUse, message } of left) {
    const item = document.createElement('li');
    const { stores, places } = ledgerWords(language);
    const what = `${stores[store.id]} (${places[store.place]}${name && `: ${name}`})`;
    item.textContent = words.refused(what, inUse ? words.inUse : words.unknown(message));
    list.append(item);
  }
  return list;
}

async function erase(): Promise<void> {
  show(words.title, paragraph(words.working, 'status'));
  tell({ erase: true });
  const left = await eraseEverything(browser);
  if (left.length === 0) show(words.done, link());
  else
    show(
      words.notAll,
      listOf(left),
      button(words.again, () => void erase()),
      link(),
    );
}

if (location.hash === '#elsewhere') show(words.title, paragraph(words.elsewhere));
else
  show(
    words.title,
    paragraph(words.lead),
    button(words.go, () => void erase()),
    link(),
  );
