import { describe, expect, it } from 'vitest';
import { checkShardLength, parseManifest } from './parse-manifest';
import { parameterCount, requiredTensors, tensorSpecs } from '../decoder-tensors';
import { parseConfig } from './parse-config';
import { phi3Mini, phi4Mini } from '../testing/phi-configs';

interface Json {
  [key: string]: unknown;
}
const tensor = (change: Json = {}): Json => ({
  name: 'a',
  shape: [4, 8],
  dtype: 'uint32',
  format: 'f32-to-bf16',
  nbytes: 128,
  byteOffset: 0,
  ...change,
});
const shard = (change: Json = {}): Json => ({
  dataPath: 'params_shard_0.bin',
  format: 'raw-shard',
  nbytes: 256,
  md5sum: '0123456789ABCDEF0123456789abcdef',
  records: [tensor()],
  ...change,
});
const manifest = (...shards: Json[]): string =>
  JSON.stringify({ metadata: { ParamSize: 1, ParamBytes: 128.0, BitsPerParam: 4.5 }, records: shards });

describe('a good manifest', () => {
  it('is read: md5 in lower case, bytes added up', () => {
    const parsed = parseManifest(
      manifest(
        shard(),
        shard({ dataPath: 'sub/params_shard_1.bin', md5sum: undefined, records: [tensor({ name: 'b' })] }),
      ),
    );
    expect(parsed.totalBytes).toBe(512);
    expect(parsed.shards[0]?.md5sum).toBe('0123456789abcdef0123456789abcdef');
    expect(parsed.shards[1]?.md5sum).toBeUndefined();
    expect(parsed.shards[0]?.records[0]).toEqual(tensor());
  });

  it('counts float32 as two bytes only where it is stored as bfloat16', () => {
    const sized = (dtype: string, format: string, nbytes: number): (() => unknown) => {
      return () => parseManifest(manifest(shard({ records: [tensor({ dtype, format, nbytes })] })));
    };
    expect(sized('float32', 'f32-to-bf16', 64)).not.toThrow();
    expect(sized('float32', 'raw', 128)).not.toThrow();
    expect(sized('float16', 'f32-to-bf16', 64)).not.toThrow();
    expect(sized('float32', 'f32-to-bf16', 128)).toThrow('takes 64');
    expect(sized('float16', 'raw', 128)).toThrow('takes 64');
  });
});

describe('a bad manifest is refused by file, field and number', () => {
  it.each([
    [manifest(), 'no weights'],
    [JSON.stringify({ records: 7 }), 'should be a list'],
    [manifest(shard({ format: 'zip' })), 'raw-shard'],
    [manifest(shard({ nbytes: 0 })), 'nbytes is 0'],
    [manifest(shard({ nbytes: 1e15 })), 'nbytes'],
    [manifest(shard({ nbytes: 1.5 })), 'whole number'],
    [manifest(shard({ md5sum: 'zz' })), 'md5sum'],
    [manifest(shard(), shard({ records: [] })), 'a second time'],
    [manifest(shard(), shard({ dataPath: 'p1' })), 'hold a a second time'],
    [manifest(shard({ records: [tensor({ dtype: 'int8' })] })), '"int8"; known are'],
    [manifest(shard({ records: [tensor({ dtype: '__proto__' })] })), 'known are'],
    [manifest(shard({ records: [tensor({ format: 'q8' })] })), '"q8"'],
    [manifest(shard({ records: [tensor({ shape: [4, 9] })] })), 'takes 144'],
    [manifest(shard({ records: [tensor({ shape: [1e9, 1e9] })] })), 'impossibly large'],
    [manifest(shard({ records: [tensor({ shape: [1e9] })] })), 'takes 4000000000'],
    [manifest(shard({ records: [tensor({ shape: [0, 8] })] })), 'shape[0] is 0'],
    [manifest(shard({ records: [tensor({ shape: [-4, -8] })] })), 'shape[0]'],
    [manifest(shard({ records: [tensor({ shape: 'big' })] })), 'should be a list'],
    [manifest(shard({ records: [tensor({ byteOffset: -4 })] })), 'byteOffset'],
    [manifest(shard({ records: [tensor({ byteOffset: 132 })] })), 'byte 260 of a shard of 256'],
    [manifest(shard({ records: [tensor(), tensor({ name: 'b', byteOffset: 124 })] })), 'overlap: a and b'],
  ])('%#', (text, words) => {
    const read = (): unknown => parseManifest(text, 'ndarray-cache.json');
    expect(read).toThrow(
      expect.objectContaining({
        code: 'model/bad-manifest',
        message: expect.stringContaining('ndarray-cache.json'),
      }),
    );
    expect(read).toThrow(words);
  });

  it.each([
    '../x.bin',
    'a/../../x.bin',
    '/etc/passwd',
    'https://elsewhere.example/x.bin',
    '//elsewhere.example/x.bin',
    'data:text/plain,x',
    'a\\b.bin',
    'a b.bin',
    'x.bin?y',
    'x.bin#y',
    '%2e%2e/x',
    '.hidden',
    '',
    'a//b',
    'a/',
    'x\u0000.bin',
  ])('as an address that leaves the folder: %j', (dataPath) => {
    expect(() => parseManifest(manifest(shard({ dataPath })))).toThrow('plain file name');
  });

  it('when totals are beyond any model', () => {
    const many = Array.from({ length: 17 }, (_, i) =>
      shard({ dataPath: `p${i}`, nbytes: 2 ** 32, records: [] }),
    );
    expect(() => parseManifest(manifest(...many))).toThrow('add up to');
  });
});

