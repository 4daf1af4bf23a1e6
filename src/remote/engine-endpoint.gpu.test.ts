// The client of a larger model against a real one: our own engine behind OpenAI's interface.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTinyModel } from '../engines/wgsl/testing/model-folder';
import type { Engine } from '../engines/engine';
import { skipReason } from '../gpu/testing/node-gpu';
import { ask, listModels } from './frame/ask';
import { startEngineEndpoint, type EngineEndpoint } from './testing/engine-endpoint';
import { openNodeEngine } from './testing/node-engine';

const skip = await skipReason();
const messages = [{ role: 'user', content: 'What is Phield?' }] as const;

describe.skipIf(skip || !hasTinyModel())('phield-tiny as a larger model elsewhere', () => {
  let engine: Engine;
  let endpoint: EngineEndpoint;
  beforeAll(async () => {
    engine = await openNodeEngine('phield-tiny');
    endpoint = await startEngineEndpoint(engine, 'phield-tiny');
  });
  afterAll(async () => {
    await endpoint?.close();
    await engine?.dispose();
  });

  it('says over the network what it says here, counts it, and stops when it is told', async () => {
    const { signal } = new AbortController();
    const settings = { messages, temperature: 0, max_tokens: 24 };
    let here = '';
    for await (const event of engine.generate(settings, { signal }))
      if (event.type === 'token') here += event.text;
    expect(await listModels({ address: endpoint.address }, { signal })).toEqual(['phield-tiny']);
    let there = '';
    let completion = 0;
    for await (const event of ask(
      { address: endpoint.address },
      { model: 'phield-tiny', ...settings },
      { signal },
    )) {
      if (event.type === 'text') there += event.text;
      if (event.type === 'usage') completion = event.completion;
    }
    expect(here).not.toBe('');
    expect(there).toBe(here);
    expect(completion).toBeGreaterThan(0);
    const stopped = new AbortController();
    const stopping = (async () => {
      const request = { model: 'phield-tiny', messages, temperature: 0, max_tokens: 200 };
      for await (const event of ask({ address: endpoint.address }, request, stopped))
        if (event.type === 'text') stopped.abort();
    })();
    await expect(stopping).rejects.toMatchObject({ code: 'run/aborted' });
  });
});
