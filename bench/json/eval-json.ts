// JSON by a grammar on the real engine: seeded schemas, every answer read by a validator that knows nothing of grammars,
// and what holding to one costs. phield-tiny was never taught JSON: whatever is right here, the grammar made right.
import '../../src/engines/wgsl/testing/node-require';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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

/** What one seed gave; a line of the file that a long run is kept in. */
interface Outcome {
  readonly seed: number;
  readonly held: Answer;
  readonly valid: boolean;
  /** An answer under no grammar, asked now and then in between, so that a busy machine slows both. */
  readonly free?: Answer;
}

/**
 * @param count of schemas; those of the seeds 1 to count.
 * @param kept a file of outcomes, a line each: seeds in it are not asked again, and new ones are added. It belongs to one
 * adapter and one state of the sources.
 */
export async function evalJson(count: number, kept?: string): Promise<JsonFigures> {
  const known = new Map(readOutcomes(kept).map((one) => [one.seed, one]));
  const outcomes: Outcome[] = [];
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
    const ajv = new Ajv({ strict: false });
    for (let seed = 1; seed <= count; seed++) {
      const before = known.get(seed);
      if (before) {
        outcomes.push(before);
        continue;
      }
      const schema = randomSchema(seed);
      const held = await ask(engine, {
        messages: [{ role: 'user', content: `Answer in JSON. Seed ${seed}.` }],
        temperature: seed % 3 === 0 ? 0 : 1,
        seed,
        max_tokens: 500,
        response_format: { type: 'json_schema', json_schema: { schema } },
      });
      const outcome: Outcome = {
        seed,
        held,
        valid: isValid(ajv, schema, held.text),
        ...((seed % 20 === 0 || count < 20) && { free: await free(seed) }),
      };
      outcomes.push(outcome);
      if (kept !== undefined) appendFileSync(kept, `${JSON.stringify(outcome)}\n`);
    }
    const held = outcomes.map((one) => one.held);
    const unheld = outcomes.flatMap((one) => one.free ?? []);
    const failures = outcomes.filter(({ valid }) => !valid).map(({ seed, held }) => `${seed}: ${held.text}`);
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

function readOutcomes(file: string | undefined): Outcome[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Outcome);
}

function isValid(ajv: Ajv, schema: object, text: string): boolean {
  try {
    return ajv.validate(schema, JSON.parse(text));
  } catch {
    return false;
  }
}
