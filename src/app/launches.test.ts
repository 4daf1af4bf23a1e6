import { describe, expect, it } from 'vitest';
import { followLaunches, receiveShared, takeShared, type LaunchParts } from './launches';

/** A cache with what the service worker has put aside. */
function cachesWith(entries: Readonly<Record<string, Response>>) {
  let kept = { ...entries };
  return {
    open: () =>
      Promise.resolve({
        keys: () => Promise.resolve(Object.keys(kept).map((url) => ({ url }))),
        match: ({ url }: { url: string }) => Promise.resolve(kept[url]),
      }),
    delete: () => {
      kept = {};
      return Promise.resolve(true);
    },
  } as unknown as NonNullable<LaunchParts['caches']>;
}

const shared = () =>
  cachesWith({
    'https://phield.example/shared/text': new Response('Read this\nhttps://news.example/'),
    'https://phield.example/shared/0': new Response('# Notes', {
      headers: { 'X-Name': encodeURIComponent('notas é.md'), 'Content-Type': 'text/markdown' },
    }),
  });

function parts(caches: LaunchParts['caches'], draft = '') {
  const drafts = new Map([['', draft]]);
  const done: string[] = [];
  const given: LaunchParts = {
    caches,
    chat: { newChat: () => done.push('new chat') },
    drafts: {
      get: (id) => drafts.get(id ?? '') ?? '',
      set: (id, text) => void drafts.set(id ?? '', text),
    },
    handFiles: (files) => done.push(...files.map(({ name }) => name)),
    go: (hash) => done.push(hash),
  };
  return { given, done, draft: () => drafts.get('') };
}

describe('what is shared with the app', () => {
  it('waits in the message box of a new chat, its files beside it, once', async () => {
    const caches = shared();
    const { given, done, draft } = parts(caches, 'About this:');
    await receiveShared(given);
    expect(draft()).toBe('About this:\nRead this\nhttps://news.example/');
    expect(done).toEqual(['new chat', '#/', 'notas é.md']);
    expect(await takeShared(caches)).toEqual({ text: '', files: [] });
  });

  it('is nothing where there is no cache', async () => {
    const { given, draft } = parts(undefined);
    await receiveShared(given);
    expect(draft()).toBe('');
  });
});

it('files that the system opens with the app go to the message box, a shortcut to its page', async () => {
  const { given, done } = parts(undefined);
  let launch: (params: object) => void = () => {};
  followLaunches(given, { launchQueue: { setConsumer: (consumer) => (launch = consumer) } });
  launch({ targetURL: 'https://phield.example/#/tasks/story' });
  launch({
    targetURL: 'https://phield.example/',
    files: [{ getFile: () => Promise.resolve(new File(['a,b'], 'table.csv')) }],
  });
  await new Promise((resolve) => setTimeout(resolve));
  expect(done).toEqual(['#/tasks/story', 'table.csv']);
});
