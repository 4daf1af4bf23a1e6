import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config';
import { modelTensors } from '../decoder-tensors';
import { llama32, phi35Mini, phi3Mini, phi4Mini } from '../testing/phi-configs';

const parse = (config: unknown): ReturnType<typeof parseConfig> => parseConfig(JSON.stringify(config));

describe('the real Phi family', () => {
  it('reads Phi-3-mini', () => {
    const config = parse(phi3Mini);
    expect(config.shape).toEqual({
      layers: 32,
      hidden: 3072,
      intermediate: 8192,
      heads: 32,
      kvHeads: 32,
      headDim: 96,
      rotaryDim: 96,
      vocab: 32064,
      rmsNormEps: 1e-5,
      ropeTheta: 10000,
      longRope: undefined,
      slidingWindow: undefined,
      tied: false,
      quantization: 'q4f16_1',
    });
    expect(config).toMatchObject({
      contextWindow: 4096,
      prefillChunk: 1024,
      defaults: { temperature: 1, topP: 1, repetitionPenalty: 1 },
      tokenizerFiles: ['tokenizer.json'],
      template: { systemPrefixTokenIds: [1], stopTokenIds: [2, 32000, 32001, 32007], roleEmptySep: '\n' },
    });
  });

  it('reads Phi-3.5-mini: longrope, its attention factor as published', () => {
    const { longRope } = parse(phi35Mini).shape;
    expect(longRope?.shortFactor).toHaveLength(48);
    expect(longRope?.originalMaxPosition).toBe(4096);
    expect(longRope?.attentionFactor).toBeCloseTo(1.1902380714238083, 12);
  });

  it('reads Phi-4-mini: tied, grouped queries, three quarters of a head rotate', () => {
    expect(parse(phi4Mini).shape).toMatchObject({
      heads: 24,
      kvHeads: 8,
      headDim: 128,
      rotaryDim: 96,
      vocab: 200064,
      tied: true,
    });
  });

  it('takes the ends that only eos_token_id names, and no id that the model does not have', () => {
    const ends = (eos: unknown): readonly number[] =>
      parse({
        ...phi3Mini,
        conv_template: { ...phi3Mini.conv_template, stop_token_ids: [2] },
        eos_token_id: eos,
      }).template.stopTokenIds;
    expect(ends([32000, 32007, 2])).toEqual([2, 32000, 32007]);
    expect(ends(32007)).toEqual([2, 32007]);
    expect(ends([-1, 1e9, 1.5, '2', null])).toEqual([2]);
    expect(ends(undefined)).toEqual([2]);
  });

  it('reads older spellings: "su", rope_theta, head_dim 0, null for not set', () => {
    const { position_embedding_base: _, ...model } = phi35Mini.model_config;
    const { shape } = parse({
      ...phi35Mini,
      temperature: null,
      model_config: {
        ...model,
        rope_theta: 250000,
        head_dim: 0,
        rope_scaling: {
          type: 'su',
          short_factor: phi35Mini.model_config.rope_scaling.short_factor,
          long_factor: phi35Mini.model_config.rope_scaling.long_factor,
        },
      },
    });
    expect(shape).toMatchObject({ headDim: 96, ropeTheta: 250000 });
    expect(shape.longRope?.attentionFactor).toBeCloseTo(1.1902380714238083, 12);
  });
});

describe('other families', () => {
  it('reads Llama 3.2 1B: Llama 3’s scaling as divisors, tied, grouped queries', () => {
    const { shape } = parse(llama32);
    expect(shape).toMatchObject({
      architecture: 'llama',
      layers: 16,
      heads: 32,
      kvHeads: 8,
      headDim: 64,
      rotaryDim: 64,
      ropeTheta: 500_000,
      longRope: undefined,
      tied: true,
    });
    // By transformers 5.24, ROPE_INIT_FUNCTIONS['llama3']: inv_freq without it over inv_freq with it.
    const factors = shape.ropeFactors ?? [];
    expect(factors).toHaveLength(32);
    expect(factors.slice(0, 15)).toEqual(Array(15).fill(1));
    expect(factors.slice(18)).toEqual(Array(14).fill(32));
    [1.651329, 3.292263, 9.666731].forEach((factor, i) => expect(factors[15 + i]).toBeCloseTo(factor, 5));
  });

  it('reads Qwen2.5: biases, and a window that is written down and not used', () => {
    const { shape } = parse({
      ...llama32,
      model_type: 'qwen2',
      model_config: {
        ...llama32.model_config,
        rope_scaling: null,
        sliding_window: 32768,
        use_sliding_window: false,
      },
    });
    expect(shape).toMatchObject({ architecture: 'qwen2', slidingWindow: undefined });
    expect(shape.ropeFactors).toBeUndefined();
    expect(modelTensors(shape).layers[0]?.qkv.bias).toBe('model.layers.0.self_attn.c_attn.bias');
  });
});

