import { expect, it } from 'vitest';
import { isAreYouThere } from '../protocol/update';
import { isAbandoned, type OpenWindow } from './abandoned';

const waitMs = 40;
const page = (answers: boolean, frameType: OpenWindow['frameType'] = 'top-level'): OpenWindow => ({
  frameType,
  postMessage: (data, [port]) => {
    expect(isAreYouThere(data)).toBe(true);
    if (answers && port instanceof MessagePort) port.postMessage(true);
  },
});

it.each<[string, readonly OpenWindow[], boolean]>([
  ['a page that draws nothing', [page(false)], true],
  ['several of them', [page(false), page(false)], true],
  ['a page that runs', [page(true)], false],
  ['one that runs among others', [page(false), page(true)], false],
  ['a frame, where nobody could be asked', [page(false), page(false, 'nested')], false],
  ['nothing that is open', [], false],
])('takes over by itself from %s: %#', async (_, windows, expected) => {
  expect(await isAbandoned(windows, waitMs)).toBe(expected);
});
