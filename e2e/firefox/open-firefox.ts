// Debian's own Firefox with WebGPU (wgpu and naga, the second implementation of the standard) on lavapipe, driven by
// Playwright over WebDriver BiDi.
import { fileURLToPath } from 'node:url';
import { firefox, type BrowserContext } from '@playwright/test';
import { firefoxDriver } from '../../scripts/browser.mjs';

export async function openFirefox(
  profile: string,
  { adapter = true }: { readonly adapter?: boolean } = {},
): Promise<BrowserContext> {
  // No driver, no adapter; navigator.gpu is there all the same, as on a machine whose driver is blocked.
  const driver = adapter ? (firefoxDriver() ?? '') : '/dev/null';
  const context = await firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox',
    executablePath: fileURLToPath(new URL('./firefox-launcher.mjs', import.meta.url)),
    env: { ...process.env, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
    firefoxUserPrefs: {
      'dom.webgpu.enabled': true,
      'dom.webgpu.workers.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
      'intl.accept_languages': 'en-US',
    },
    viewport: { width: 1200, height: 800 },
    locale: 'en-US',
  });
  // Playwright types into a stock Firefox by setting `value` on the element itself, which React takes for its own
  // doing and answers with silence. What a person types arrives as below.
  await context.addInitScript(() => {
    Object.defineProperty(window, '__pw_bidiInsertText', {
      configurable: true,
      get: () => (text: string) => void document.execCommand('insertText', false, text),
      set: () => {},
    });
  });
  return context;
}
