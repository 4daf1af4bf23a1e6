// MLC folders of other families than Phi-3's, from the folder to the answer: names of their tensors, Qwen2's biases.
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import { skipReason } from '../../gpu/testing/node-gpu';
import { modelTwin } from '../../model/testing/twin';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { ask, countNoLonger, load, rig, user } from './testing/gpu-engine';
import { babbleFolder, tensorsOf, textOf } from './testing/model-folder';
import { TokenCache } from './token-cache';

afterAll(countNoLonger);

describe.skipIf(await skipReason())('a folder in MLC layout', () => {
  it.each(['llama', 'qwen2'] as const)(
    'of %s is loaded, and answers as its twin does',
    async (architecture) => {
      const folder = babbleFolder({ architecture });
      const { shape, template } = parseConfig(textOf(folder, 'mlc-chat-config.json'));
      const { engine } = rig(folder);
      await load(engine);
      const messages = [user('Tell me')];
      const { ids } = await ask(engine, { messages, temperature: 0, max_tokens: 6 });
      expect(ids).toHaveLength(6);
      const cache = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), template);
      const tensors = [...tensorsOf(folder).values()].map(({ record, bytes }) => ({
        record,
        bytes: new Uint8Array(bytes),
      }));
      const text = cache.promptIds(messages);
      for (const id of ids) {
        const last = modelTwin(shape, tensors, text, 'f16').slice(-shape.vocab);
        expect(id).toBe(last.indexOf(Math.max(...last)));
        text.push(id);
      }
      await engine.dispose();
    },
  );
});
