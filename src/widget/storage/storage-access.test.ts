import { expect, it, vi } from 'vitest';
import { requestShared, type AccessWindow } from './storage-access';

const handle = { indexedDB: {}, getDirectory: () => {} };
const host = 'https://shop.example';

function frame(
  requestStorageAccess: AccessWindow['document']['requestStorageAccess'],
  ...ancestorOrigins: string[]
): AccessWindow {
  return {
    document: requestStorageAccess ? { requestStorageAccess } : {},
    location: { origin: 'https://phield.example', ancestorOrigins },
  };
}

/** As Chromium does: what is wanted is read before anything is decided. */
const reads = (wanted?: object): void => void { ...wanted };

it.each([
  ['is given what is wanted', (wanted?: object) => (reads(wanted), Promise.resolve(handle)), handle],
  ['is told no', (wanted?: object) => (reads(wanted), Promise.reject(new Error('no'))), 'refused'],
  ['is given cookies alone', () => Promise.resolve(undefined), 'none'],
  ['is refused cookies', () => Promise.reject(new Error('no')), 'none'],
  ['has nobody to ask', undefined, 'none'],
] as const)('a frame %s', async (_, request, expected) => {
  expect(await requestShared(frame(request, host))).toBe(expected);
});

it('asks for nothing where its storage is not kept apart', async () => {
  const request = vi.fn(() => Promise.resolve(handle));
  expect(await requestShared(frame(request, 'https://phield.example'))).toBe('none');
  expect(await requestShared(frame(request))).toBe('none');
  expect(request).not.toHaveBeenCalled();
  expect(await requestShared(frame(request, 'https://phield.example', host))).toBe(handle);
});
