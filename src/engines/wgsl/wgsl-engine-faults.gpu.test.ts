// The engine on a real adapter: every planted fault of a load.
import { afterAll, describe, expect, it } from 'vitest';
import { skipReason } from '../../gpu/testing/node-gpu';
import { ask, countNoLonger, liveBytes, load, rig, user } from './testing/gpu-engine';
import { babbleFolder, setText, textOf, type Folder } from './testing/model-folder';

const skip = await skipReason();
afterAll(countNoLonger);

describe.skipIf(skip)('a load that fails leaves nothing behind', () => {
  const edit = (folder: Folder, name: string, change: (file: Json) => void): void => {
    const file = JSON.parse(textOf(folder, name)) as Json;
    change(file);
    setText(folder, name, JSON.stringify(file));
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- what a hostile file may be, a test writes freely
  type Json = Record<string, any>;
  const shardRecords = (file: Json): Json[] => file.records.flatMap((shard: Json) => shard.records);
  const manifest = 'tensor-cache.json';

  const faults: readonly (readonly [string, string, RegExp, (folder: Folder) => void])[] = [
    [
      'a truncated shard',
      'model/bad-manifest',
      /params_shard_1\.bin has \d+ bytes where the manifest says \d+/,
      (folder) =>
        folder.set('params_shard_1.bin', folder.get('params_shard_1.bin')?.slice(0, -4) ?? new Uint8Array()),
    ],
    [
      'a shard that is too long',
      'model/bad-manifest',
      /params_shard_0\.bin has/,
      (folder) =>
        folder.set('params_shard_0.bin', new Uint8Array((folder.get('params_shard_0.bin')?.length ?? 0) + 1)),
    ],
    [
      'an unknown dtype',
      'model/bad-manifest',
      /tensor-cache\.json.*"int4"/,
      (folder) => edit(folder, manifest, (file) => (file.records[0].records[0].dtype = 'int4')),
    ],
    [
      'a missing tensor',
      'model/missing-tensor',
      /transformer\.h\.1\.mlp\.down_proj\.q_weight/,
      (folder) =>
        edit(folder, manifest, (file) => {
          for (const shard of file.records) {
            shard.records = shard.records.filter(
              (r: Json) => r.name !== 'transformer.h.1.mlp.down_proj.q_weight',
            );
          }
        }),
    ],
    [
      'a shape that does not match',
      'model/shape-mismatch',
      /transformer\.norm\.weight in params_shard/,
      (folder) =>
        edit(folder, manifest, (file) => {
          const record = shardRecords(file).find(({ name }) => name === 'transformer.norm.weight');
          if (record) record.shape = [2, 32];
        }),
    ],
    [
      'a vocabulary larger than the tensor',
      'model/shape-mismatch',
      /vocab_size is \d+, the table has \d+ rows/,
      (folder) => edit(folder, 'mlc-chat-config.json', (file) => (file.model_config.vocab_size += 32)),
    ],
    [
      'a tokenizer larger than the vocabulary',
      'tokenizer/bad-vocab',
      /tokenizer\.json has ids up to 5000/,
      (folder) =>
        edit(folder, 'tokenizer.json', (file) =>
          file.added_tokens.push({ id: 5000, content: '<|new|>', special: true }),
        ),
    ],
    [
      'hostile nesting',
      'model/bad-config',
      /mlc-chat-config\.json nests deeper/,
      (folder) => setText(folder, 'mlc-chat-config.json', '{"model_config":'.repeat(100_000)),
    ],
    [
      'a hostile __proto__',
      'model/bad-config',
      /mlc-chat-config\.json: model_config/,
      (folder) =>
        setText(
          folder,
          'mlc-chat-config.json',
          textOf(folder, 'mlc-chat-config.json').replace('"model_config"', '"__proto__"'),
        ),
    ],
    [
      'a dimension of 1e9',
      'model/bad-config',
      /hidden_size is 1000000000/,
      (folder) => edit(folder, 'mlc-chat-config.json', (file) => (file.model_config.hidden_size = 1e9)),
    ],
    [
      'another architecture',
      'model/unsupported-arch',
      /"gemma".*"phi3"/,
      (folder) => edit(folder, 'mlc-chat-config.json', (file) => (file.model_type = 'gemma')),
    ],
    ['no manifest', 'network/http-status', /tensor-cache\.json/, (folder) => folder.delete(manifest)],
  ];

  it.each(faults)('%s: %s', async (_what, code, message, plant) => {
    const folder = babbleFolder();
    plant(folder);
    const { engine } = rig(folder);
    await expect(load(engine)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(liveBytes()).toBe(0);
    await expect(ask(engine, { messages: [user('a')] })).rejects.toMatchObject({ code: 'run/bad-request' });
    await engine.dispose();
  });

  it('after which a good load works; and dispose frees that too', async () => {
    const folder = babbleFolder();
    const good = textOf(folder, 'mlc-chat-config.json');
    setText(folder, 'mlc-chat-config.json', '{}');
    const { engine } = rig(folder);
    await expect(load(engine)).rejects.toMatchObject({ code: 'model/bad-config' });
    setText(folder, 'mlc-chat-config.json', good);
    await load(engine);
    expect(liveBytes()).toBeGreaterThan(100_000);
    expect((await ask(engine, { messages: [user('a')], max_tokens: 2 })).ids.length).toBeGreaterThan(0);
    await engine.dispose();
    expect(liveBytes()).toBe(0);
  });

  it.each(['params_shard_0.bin', 'params_shard_1.bin'])('aborted at %s', async (dataPath) => {
    const { engine, store } = rig(babbleFolder());
    const stop = new AbortController();
    store.onShard = (name) => {
      if (name === dataPath) stop.abort();
    };
    await expect(load(engine, stop.signal)).rejects.toMatchObject({ code: 'run/aborted' });
    expect(liveBytes()).toBe(0);
    store.onShard = () => undefined;
    await load(engine);
    await engine.dispose();
    expect(liveBytes()).toBe(0);
  });

  it('aborted before it began opens nothing', async () => {
    const { engine, store } = rig(babbleFolder());
    await expect(load(engine, AbortSignal.abort())).rejects.toMatchObject({ code: 'run/aborted' });
    expect(store.openCount).toBe(0);
    expect(liveBytes()).toBe(0);
  });

  it('aborted in each phase', async () => {
    for (const phase of ['config', 'tokenizer', 'manifest', 'upload', 'compile'] as const) {
      const { engine } = rig(babbleFolder());
      const stop = new AbortController();
      const loading = engine.load('m', {
        signal: stop.signal,
        onProgress: (progress) => {
          if (progress.phase === phase) stop.abort();
        },
      });
      await expect(loading, phase).rejects.toMatchObject({ code: 'run/aborted' });
      expect(liveBytes(), phase).toBe(0);
      await engine.dispose();
    }
  });
});
