// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { HostGrants } from '../../chat/settings/host-grants';
import { installPage, renderApp } from '../testing/render-app';
import { enHosts } from '../texts/en-hosts';
import { enPrivacy } from '../texts/en-privacy';

installPage();
const { privacy: words } = enPrivacy;
const held = { network: true, code: true };
const free = { network: false, code: false };

test('a host that sends every header: what sees words is held, and so is the rest', async () => {
  const { user } = renderApp();
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  expect(await screen.findByText(words.held)).toBeTruthy();
  expect(screen.getByText(words.storeHeld)).toBeTruthy();
  expect(screen.getByText(words.framesForbidden)).toBeTruthy();
});

test('a host that sends none: what is not restricted is said, and the promise only where it holds', async () => {
  const { user } = renderApp({ policy: { page: held, engine: held, store: free, framing: false } });
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  expect(await screen.findByText(words.held)).toBeTruthy();
  expect(screen.getByText(words.storeNotHeld)).toBeTruthy();
  expect(screen.getByText(words.framesAllowed)).toBeTruthy();
});

test('an engine that reached an address is told, whatever the page is held to', async () => {
  const { user } = renderApp({
    policy: { page: held, engine: { network: false, code: true }, store: undefined, framing: undefined },
  });
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  expect(await screen.findByText(words.notHeld)).toBeTruthy();
  expect(screen.queryByText(words.held)).toBeNull();
});

test('pages that may use the model are listed, and leave is taken back there', async () => {
  const grants = new HostGrants(undefined);
  grants.allow('https://shop.example');
  const { user } = renderApp({ grants });
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  await user.click(await screen.findByRole('button', { name: enHosts.takeBackFrom('https://shop.example') }));
  expect(screen.getByText(enHosts.none)).toBeTruthy();
  expect(grants.allows('https://shop.example')).toBe(false);
});
