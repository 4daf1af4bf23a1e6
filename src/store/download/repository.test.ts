// A repository's list of files, as its host writes it, and what is made of it.
import { describe, expect, it } from 'vitest';
import { commitOf, eyesBeside, listRepository } from './repository';

const { signal } = new AbortController();
const entry = (path: string, size = 100, type = 'file') => ({ type, oid: 'a1', size, path, lfs: { size } });
const asked: string[] = [];
const answering =
  (body: unknown, status = 200) =>
  (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  };

describe('listRepository', () => {
  it.each([
    ['owner/name', 'https://huggingface.co/api/models/owner/name/tree/main?recursive=true'],
    [
      'https://huggingface.co/owner/name/',
      'https://huggingface.co/api/models/owner/name/tree/main?recursive=true',
    ],
    [
      'https://huggingface.co/owner/name/tree/v2/sub%20folder',
      'https://huggingface.co/api/models/owner/name/tree/v2/sub%20folder?recursive=true',
    ],
  ])('asks the host of %s', async (address, url) => {
    asked.length = 0;
    const found = await listRepository(address, { signal, fetch: answering([]) });
    expect(found).toEqual({ name: 'owner/name', files: [] });
    expect(asked).toEqual([url]);
  });

  it.each([
    'https://example.org/owner/name',
    './models/x/',
    'phi-3-mini',
    'a/b/c',
    'https://huggingface.co/o/n/blob/main/x.gguf',
  ])('asks nobody for %s', async (address) => {
    asked.length = 0;
    expect(await listRepository(address, { signal, fetch: answering([]) })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('lists the files of models, the parts of a split one as one, the smallest first', async () => {
    const listed = [
      entry('README.md'),
      entry('x-Q8_0.gguf', 900),
      entry('mmproj-x-f16.gguf', 50),
      entry('big', 0, 'directory'),
      entry('big/x-F16-00001-of-00002.gguf', 1000),
      entry('big/x-F16-00002-of-00002.gguf', 800),
      entry('lost-00001-of-00003.gguf', 10),
      entry('mad-00001-of-99999.gguf', 10),
      entry('x Q4.gguf', 400),
    ];
    const found = await listRepository('o/n', { signal, fetch: answering(listed) });
    expect(found?.files).toEqual([
      {
        name: 'x Q4.gguf',
        address: 'https://huggingface.co/o/n/resolve/main/x%20Q4.gguf',
        nbytes: 400,
        parts: 1,
      },
      {
        name: 'x-Q8_0.gguf',
        address: 'https://huggingface.co/o/n/resolve/main/x-Q8_0.gguf',
        nbytes: 900,
        parts: 1,
      },
      {
        name: 'big/x-F16-00001-of-00002.gguf',
        address: 'https://huggingface.co/o/n/resolve/main/big/x-F16-00001-of-00002.gguf',
        nbytes: 1800,
        parts: 2,
      },
    ]);
  });

  it.each([
    ['no list', { error: 'x' }],
    ['entries that are none', [1]],
    ['a size below nothing', [entry('x.gguf', -1)]],
    ['a name that is no text', [{ type: 'file', path: 7, size: 1 }]],
    ['more than anybody reads', Array.from({ length: 1001 }, (_, i) => entry(`${i}.gguf`))],
  ])('refuses %s', async (_, body) => {
    const refused = listRepository('o/n', { signal, fetch: answering(body) });
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'network/not-a-model' }));
  });

  it('passes on what the host says', async () => {
    const refused = listRepository('o/n', { signal, fetch: answering({ error: 'gated' }, 401) });
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'network/http-status' }));
  });
});

describe('eyesBeside', () => {
  const base = 'https://huggingface.co/o/n/resolve/main/sub/x%20Q4.gguf/';
  const listed = [
    entry('sub/x Q4.gguf', 400),
    entry('sub/mmproj-x-f16.gguf', 190),
    entry('sub/mmproj-x-Q8_0.gguf', 104),
    entry('sub/deeper/mmproj-y.gguf', 1),
    entry('sub/mmproj notes.gguf', 1),
  ];

  it('finds the smallest file that a model sees by in its folder, and the address of the two', async () => {
    asked.length = 0;
    expect(await eyesBeside(base, { signal, fetch: answering(listed) })).toEqual({
      name: 'mmproj-x-Q8_0.gguf',
      nbytes: 104,
      address: 'https://huggingface.co/o/n/resolve/main/sub/x%20Q4.gguf+mmproj-x-Q8_0.gguf',
    });
    expect(asked).toEqual(['https://huggingface.co/api/models/o/n/tree/main/sub?recursive=true']);
  });

  it('says nothing where there is none, or the host does not tell', async () => {
    const none = answering([entry('sub/x Q4.gguf', 400)]);
    expect(await eyesBeside(base, { signal, fetch: none })).toBeUndefined();
    expect(await eyesBeside(base, { signal, fetch: answering({ error: 'gated' }, 401) })).toBeUndefined();
  });

  it.each([
    'https://example.org/models/x.gguf/',
    'https://huggingface.co/o/n/resolve/main/',
    'https://huggingface.co/o/n/resolve/main/x.gguf+mmproj-x.gguf/',
    'imported:/x.gguf/',
  ])('asks nobody for %s', async (address) => {
    asked.length = 0;
    expect(await eyesBeside(address, { signal, fetch: answering(listed) })).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

describe('commitOf', () => {
  const base = 'https://huggingface.co/o/n/resolve/main/sub/x.gguf/';
  const sha = 'ab'.repeat(20);

  it('asks the hub, and takes nothing but a commit', async () => {
    asked.length = 0;
    expect(await commitOf(base, { signal, fetch: answering({ sha }) })).toBe(sha);
    expect(asked).toEqual(['https://huggingface.co/api/models/o/n/revision/main']);
    expect(await commitOf(base, { signal, fetch: answering({ sha: '../../evil' }) })).toBeUndefined();
    expect(await commitOf(base, { signal, fetch: answering({}, 500) })).toBeUndefined();
    asked.length = 0;
    expect(
      await commitOf('https://example.org/x.gguf/', { signal, fetch: answering({ sha }) }),
    ).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
