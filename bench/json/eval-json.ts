// JSON by a grammar on the real engine: seeded schemas, every answer read by a validator that knows nothing of grammars,
// and what holding to one costs. phield-tiny was never taught JSON: whatever is right here, the grammar made right.
import '../../src/engines/wgsl/testing/node-require';
import { Ajv } from 'ajv';
import type { Engine } from '../../src/engines/engine';
import { MemoryStore, tinyFolder } from '../../src/engines/wgsl/testing/model-folder';
import { randomSchema } from '../../src/engines/wgsl/testing/random-schema';
import { createWgslEngine } from '../../src/engines/wgsl/wgsl-engine';
import { adapterName, openNodeGpu } from '../../src/gpu/testing/node-gpu';
import type { GenerateRequest } from '../../src/protocol/chat';

export interface JsonFigures {
  readonly adapter: string;
  readonly schemas: number;
  /** Answers that the validator took. */
  readonly valid: number;
  /** Answers that ended by themselves. */
  readonly ended: number;
  readonly tokens: number;
  /** Tokens a second after the first, over all answers. */
  readonly constrainedTokensPerS: number;
  readonly freeTokensPerS: number;
  /** Free over constrained: the goal is 2 at most. */
  readonly slowdown: number;
  readonly failures: readonly string[];
}

const base = 'https://models.example/m/';
const { signal } = new AbortController();

interface Answer {
  readonly text: string;
  readonly finishReason: string | undefined;
  readonly tokens: number;
  /** From the first token to the last, ms. */
  readonly decodeMs: number;
}

async function ask(engine: Engine, request: GenerateRequest): Promise<Answer> {
  let text = '';
  let finishReason: string | undefined;
  let tokens = 0;
  let decodeMs = 0;
  for await (const event of engine.generate(request, { signal })) {
    if (event.type === 'token') text += event.text;
    if (event.type === 'done') finishReason = event.finishReason;
    if (event.type === 'usage') {
      tokens = event.usage.completion_tokens;
      decodeMs = tokens > 1 ? ((tokens - 1) / event.usage.decode_tokens_per_s) * 1000 : 0;
    }
  }
  return { text, finishReason, tokens, decodeMs };
}

/** @param count of schemas; those of the seeds 1 to count. */
export async function evalJson(count: number): Promise<JsonFigures> {
  const store = new MemoryStore(new Map([[base, tinyFolder()]]));
  const engine = createWgslEngine({ store, resolve: () => base, openGpu: () => openNodeGpu() });
  try {
    await engine.load('m', { signal, onProgress: () => undefined });
    const free = async (seed: number): Promise<Answer> =>
      ask(engine, {
        messages: [{ role: 'user', content: 'Tell me a story with the words dog, jump and happy.' }],
        temperature: 1,
        seed,
        max_tokens: 120,
      });
    // What is compiled on first use is not counted.
    await free(0);
    const held: Answer[] = [];
    const unheld: Answer[] = [];
    const failures: string[] = [];
    const ajv = new Ajv({ strict: false });
    for (let seed = 1; seed <= count; seed++) {
      const schema = randomSchema(seed);
      const answer = await ask(engine, {
        messages: [{ role: 'user', content: `Answer in JSON. Seed ${seed}.` }],
        temperature: seed % 3 === 0 ? 0 : 1,
        seed,
        max_tokens: 500,
        response_format: { type: 'json_schema', json_schema: { schema } },
      });
      held.push(answer);
      if (!isValid(ajv, schema, answer.text)) failures.push(`${seed}: ${answer.text}`);
      // In between, so that a busy machine slows both.
      if (seed % 20 === 0 || count < 20) unheld.push(await free(seed));
    }
    const rate = (answers: readonly Answer[]): number => {
      const tokens = answers.reduce((sum, one) => sum + Math.max(0, one.tokens - 1), 0);
      return (tokens / answers.reduce((sum, one) => sum + one.decodeMs, 0)) * 1000;
    };
    const [constrained, unconstrained] = [rate(held), rate(unheld)];
    const round = (value: number): number => Math.round(value * 100) / 100;
    return {
      adapter: adapterName(),
      schemas: count,
      valid: count - failures.length,
      ended: held.filter(({ finishReason }) => finishReason === 'stop').length,
      tokens: held.reduce((sum, one) => sum + one.tokens, 0),
      constrainedTokensPerS: round(constrained),
      freeTokensPerS: round(unconstrained),
      slowdown: round(unconstrained / constrained),
      failures,
    };
  } finally {
    await engine.dispose();
  }
}

function isValid(ajv: Ajv, schema: object, text: string): boolean {
  try {
    return ajv.validate(schema, JSON.parse(text));
  } catch {
    return false;
  }
}
