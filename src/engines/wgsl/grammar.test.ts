// The grammar without a GPU: masks over phield-tiny's vocabulary, ids drawn from random logits by the sampler's twin. What
// comes out is valid by a validator that knows nothing of grammars.
import './testing/node-require';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import { parseConfig } from '../../formats/mlc/parse-config';
import { Sampler, samplerWords, withMask } from '../../sampling/sampler';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { stopIdsOf } from '../stop-ids';
import { openGrammar } from './grammar';
import { hasTinyModel, textOf, tinyFolder } from './testing/model-folder';
import { randomSchema } from './testing/random-schema';

const rig = () => {
  const folder = tinyFolder();
  const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
  const tokenizer = Tokenizer.parse(textOf(folder, 'tokenizer.json'));
  const stopIds = [...stopIdsOf(config.template, tokenizer)];
  return { tokenizer, stopIds, vocab: config.shape.vocab };
};

describe.skipIf(!hasTinyModel())('grammar', () => {
  it('makes valid JSON of any logits, for 200 schemas', async () => {
    const { tokenizer, stopIds, vocab } = rig();
    const ajv = new Ajv({ strict: false });
    for (let seed = 1; seed <= 200; seed++) {
      const schema = randomSchema(seed);
      const grammar = await openGrammar(tokenizer, vocab, stopIds, {
        type: 'json_schema',
        json_schema: { schema },
      });
      const random = prng(seed);
      const ids: number[] = [];
      const logits = new Float32Array(vocab);
      for (let step = 0; step < 400; step++) {
        const words = withMask(
          samplerWords({ temperature: 1, topP: 1, repetitionPenalty: 1, seed: step }),
          await grammar.mask(),
        );
        for (let id = 0; id < vocab; id++) logits[id] = random() * 4;
        const id = new Sampler(words).sample(logits);
        grammar.accept(id);
        if (stopIds.includes(id)) break;
        ids.push(id);
      }
      grammar.dispose();
      const text = tokenizer.decode(ids);
      expect(
        ajv.validate(schema, JSON.parse(text)),
        `seed ${seed}: ${text} for ${JSON.stringify(schema)}`,
      ).toBe(true);
    }
  }, 120_000);

  it('refuses a schema that it cannot follow, and goes on', async () => {
    const { tokenizer, stopIds, vocab } = rig();
    const bad = { type: 'json_schema', json_schema: { schema: { type: 'no such type' } } } as const;
    await expect(openGrammar(tokenizer, vocab, stopIds, bad)).rejects.toMatchObject({
      code: 'run/bad-request',
    });
    const grammar = await openGrammar(tokenizer, vocab, stopIds, { type: 'json_object' });
    const mask = await grammar.mask();
    const brace = tokenizer.encode('{').at(-1) ?? 0;
    expect(((mask[brace >> 5] ?? 0) >>> (brace & 31)) & 1).toBe(1);
    for (const id of stopIds) expect(((mask[id >> 5] ?? 0) >>> (id & 31)) & 1).toBe(0);
    grammar.dispose();
  });
});
