import { expect, test } from 'vitest';
import type { EngineName, GenerateEvent, Usage } from '../protocol/chat';
import type { ModelFit, NumericsReport } from '../protocol/models';
import { choiceKey, chooseEngine, fasterOf, timeEngines, type ChoiceMemory, type Timings } from './choose';
import type { Engine } from './engine';

const probe = { key: 'adapter|browser 1' };
const good: NumericsReport = { ok: true, nmse: 1e-9, tolerance: 1e-5, elapsedMs: 3 };
const bad: NumericsReport = { ...good, ok: false, nmse: 0.4 };
const fit = (engines: readonly EngineName[]): ModelFit => ({
  verdict: 'fits',
  reason: { code: 'enough', text: 'Enough.', details: {} },
  build: 'a-build',
  engines,
  contextWindow: 4096,
  memory: undefined,
});
const timing = (ttft_ms: number, decode_tokens_per_s: number): Timings['wgsl'] & object => ({
  ttft_ms,
  decode_tokens_per_s,
});

function memoryOf(
  initial: Record<string, Timings> = {},
): ChoiceMemory & { readonly all: Map<string, Timings> } {
  const all = new Map(Object.entries(initial));
  return {
    all,
    get: (key) => Promise.resolve(all.get(key)),
    set: (key, timings) => Promise.resolve(void all.set(key, timings)),
  };
}
const both: readonly EngineName[] = ['wgsl', 'webllm'];
const measured = { [choiceKey(probe, 'a-build')]: { wgsl: timing(300, 40), webllm: timing(150, 30) } };

test.each([
  ['one engine', fit(['wgsl']), memoryOf(), undefined, bad, 'wgsl', 'only-one'],
  ['nothing measured', fit(both), memoryOf(), undefined, good, 'wgsl', 'not-measured'],
  [
    'nothing measured, WebLLM fits better',
    fit(['webllm', 'wgsl']),
    memoryOf(),
    undefined,
    good,
    'webllm',
    'not-measured',
  ],
  ['measured', fit(['webllm', 'wgsl']), memoryOf(measured), undefined, good, 'wgsl', 'measured'],
  ['measured, and a wish', fit(both), memoryOf(measured), 'webllm', good, 'webllm', 'asked-for'],
  ['wrong numbers', fit(both), memoryOf(measured), undefined, bad, 'webllm', 'numerics-failed'],
  ['wrong numbers, and a wish for them', fit(both), memoryOf(), 'wgsl', bad, 'webllm', 'numerics-failed'],
  ['a wish the device cannot grant', fit(['wgsl']), memoryOf(), 'webllm', good, 'wgsl', 'only-one'],
] as const)('%s', async (_, given, memory, wish, numerics, engine, why) => {
  const choice = await chooseEngine({
    fit: given,
    probe,
    memory,
    wish,
    numerics: () => Promise.resolve(numerics),
  });
  expect([choice.engine, choice.why]).toEqual([engine, why]);
  expect(choice.numerics).toEqual(numerics);
});

test('what is checked over its own formats when it is loaded is not checked over others before', async () => {
  const numerics = (): Promise<NumericsReport> => Promise.reject(new Error('checked'));
  const given = { probe, memory: memoryOf(), numerics, checkedAtLoad: true };
  const choice = await chooseEngine({ ...given, fit: fit(['wgsl']) });
  expect(choice).toEqual({ engine: 'wgsl', why: 'only-one' });
});

test('a measurement is of one adapter, browser version and build', async () => {
  const memory = memoryOf(measured);
  const numerics = (): Promise<NumericsReport> => Promise.resolve(good);
  const elsewhere = await chooseEngine({
    fit: fit(both),
    probe: { key: 'adapter|browser 2' },
    memory,
    numerics,
  });
  expect(elsewhere.why).toBe('not-measured');
});

test('a check that cannot run and a memory that cannot be read do not stop the start', async () => {
  const memory: ChoiceMemory = { ...memoryOf(), get: () => Promise.reject(new Error('no storage')) };
  const choice = await chooseEngine({
    fit: fit(both),
    probe,
    memory,
    numerics: () => Promise.reject(new Error('lost')),
  });
  expect([choice.engine, choice.why]).toEqual(['webllm', 'numerics-failed']);
});

