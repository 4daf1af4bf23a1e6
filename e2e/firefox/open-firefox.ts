// Debian's own Firefox with WebGPU (wgpu and naga, the second implementation of the standard) on lavapipe, driven by
// Playwright over WebDriver BiDi.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firefox, type Browser, type BrowserContext } from '@playwright/test';
import { copyProfile, firefoxDriver, removeProfile } from '../../scripts/browser.mjs';

const start = (adapter: boolean) => {
  // No driver, no adapter; navigator.gpu is there all the same, as on a machine whose driver is blocked.
  const driver = adapter ? (firefoxDriver() ?? '') : '/dev/null';
  return {
    channel: 'moz-firefox',
    executablePath: fileURLToPath(new URL('./firefox-launcher.mjs', import.meta.url)),
    env: { ...process.env, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
    firefoxUserPrefs: {
      'dom.webgpu.enabled': true,
      'dom.webgpu.workers.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
      'intl.accept_languages': 'en-US',
      // Processes for pages to come, begun before there is one.
      'dom.ipc.processPrelaunch.enabled': false,
    },
  };
};
export const page = { viewport: { width: 1200, height: 800 }, locale: 'en-US' };

let begun: Promise<string> | undefined;

/** A profile that Firefox has started once: the first start of one takes twice as long as every later one. */
function begunProfile(): Promise<string> {
  return (begun ??= (async () => {
    const profile = await mkdtemp(join(tmpdir(), 'phield-firefox-'));
    const context = await firefox.launchPersistentContext(profile, { ...start(true), ...page });
    await context.close();
    return profile;
  })());
}

export async function removeBegunProfile(): Promise<void> {
  if (begun) await removeProfile(await begun);
  begun = undefined;
}

/** @param profile an empty folder, or one that this has opened before. */
export async function openFirefox(
  profile: string,
  { adapter = true, isNew }: { readonly adapter?: boolean; readonly isNew: boolean },
): Promise<BrowserContext> {
  if (isNew) await copyProfile(await begunProfile(), profile);
  return typesLikeAPerson(await firefox.launchPersistentContext(profile, { ...start(adapter), ...page }));
}

/** A browser for many contexts, each with storage of its own (newFirefoxContext). */
export const launchFirefox = (): Promise<Browser> => firefox.launch(start(true));

export const newFirefoxContext = async (browser: Browser): Promise<BrowserContext> =>
  typesLikeAPerson(await browser.newContext(page));

/**
 * Playwright types into a stock Firefox by setting `value` on the element itself, which React takes for its own doing and
 * answers with silence. What a person types arrives as below.
 */
async function typesLikeAPerson(context: BrowserContext): Promise<BrowserContext> {
  await context.addInitScript(() => {
    Object.defineProperty(window, '__pw_bidiInsertText', {
      configurable: true,
      get: () => (text: string) => void document.execCommand('insertText', false, text),
      set: () => {},
    });
  });
  return context;
}
