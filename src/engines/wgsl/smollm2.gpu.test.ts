// A real public model from its real file: SmolLM2-135M in Q4_1, greedy ids and prompts against an independent float64
// forward (scripts/golden/gguf_forward.py) with the Rust tokenizers library. `npm run model -- smollm2-135m` brings it.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterName, leasedNodeGpu, slowSkipReason } from '../../gpu/testing/node-gpu';
import type { GenerateEvent } from '../../protocol/chat';
import type { Engine } from '../engine';
import { fileSource, ggufBase, ggufStore } from './testing/gguf-store';
import golden from './testing/smollm2-135m-golden.json';
import { createWgslEngine } from './wgsl-engine';

const path = new URL(`../../../public/models/${golden.file}`, import.meta.url);
const never = new AbortController().signal;
// SwiftShader takes a second a token: all ids on lavapipe, where there is none the first of one answer here. The page
// answers with this model on SwiftShader too, in e2e/gguf.spec.ts.
const slow = adapterName() === 'swiftshader';
const cases = slow ? golden.cases.slice(0, 1) : golden.cases;
const most = slow ? 5 : 32;
const missing = existsSync(path) ? undefined : `no ${golden.file} in public/models`;
const reason = (await slowSkipReason()) ?? missing;
if (missing && process.env['REQUIRE_WEBGPU'] === '1') throw new Error(`SmolLM2 is required here: ${missing}`);

describe.skipIf(reason)('SmolLM2-135M from its GGUF file', () => {
  let engine: Engine;
  let close = (): void => undefined;
  beforeAll(async () => {
    const source = fileSource(path);
    ({ close } = source);
    const store = await ggufStore(source, 4 * 2 ** 20 + 2);
    engine = createWgslEngine({
      store,
      resolve: () => ggufBase,
      openGpu: leasedNodeGpu,
      maxContextWindow: 1024,
    });
    const info = await engine.load('smollm2', { signal: never, onProgress: () => undefined });
    expect(info).toMatchObject({ vocabSize: 49152, parameters: 134_515_008, contextWindow: 1024 });
  }, 120_000);
  afterAll(async () => {
    await engine.dispose();
    close();
  });

  it.each(cases)(
    'answers as float64 does, id by id: $prompt',
    async ({ prompt, promptIds, ids }) => {
      const events: GenerateEvent[] = [];
      const request = {
        messages: [{ role: 'user', content: prompt }],
        temperature: 0,
        max_tokens: most,
      } as const;
      expect(await engine.countTokens(request.messages)).toBe(promptIds.length);
      for await (const event of engine.generate(request, { signal: never })) events.push(event);
      const answered = events.flatMap((event) => (event.type === 'token' ? event.tokenIds : []));
      // The engine ends where the model does.
      const end = ids.indexOf(2);
      expect(answered).toEqual(ids.slice(0, Math.min(end < 0 ? most : end, most)));
    },
    300_000,
  );
});
