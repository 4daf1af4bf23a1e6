// A model that could see elsewhere: our own engine reads words by the first file of the pair and none of the second.
import { afterAll, describe, expect, it } from 'vitest';
import { smallEyes, smallSeeing } from '../../formats/gguf/testing/small-eyes';
import { leasedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import type { GgufSource } from '../../formats/gguf/model-file';
import type { Engine } from '../engine';
import { ggufBase, ggufStore } from './testing/gguf-store';
import { createWgslEngine } from './wgsl-engine';

const never = new AbortController().signal;
const request = {
  messages: [{ role: 'user', content: 'What is it?' }],
  temperature: 0,
  max_tokens: 4,
} as const;
const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

function sourceOf(file: Uint8Array<ArrayBuffer>, onRead: () => void = () => undefined): GgufSource {
  return {
    nbytes: file.byteLength,
    read: (from, to) => {
      onRead();
      return Promise.resolve(file.slice(from, to));
    },
  };
}

async function idsOf(eyes?: GgufSource): Promise<{ readonly ids: number[]; readonly engine: Engine }> {
  const store = await ggufStore(sourceOf(smallSeeing()), undefined, eyes);
  const engine = createWgslEngine({ store, resolve: () => ggufBase, openGpu: leasedNodeGpu });
  engines.push(engine);
  await engine.load('small', { signal: never, onProgress: () => undefined });
  const ids: number[] = [];
  for await (const event of engine.generate(request, { signal: never }))
    if (event.type === 'token') ids.push(...event.tokenIds);
  return { ids, engine };
}

describe.skipIf(await skipReason())('a pair of files on our own engine', () => {
  it('answers words as the text alone does, reads nothing more of the second file, and refuses pictures', async () => {
    const alone = await idsOf();
    let reads = 0;
    const { ids, engine } = await idsOf(sourceOf(smallEyes(), () => reads++));
    expect(ids).toEqual(alone.ids);
    expect(ids).toHaveLength(4);
    // Its head, when the two became one model.
    expect(reads).toBe(1);
    const images = ['data:image/png;base64,AAAA'];
    const asked = engine.generate({ messages: [{ ...request.messages[0], images }] }, { signal: never });
    await expect(asked[Symbol.asyncIterator]().next()).rejects.toThrow(/reads text only/);
  });
});
