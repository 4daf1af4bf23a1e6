// Tasks over a scripted engine: parts and levels, going on after a cut, values checked against their passages, words found
// in a story.
import { describe, expect, it } from 'vitest';
import { FakeEngine } from '../client/fake-engine';
import type { Passage } from '../documents/document';
import type { TaskEngine } from './ask-model';
import { extract, readItems } from './extract';
import { readJob, summaryOf, type ExtractJob, type SummaryJob } from './job';
import { portions } from './portions';
import { partsOf, summarise } from './summarise';
import { asCsv, asJson } from './table-files';
import { markWords, storyPrompt } from './write';

const passages: readonly Passage[] = Array.from({ length: 20 }, (_, index) => ({
  index,
  headings: ['Farm'],
  page: index + 1,
  blocks: [`Field ${index + 1} bore ${(index + 1) * 3} tons of rye. `.repeat(12).trim()],
}));

function over(engine: FakeEngine, contextWindow = 1024): TaskEngine {
  return {
    client: () => Promise.resolve(engine),
    contextWindow: () => contextWindow,
    model: () => 'phi-3-mini',
    holdsJson: () => false,
    whenFree: () => Promise.resolve(),
  };
}

const base = { id: 'j', createdAt: 1, model: 'phi-3-mini', status: { kind: 'running' } } as const;
const document = { id: 'd', name: 'farm.pdf' };
const summary: SummaryJob = {
  ...base,
  kind: 'summarise',
  document,
  length: 'short',
  audience: 'everyone',
  parts: [],
};
const signal = new AbortController().signal;

describe('summarise', () => {
  it('sums up parts that fit, then their summaries, and every passage is in exactly one part', async () => {
    const engine = new FakeEngine({
      reply: ({ messages }) => [`Sum of ${messages[0]?.content.length ?? 0}.`],
    });
    const steps: SummaryJob[] = [];
    const job = await summarise(summary, passages, over(engine), (step) => steps.push(step), { signal });
    const first = partsOf(job, 0);
    expect(first.length).toBeGreaterThan(2);
    expect(first.flatMap(({ from, to }) => passages.slice(from, to).map(({ index }) => index))).toEqual(
      passages.map(({ index }) => index),
    );
    expect(summaryOf(job)).toMatch(/^Sum of/);
    expect(engine.runs).toHaveLength(job.parts.length);
    // A part and its answer fit the context; what stands between the marks is fenced.
    for (const { request } of engine.runs) {
      const content = request.messages[0]?.content ?? '';
      expect(content.length / engine.charactersPerToken + (request.max_tokens ?? 0)).toBeLessThanOrEqual(
        1024,
      );
      expect(content).toMatch(/<<<text-\w+\n[\s\S]*\ntext-\w+>>>$/);
    }
    expect(steps.length).toBeGreaterThan(first.length);
  });

  it('goes on after a cut with the first part that is missing', async () => {
    const engine = new FakeEngine({ reply: () => ['A sum.'] });
    const steps: SummaryJob[] = [];
    await summarise(summary, passages, over(engine), (step) => steps.push(step), { signal });
    const all = engine.runs.length;
    const cut = readJob(structuredClone(steps[2]));
    expect(cut?.status).toEqual({ kind: 'paused' });
    const again = new FakeEngine({ reply: () => ['A sum.'] });
    const job = await summarise(cut as SummaryJob, passages, over(again), () => undefined, { signal });
    expect(again.runs).toHaveLength(all - 2);
    expect(summaryOf(job)).toBe('A sum.');
  });

  it('needs one prompt for a text that fits', async () => {
    const engine = new FakeEngine({ reply: () => ['All of it.'] });
    const job = await summarise(summary, passages.slice(0, 2), over(engine, 4096), () => undefined, {
      signal,
    });
    expect(engine.runs).toHaveLength(1);
    expect(summaryOf(job)).toBe('All of it.');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine({ reply: () => ['x'] });
    const work = summarise(summary, passages, over(engine), () => controller.abort(), {
      signal: controller.signal,
    });
    await expect(work).rejects.toMatchObject({ code: 'run/aborted' });
  });
});

