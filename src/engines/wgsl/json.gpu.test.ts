// JSON that cannot be anything else: the real engine on phield-tiny, which was never taught JSON, under seeded schemas.
import './testing/node-require';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterName, leasedNodeGpu, slowSkipReason } from '../../gpu/testing/node-gpu';
import type { Engine } from '../engine';
import { hasTinyModel, MemoryStore, tinyFolder } from './testing/model-folder';
import { randomSchema } from './testing/random-schema';
import { createWgslEngine } from './wgsl-engine';

/** All of the goal's 200 with PHIELD_SCHEMAS=200; a run of tests has not the time, and SwiftShader takes the longest. */
const schemas = Number(process.env['PHIELD_SCHEMAS'] ?? (adapterName() === 'swiftshader' ? 10 : 30));
const base = 'https://models.example/m/';
const signal = new AbortController().signal;

describe.skipIf((await slowSkipReason()) || !hasTinyModel())('JSON by a grammar', () => {
  let engine: Engine;
  beforeAll(async () => {
    const store = new MemoryStore(new Map([[base, tinyFolder()]]));
    engine = createWgslEngine({ store, resolve: () => base, openGpu: leasedNodeGpu });
    await engine.load('m', { signal, onProgress: () => undefined });
  }, 120_000);
  afterAll(() => engine.dispose());

  const answer = async (schema: Readonly<Record<string, unknown>>, temperature: number, seed: number) => {
    let text = '';
    let finishReason: string | undefined;
    for await (const event of engine.generate(
      {
        messages: [{ role: 'user', content: `Answer in JSON. Seed ${seed}.` }],
        temperature,
        seed,
        max_tokens: 500,
        response_format: { type: 'json_schema', json_schema: { schema } },
      },
      { signal },
    )) {
      if (event.type === 'token') text += event.text;
      if (event.type === 'done') finishReason = event.finishReason;
    }
    return { text, finishReason };
  };

  it(`is valid for ${schemas} seeded schemas, and ends by itself`, async () => {
    const ajv = new Ajv({ strict: false });
    for (let seed = 1; seed <= schemas; seed++) {
      const schema = randomSchema(seed);
      const { text, finishReason } = await answer(schema, seed % 3 === 0 ? 0 : 1, seed);
      expect(finishReason, `seed ${seed}: ${text}`).toBe('stop');
      expect(
        ajv.validate(schema, JSON.parse(text)),
        `seed ${seed}: ${text} for ${JSON.stringify(schema)}`,
      ).toBe(true);
    }
  }, 900_000);

  it('leaves the answer after it as free as the one before', async () => {
    const free = async (): Promise<string> => {
      let text = '';
      const request = {
        messages: [{ role: 'user', content: 'What is Phield?' }],
        temperature: 0,
        max_tokens: 24,
      } as const;
      for await (const event of engine.generate(request, { signal }))
        if (event.type === 'token') text += event.text;
      return text;
    };
    const before = await free();
    await answer({ type: 'boolean' }, 0, 1);
    expect(await free()).toBe(before);
  });
});
