// Finds a Chromium or Chrome on this machine and says how to start it. Changes nothing but, as root on a
// Debian-like machine without any browser, installs the distribution's own `chromium` when asked to.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const fixed = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Flags that keep the browser off the network and give WebGPU a software adapter where there is no GPU.
 * PHIELD_GPU=real leaves the adapter to the browser.
 */
export const browserFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--enable-unsafe-webgpu',
  ...(process.env['PHIELD_GPU'] === 'real' ? [] : ['--use-webgpu-adapter=swiftshader']),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {string | undefined} path of a browser, PHIELD_BROWSER first. */
export function findBrowser() {
  const asked = process.env['PHIELD_BROWSER'];
  if (asked) return asked;
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (folder && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return fixed.find((path) => existsSync(path));
}

const lavapipes = ['lvp_icd.x86_64.json', 'lvp_icd.aarch64.json', 'lvp_icd.json'].map(
  (name) => `/usr/share/vulkan/icd.d/${name}`,
);

/** @returns {string | undefined} the manifest of the driver that Firefox runs on in tests. */
export const firefoxDriver = () => lavapipes.find((file) => existsSync(file));

/** @returns {string} Debian's Firefox, unless PHIELD_FIREFOX says another. */
export const firefoxPath = () => process.env['PHIELD_FIREFOX'] ?? 'firefox-esr';

/** @returns {string | undefined} why the tests in Firefox cannot run on this machine. */
export function whyNoFirefox() {
  if (spawnSync(firefoxPath(), ['--version']).status !== 0) return `${firefoxPath()} is not installed`;
  if (!firefoxDriver()) return 'lavapipe is not installed: the package mesa-vulkan-drivers';
  return undefined;
}

const miniBrowsers = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/webkit2gtk-4.1/MiniBrowser`,
);

/** @returns {string | undefined} the browser that Debian's webkit2gtk-driver drives. */
export const miniBrowser = () => miniBrowsers.find((file) => existsSync(file));

/** @returns {string | undefined} why the tests in WebKit cannot run on this machine. */
export function whyNoWebKit() {
  if (spawnSync('WebKitWebDriver', ['--version']).error || !miniBrowser())
    return 'the package webkit2gtk-driver is not installed';
  if (spawnSync('Xvfb', ['-help']).error) return 'the package xvfb is not installed';
  return undefined;
}

/** @returns {string} path of a browser. Exits with one line of advice when there is none and none can be had. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('apt-get', ['--version']).status === 0) {
    console.log('No Chromium or Chrome found: installing the package `chromium`.');
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const installed = findBrowser();
    if (installed) return installed;
  }
  console.error('No Chromium or Chrome found: install one, or set PHIELD_BROWSER to its path.');
  process.exit(1);
}

/**
 * Helpers of a browser that has ended may still write into its profile, or take something out of it, and Node's own retries
 * (of `rm` and `rmSync`) look into a folder once, so what comes later stays.
 * @param {() => Promise<void>} act @returns {Promise<void>}
 */
async function untilQuiet(act) {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (thrown) {
      if (tries === 20) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** @param {string} folder */
export const removeProfile = (folder) => untilQuiet(() => rm(folder, { recursive: true, force: true }));

/** @param {string} from of a browser that has ended @param {string} to */
export const copyProfile = (from, to) =>
  untilQuiet(async () => {
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true });
  });