describe('positions as Transformers 5 names them', () => {
  const { model_config: model } = phi4Mini;
  const { partial_rotary_factor: _, position_embedding_base: __, ...plain } = model;
  const shapeOf = (change: Record<string, unknown>): ReturnType<typeof parseConfig>['shape'] =>
    parse({ ...phi4Mini, model_config: { ...plain, rope_scaling: null, ...change } }).shape;

  it('reads rope_parameters: base, share of a head that turns, long rope', () => {
    const shape = shapeOf({
      rope_parameters: { ...model.rope_scaling, rope_theta: 250_000, partial_rotary_factor: 0.75 },
    });
    expect([shape.rotaryDim, shape.longRope?.shortFactor.length, shape.ropeTheta]).toEqual([96, 48, 250_000]);
  });

  it('reads rope_parameters without scaling', () => {
    const shape = shapeOf({
      rope_parameters: { rope_type: 'default', rope_theta: 500_000, partial_rotary_factor: 0.5 },
    });
    expect([shape.rotaryDim, shape.longRope, shape.ropeTheta]).toEqual([64, undefined, 500_000]);
  });

  it('takes what stands in the inner object before what stands beside it', () => {
    const rope_scaling = { ...model.rope_scaling, rope_theta: 7_000, partial_rotary_factor: 0.75 };
    const shape = shapeOf({ rope_scaling, rope_theta: 9_000, partial_rotary_factor: 0.5 });
    expect([shape.rotaryDim, shape.ropeTheta]).toEqual([96, 7_000]);
  });

  it.each([
    [{ attention_factor: 1.5 }, 1.5],
    [{ attention_factor: 1.5, factor: 16 }, 1.5],
    [{ factor: 16 }, Math.sqrt(1 + Math.log(16) / Math.log(4096))],
    [{ factor: 1 }, 1],
    [{}, Math.sqrt(1 + Math.log(32) / Math.log(4096))],
  ])('scales attention by %o', (change, attentionFactor) => {
    const rope_scaling = { ...model.rope_scaling, partial_rotary_factor: 0.75, ...change };
    expect(shapeOf({ rope_scaling }).longRope?.attentionFactor).toBeCloseTo(attentionFactor, 12);
  });
});

describe('a sliding window', () => {
  const windowOf = (top: Record<string, unknown>, inner: Record<string, unknown>): number | undefined =>
    parse({ ...phi3Mini, ...top, model_config: { ...phi3Mini.model_config, ...inner } }).shape.slidingWindow;
  it.each([
    [{}, {}, undefined],
    [{ sliding_window_size: null }, { sliding_window: null }, undefined],
    [{ sliding_window_size: 512 }, {}, 512],
    [{}, { sliding_window: 2047 }, 2047],
    [{ sliding_window_size: undefined }, { sliding_window_size: 64 }, 64],
  ])('of %o and %o is %s', (top, inner, window) => expect(windowOf(top, inner)).toBe(window));
  it.each([0, -2, 2.5, '2047', 1e12])('of %s is refused', (sliding_window) => {
    expect(() => windowOf({}, { sliding_window })).toThrow('sliding_window');
  });
});

describe('what is not supported says what is', () => {
  it.each([
    [{ ...phi3Mini, model_type: 'gemma' }, /"gemma".*"phi3".*"llama" and "qwen2"/],
    [{ ...phi3Mini, model_type: 'phi3_v' }, /"phi3_v".*text models/],
    [{ ...phi3Mini, quantization: 'q3f16_1' }, /"q3f16_1".*q4f16_1 and q4f32_1/],
    [{ ...phi3Mini, model_type: 'qwen2', quantization: 'q4f32_1' }, /"q4f32_1".*Qwen2.*q4f16_1/],
    [{ ...phi3Mini, model_config: { ...phi3Mini.model_config, use_sliding_window: true } }, /some layers/],
    [{ ...phi3Mini, context_window_size: -1 }, /sliding/],
    [
      { ...phi3Mini, model_config: { ...phi3Mini.model_config, rope_scaling: { type: 'yarn' } } },
      /"yarn".*longrope/,
    ],
    [
      { ...phi3Mini, model_config: { ...phi3Mini.model_config, rope_parameters: { rope_type: 'linear' } } },
      /"linear".*longrope/,
    ],
    [
      { ...phi3Mini, model_config: { ...phi3Mini.model_config, rope_parameters: { full_attention: {} } } },
      /each kind of layer/,
    ],
    [{ ...phi3Mini, model_config: { ...phi3Mini.model_config, hidden_act: 'gelu' } }, /"gelu".*"silu"/],
    [{ ...phi3Mini, model_config: { ...phi3Mini.model_config, attention_bias: true } }, /attention_bias/],
    [{ ...phi3Mini, sliding_window_size: 512, attention_sink_size: 4 }, /attention_sink_size/],
  ])('%#', (config, message) => {
    expect(() => parse(config)).toThrow(
      expect.objectContaining({ code: 'model/unsupported-arch', message: expect.stringMatching(message) }),
    );
  });
});