test.each([
  ['memory', 'gpu/out-of-memory'],
  ['limit', 'gpu/limit-too-low'],
  ['obstacle', 'model/unsupported-arch'],
] as const)('a model refused for %s is %s', async (code, error) => {
  const none: ModelFit = {
    ...fit([]),
    verdict: 'cannot',
    build: undefined,
    reason: { code, text: 'Because of 3 GiB.', details: { needed: 3 } },
  };
  const choose = chooseEngine({ fit: none, probe, memory: memoryOf() });
  await expect(choose).rejects.toMatchObject({ code: error, details: { needed: 3, reason: code } });
});

test('a slower first token is worth a faster rest, and not the reverse', () => {
  expect(fasterOf({ wgsl: timing(500, 40), webllm: timing(100, 30) })).toBe('wgsl');
  expect(fasterOf({ wgsl: timing(5000, 40), webllm: timing(100, 39) })).toBe('webllm');
  expect(fasterOf({ wgsl: timing(500, 0), webllm: timing(500, 1) })).toBe('webllm');
  expect(fasterOf({ wgsl: timing(500, 40) })).toBeUndefined();
});

/** An engine with a script: what it says, how fast, or how it fails. */
function scripted(
  name: EngineName,
  speeds: readonly number[] | Error,
): { engine: Engine; asked: readonly string[]; disposed: () => boolean } {
  const queue = speeds instanceof Error ? [] : [...speeds];
  let disposed = false;
  const asked: string[] = [];
  const engine: Engine = {
    name,
    gpuBytes: 0,
    lost: new Promise(() => {}),
    load: () => (speeds instanceof Error ? Promise.reject(speeds) : Promise.resolve({} as never)),
    async *generate({ messages }): AsyncGenerator<GenerateEvent> {
      asked.push(messages[0]?.content ?? '');
      yield { type: 'token', text: 'Blue', tokenIds: [] };
      const usage = { ttft_ms: 10, decode_tokens_per_s: queue.shift() ?? 0 } as Usage;
      yield { type: 'usage', usage };
      yield { type: 'done', finishReason: 'length' };
    },
    countTokens: () => Promise.resolve(1),
    dispose: () => Promise.resolve(void (disposed = true)),
  };
  return { engine, asked, disposed: () => disposed };
}

test('both engines are timed on their second answer, disposed, and remembered', async () => {
  const memory = memoryOf();
  const [wgsl, webllm] = [scripted('wgsl', [5, 50]), scripted('webllm', [4, 40])];
  const options = { build: 'a-build', probe, memory, signal: new AbortController().signal };
  const timings = await timeEngines([() => wgsl.engine, () => webllm.engine], options);
  expect(timings).toEqual({ wgsl: timing(10, 50), webllm: timing(10, 40) });
  expect(memory.all.get(choiceKey(probe, 'a-build'))).toEqual(timings);
  expect([wgsl.disposed(), webllm.disposed()]).toEqual([true, true]);
  // Both the same work, and no text twice: an engine could answer the second from what it has read.
  expect(wgsl.asked).toEqual(webllm.asked);
  const [first = '', second = ''] = wgsl.asked;
  expect(first.slice(0, 11)).not.toBe(second.slice(0, 11));
  expect(first).toHaveLength(second.length);
});

test('an engine that fails is left out, and disposed', async () => {
  const memory = memoryOf();
  const [wgsl, webllm] = [scripted('wgsl', [5, 50]), scripted('webllm', new Error('no library'))];
  const options = { build: 'a-build', probe, memory, signal: new AbortController().signal };
  expect(await timeEngines([() => webllm.engine, () => wgsl.engine], options)).toEqual({
    wgsl: timing(10, 50),
  });
  expect(webllm.disposed()).toBe(true);
});

test('an abort ends the comparison and remembers nothing', async () => {
  const memory = memoryOf();
  const controller = new AbortController();
  controller.abort();
  const options = { build: 'a-build', probe, memory, signal: controller.signal };
  const wgsl = scripted('wgsl', new Error('whatever an aborted load says'));
  await expect(timeEngines([() => wgsl.engine], options)).rejects.toMatchObject({ code: 'run/aborted' });
  expect(memory.all.size).toBe(0);
  expect(wgsl.disposed()).toBe(true);
});