describe('portions', () => {
  it('cuts by what is counted where the guess is wrong', async () => {
    // The first texts are light, the later ones heavy.
    const texts = [
      ...Array.from({ length: 4 }, () => 'a'.repeat(400)),
      ...Array.from({ length: 6 }, () => 'é'.repeat(400)),
    ];
    const count = (text: string): Promise<number> =>
      Promise.resolve([...text].reduce((sum, letter) => sum + (letter === 'é' ? 1 : 0.25), 0));
    const cut = await portions(texts, 900, count);
    expect(cut[0]?.from).toBe(0);
    expect(cut.at(-1)?.to).toBe(10);
    for (const { from, to } of cut)
      expect(await count(texts.slice(from, to).join('\n'))).toBeLessThanOrEqual(900);
  });
});

describe('extract', () => {
  const two = passages.slice(4, 6);

  it('takes values with their passage, marks those that do not stand there, drops what points nowhere', () => {
    const text = `Sure! {"items": [
      {"field": "harvest", "value": "15 tons of rye", "passage": 1},
      {"field": "Harvest", "value": "18 TONS of rye", "passage": 2},
      {"field": "harvest", "value": "99 tons", "passage": 1},
      {"field": "harvest", "value": "15 tons", "passage": 7},
      {"field": "colour", "value": "green", "passage": 1},
      {"field": "harvest", "value": "", "passage": 1}, 3]} Anything else?`;
    expect(readItems(text, ['Harvest'], two)).toEqual([
      { field: 'Harvest', value: '15 tons of rye', passage: 4, page: 5, verbatim: true },
      { field: 'Harvest', value: '18 TONS of rye', passage: 5, page: 6, verbatim: true },
      { field: 'Harvest', value: '99 tons', passage: 4, page: 5, verbatim: false },
    ]);
    expect(readItems('I cannot do that.', [], two)).toBeUndefined();
    expect(readItems('{"items": [', [], two)).toBeUndefined();
  });

  const job: ExtractJob = { ...base, kind: 'extract', document, fields: ['Harvest'], parts: [], values: [] };

  it('asks part by part, with the schema where the engine holds to it, and says which gave nothing', async () => {
    let asked = 0;
    const engine = new FakeEngine({
      reply: () =>
        ++asked === 2 ? ['no JSON'] : ['{"items":[{"field":"Harvest","value":"3 tons","passage":1}]}'],
    });
    const done = await extract(job, passages, { ...over(engine), holdsJson: () => true }, () => undefined, {
      signal,
    });
    expect(done.parts.map(({ state }) => state).filter((state) => state === 'unusable')).toHaveLength(1);
    expect(done.values[0]).toEqual({
      field: 'Harvest',
      value: '3 tons',
      passage: 0,
      page: 1,
      verbatim: true,
    });
    expect(engine.runs.every(({ request }) => request.response_format?.type === 'json_schema')).toBe(true);
  });

  it('becomes a file in which no cell is a formula', () => {
    const values = [{ field: '=cmd()', value: 'a "quoted", b', passage: 2, page: 3, verbatim: false }];
    const csv = asCsv({ ...job, values });
    expect(csv.name).toBe('farm.csv');
    expect(csv.text).toContain(`"'=cmd()","a ""quoted"", b",farm.pdf,3,3,false`);
    expect(JSON.parse(asJson({ ...job, values }).text)).toMatchObject({
      values: [{ passage: 3, field: '=cmd()' }],
    });
  });
});

describe('story', () => {
  it('asks as phield-tiny was taught, and finds the words in all their forms', () => {
    expect(storyPrompt(['dog', 'jump', 'happy'], 'en')).toBe(
      'Tell me a story with the words dog, jump and happy.',
    );
    const marked = markWords('The dogs jumped happily. A hot dog ran running.', ['dog', 'jump', 'happy']);
    expect(
      marked.filter(({ word }) => word !== undefined).map(({ text, word }) => `${text}/${word ?? ''}`),
    ).toEqual(['dogs/0', 'jumped/1', 'happily/2', 'dog/0']);
    expect(
      markWords('O cachorro pulou, pulando.', ['cachorro', 'pular', 'feliz']).filter(
        ({ word }) => word === 1,
      ),
    ).toHaveLength(2);
    expect(marked.map(({ text }) => text).join('')).toBe('The dogs jumped happily. A hot dog ran running.');
  });
});

describe('a stored job', () => {
  it.each([
    null,
    3,
    {},
    { ...summary, parts: 'x' },
    { ...summary, document: {} },
    { ...base, kind: 'other' },
  ])('that is not one is left alone: %j', (value) => expect(readJob(value)).toBeUndefined());
});