describe('a bad configuration is refused by the name of its field', () => {
  const model = (change: Record<string, unknown>): unknown => ({
    ...phi3Mini,
    model_config: { ...phi3Mini.model_config, ...change },
  });
  const template = (change: Record<string, unknown>): unknown => ({
    ...phi3Mini,
    conv_template: { ...phi3Mini.conv_template, ...change },
  });
  it.each([
    [model({ hidden_size: 1e9 }), 'model_config.hidden_size is 1000000000'],
    [model({ vocab_size: 1e9 }), 'model_config.vocab_size'],
    [model({ num_hidden_layers: 0 }), 'model_config.num_hidden_layers'],
    [model({ num_hidden_layers: 2.5 }), 'whole number'],
    [model({ hidden_size: '3072' }), 'should be a whole number, found "3072"'],
    [model({ hidden_size: 3073 }), 'multiple of 32'],
    [model({ intermediate_size: 8200 }), 'multiple of 32'],
    [model({ head_dim: 100 }), 'multiple of 8'],
    [model({ head_dim: 0, num_attention_heads: 31, num_key_value_heads: 31 }), 'head_dim'],
    [model({ num_key_value_heads: 5 }), 'does not divide'],
    [model({ partial_rotary_factor: 0.01 }), 'partial_rotary_factor'],
    [model({ rms_norm_eps: -1 }), 'rms_norm_eps'],
    [model({ tensor_parallel_shards: 2 }), 'split over GPUs'],
    [model({ tie_word_embeddings: 'yes' }), 'true or false'],
    [model({ rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1] } }), '48 are needed'],
    [{ ...phi3Mini, model_config: [] }, 'model_config should be an object, found a list'],
    [{ ...phi3Mini, context_window_size: 1e12 }, 'context_window_size'],
    [{ ...phi3Mini, temperature: -1 }, 'temperature'],
    [{ ...phi3Mini, tokenizer_files: ['tokenizer.model'] }, 'tokenizer.json'],
    [{ ...phi3Mini, conv_template: 'phi-3' }, 'bare name'],
    [template({ seps: [] }), 'seps'],
    [template({ roles: { user: '<|user|>' } }), 'conv_template.roles.assistant'],
    [template({ role_templates: { user: 'no place' } }), '{user_message}'],
    [template({ stop_token_ids: [40000] }), 'stop_token_ids[0]'],
  ])('%#', (config, words) => {
    expect(() => parse(config)).toThrow(
      expect.objectContaining({
        code: 'model/bad-config',
        message: expect.stringMatching(/^mlc-chat-config\.json/),
      }),
    );
    expect(() => parse(config)).toThrow(words);
  });

  it('is not reached through a prototype', () => {
    const json = JSON.stringify({ ...phi3Mini, model_config: 0 }).replace(
      '"model_config":0',
      `"model_config":{"__proto__":${JSON.stringify(phi3Mini.model_config)}}`,
    );
    expect(() => parseConfig(json)).toThrow('model_config.');
    expect(() => parse({ ...phi3Mini, conv_template: { constructor: {} } })).toThrow('conv_template.roles');
  });

  it('is not parsed when huge, deep, or no JSON', () => {
    expect(() => parseConfig('['.repeat(1e6))).toThrow('deeper');
    expect(() => parseConfig('{"a":'.repeat(1e5))).toThrow('deeper');
    expect(() => parseConfig(`{"a":"${'x'.repeat(5e6)}"}`)).toThrow('characters long');
    expect(() => parseConfig('<!doctype html>')).toThrow('not valid JSON');
    expect(() => parseConfig('[]')).toThrow('should be an object');
    expect(() => parseConfig('')).toThrow(expect.objectContaining({ code: 'model/bad-config' }));
  });

  it('counts no brackets inside strings', () => {
    expect(() => parse({ ...phi3Mini, note: '[{'.repeat(1000) + '\\"[[' })).not.toThrow();
  });
});
