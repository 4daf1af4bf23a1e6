// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { openSettings } from '../settings/settings-state';
import { installPage, renderApp } from '../testing/render-app';
import { installOffer, keepInstallOffer } from './install-offer';

installPage();
afterEach(() => {
  installOffer.set(undefined);
  Reflect.deleteProperty(navigator, 'standalone');
});

async function open() {
  const app = renderApp();
  // In a tab.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  act(() => openSettings('install'));
  // The settings come in a part of their own, which may take its time.
  await screen.findByRole('heading', { name: 'Install as an app' }, { timeout: 20_000 });
  return app;
}

it('installs at a click, where the browser has offered it, and asks nobody before', async () => {
  keepInstallOffer(window);
  let asked = 0;
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: () => Promise.resolve(asked++),
  });
  window.dispatchEvent(event);
  expect([event.defaultPrevented, asked]).toEqual([true, 0]);
  const { user } = await open();
  await user.click(screen.getByRole('button', { name: 'Install Phield' }));
  expect(asked).toBe(1);
  expect(screen.queryByRole('button', { name: 'Install Phield' })).toBeNull();
});

it('says the two steps where a person has to take them', async () => {
  Object.defineProperty(navigator, 'standalone', { value: false, configurable: true });
  await open();
  expect(screen.getByText(/Share button/)).toBeTruthy();
  expect(screen.getByText(/Add to Home Screen/)).toBeTruthy();
});