describe('a shard of the wrong length', () => {
  it('is refused by name, both lengths named', () => {
    const [first] = parseManifest(manifest(shard())).shards;
    if (!first) throw new Error('no shard');
    expect(() => checkShardLength(first, 255)).toThrow(/params_shard_0\.bin has 255 bytes.*256/);
    expect(() => checkShardLength(first, 256)).not.toThrow();
  });
});

describe('the tensors of a Phi-3 model', () => {
  const shapeOf = (config: unknown): ReturnType<typeof parseConfig>['shape'] =>
    parseConfig(JSON.stringify(config)).shape;
  const mini = shapeOf(phi3Mini);

  it('are as many and as large as published: 325 records, 3.82 B weights; 323 when tied', () => {
    expect(tensorSpecs(mini)).toHaveLength(325);
    expect(parameterCount(mini)).toBe(3_821_079_552);
    expect(tensorSpecs(shapeOf(phi4Mini))).toHaveLength(323);
    expect(parameterCount(shapeOf(phi4Mini))).toBe(3_836_021_760);
  });

  const small = {
    ...mini,
    layers: 1,
    hidden: 32,
    intermediate: 32,
    heads: 1,
    kvHeads: 1,
    headDim: 32,
    vocab: 64,
  };
  const complete = (change: (name: string, tensor: Json) => Json | undefined = (_, t) => t): string => {
    let offset = 0;
    const records = tensorSpecs(small).flatMap(({ name, shape, dtype }) => {
      const record = change(name, { name, shape, dtype, format: 'f32-to-bf16' });
      if (!record) return [];
      const nbytes =
        (record['shape'] as number[]).reduce((a, b) => a * b) * (record['dtype'] === 'uint32' ? 4 : 2);
      offset += nbytes;
      return [{ ...record, nbytes, byteOffset: offset - nbytes }];
    });
    return manifest(shard({ records, nbytes: offset }));
  };

  it('are all found in a complete manifest, others left out', () => {
    expect(requiredTensors(parseManifest(complete()), small).size).toBe(tensorSpecs(small).length);
    const tied = requiredTensors(parseManifest(complete()), { ...small, tied: true });
    expect(tied.has('lm_head.q_weight')).toBe(false);
  });

  it('missing: named', () => {
    const text = complete((name, t) => (name === 'transformer.h.0.mlp.down_proj.q_scale' ? undefined : t));
    expect(() => requiredTensors(parseManifest(text), small)).toThrow(
      expect.objectContaining({
        code: 'model/missing-tensor',
        message: expect.stringContaining('transformer.h.0.mlp.down_proj.q_scale'),
      }),
    );
  });

  it.each([
    ['Llama', 'model.layers.0.self_attn.qkv_proj.q_weight'],
    ['Qwen2', 'model.layers.0.self_attn.c_attn.q_weight'],
    ['Qwen3', 'model.layers.0.self_attn.q_norm.weight'],
    ['GPT-NeoX', 'gpt_neox.layers.0.attention.query_key_value.q_weight'],
    ['Gemma', 'model.layers.0.pre_feedforward_layernorm.weight'],
    ['Phi-2', 'transformer.h.0.mixer.Wqkv.q_weight'],
    ['GPT-2', 'transformer.h.0.attn.c_attn.q_weight'],
  ])('named like those of a %s model: said so', (architecture, name) => {
    const text = JSON.stringify({ records: [shard({ records: [tensor({ name })] })] });
    expect(() => requiredTensors(parseManifest(text), small)).toThrow(
      expect.objectContaining({
        code: 'model/unsupported-arch',
        message: expect.stringContaining(`a ${architecture} model`),
        details: { tensor: 'transformer.embd.q_weight', looksLike: architecture },
      }),
    );
  });

  it.each([
    ['another shape', { shape: [32, 8] }, '[32, 8]'],
    ['another type', { dtype: 'float16', shape: [32, 4] }, 'of float16'],
  ])('of %s: named with both', (_what, change, words) => {
    const text = complete((name, t) =>
      name === 'transformer.h.0.mlp.down_proj.q_weight' ? { ...t, ...change } : t,
    );
    const read = (): unknown => requiredTensors(parseManifest(text), small);
    expect(read).toThrow(expect.objectContaining({ code: 'model/shape-mismatch' }));
    expect(read).toThrow(words);
    expect(read).toThrow('params_shard_0.bin');
  });

  it('with a vocabulary larger than the table: both sizes named', () => {
    expect(() => requiredTensors(parseManifest(complete()), { ...small, vocab: 65 })).toThrow(
      /vocab_size is 65, the table has 64 rows/,
    );
  });
});
