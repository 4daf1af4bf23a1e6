// @vitest-environment jsdom
// Before a second download: what is offered by what the browser answers, and what is loaded then.
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '../../base/errors';
import { ModelSession } from '../../chat/models/model-session';
import { FakeEngine, fakeInfo } from '../../client/fake-engine';
import type { EngineClient } from '../../client/client';
import type { LentModel } from '../../base/lent-model';
import { AppContext, type AppParts } from '../../ui/app-context';
import { en } from '../../ui/texts/en';
import { lending } from './lending';
import { SharedModel } from './shared-model';

const folder = 'https://models.example/big/';
const lent: LentModel = {
  base: folder,
  manifest: { name: 'tensor-cache.json', text: '{}' },
  texts: new Map(),
  parts: new Map(),
  directory: {},
};
const storage = { indexedDB: {}, getDirectory: () => {} };

/** An engine that fetches nothing unasked, and what its loads were told. */
function carefulEngine() {
  const loads: (LentModel | undefined)[] = [];
  const load: EngineClient['load'] = (_, options) => {
    loads.push(options.lent);
    const details = { folder, bytes: 90_000_000 };
    return options.lent
      ? Promise.resolve(fakeInfo)
      : Promise.reject(new AppError('run/needs-consent', 'Nobody has said yes.', { details }));
  };
  return { client: Object.assign(new FakeEngine(), { load }), loads };
}

const request = vi.fn<(wanted?: object) => Promise<unknown>>();

/** A frame in another site's page, in a browser that has such storage to give. */
async function show(found: LentModel | undefined) {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('location', { origin: 'https://phield.example', ancestorOrigins: ['https://shop.example'] });
  Object.assign(document, {
    requestStorageAccess: (wanted?: object) => request({ ...wanted }),
  });
  const { client, loads } = carefulEngine();
  const session = new ModelSession(client, 'big');
  await session.load();
  const find = vi.fn(() => Promise.resolve(found));
  render(
    <AppContext value={{ session, texts: en } as unknown as AppParts & { texts: typeof en }}>
      <SharedModel find={find} />
    </AppContext>,
  );
  return { session, loads, find, user: userEvent.setup() };
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(document, 'requestStorageAccess');
});

it('is used where it lies after a click that the browser grants, and nothing is looked at before', async () => {
  request.mockRejectedValueOnce(new Error('needs a click')).mockResolvedValueOnce(storage);
  const { session, loads, find, user } = await show(lent);
  const button = await screen.findByRole('button', { name: 'Use the one on this device' });
  expect(find).not.toHaveBeenCalled();
  await user.click(button);
  await vi.waitFor(() => expect(session.getState().kind).toBe('ready'));
  expect(find).toHaveBeenCalledWith(storage, folder);
  expect(loads).toEqual([undefined, lent]);
});

it.each([
  ['may not be looked for', new Error('no'), /Open Phield in a tab of its own once/],
  ['is not there', storage, /not on this device in one piece/],
])('stays a question where it %s', async (_, answer, said) => {
  request.mockRejectedValueOnce(new Error('needs a click'));
  if (answer instanceof Error) request.mockRejectedValueOnce(answer);
  else request.mockResolvedValueOnce(answer);
  const { session, loads, user } = await show(undefined);
  await user.click(await screen.findByRole('button', { name: 'Use the one on this device' }));
  expect(await screen.findByText(said)).toBeDefined();
  expect(session.getState().kind).toBe('failed');
  expect(loads).toEqual([undefined]);
});

it('takes the place of the question where no click is needed, and of no other failure', async () => {
  const { client, loads } = carefulEngine();
  const quiet = { signal: new AbortController().signal, onProgress: () => {} };
  expect(await lending(client, () => Promise.resolve(lent)).load('big', quiet)).toBe(fakeInfo);
  expect(loads).toEqual([undefined, lent]);
  await expect(lending(client, () => Promise.resolve(undefined)).load('big', quiet)).rejects.toMatchObject({
    code: 'run/needs-consent',
  });
  const find = vi.fn(() => Promise.resolve(lent));
  const lost = new AppError('gpu/device-lost', 'Gone.');
  const broken = Object.assign(new FakeEngine(), { load: () => Promise.reject(lost) });
  await expect(lending(broken, find).load('big', quiet)).rejects.toBe(lost);
  expect(find).not.toHaveBeenCalled();
});
