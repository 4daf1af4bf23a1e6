// phield-tiny as the training recipe's own PyTorch model computes it (training/golden.py, f64, from the same 4-bit
// weights): an implementation that shares nothing with ours, for the template, the tokenizer and the twin.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../formats/mlc/parse-config';
import { parseManifest } from '../formats/mlc/parse-manifest';
import { partsOf, renderPrompt, type TemplateMessage } from '../formats/template';
import { Tokenizer } from '../tokenizer/tokenizer';
import { Phi3Twin, type TwinTensor } from './phi3';

const goldenUrl = new URL('../../training/golden.json', import.meta.url);
const folder = new URL('../../public/models/phield-tiny/', import.meta.url);

interface Case {
  readonly system: string;
  readonly turns: readonly (readonly [user: string, assistant: string | null])[];
  readonly pieces: readonly string[];
  readonly promptIds: readonly number[];
  /** At most 64, the stop id left out. */
  readonly greedyIds: readonly number[];
  readonly stopped: boolean;
  readonly text: string;
  readonly firstTop5: readonly (readonly [id: number, logit: number])[];
}
interface Golden {
  readonly tensorCacheSha256: string;
  readonly cases: readonly Case[];
}

const golden: Golden | undefined = existsSync(goldenUrl)
  ? JSON.parse(readFileSync(goldenUrl, 'utf8'))
  : undefined;
const cases = golden?.cases.map((one) => [one.turns.at(-1)?.[0] ?? '', one] as const) ?? [];

describe.skipIf(!golden)('phield-tiny as PyTorch computes it', () => {
  const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  const config = parseConfig(text('mlc-chat-config.json'));
  const tokenizer = Tokenizer.parse(text('tokenizer.json'));
  let twin: Phi3Twin;

  beforeAll(() => {
    const tensors = new Map<string, TwinTensor>();
    for (const { dataPath, records } of parseManifest(text('tensor-cache.json')).shards) {
      const bytes = readFileSync(new URL(dataPath, folder));
      for (const record of records) {
        const end = record.byteOffset + record.nbytes;
        tensors.set(record.name, { record, bytes: bytes.subarray(record.byteOffset, end) });
      }
    }
    twin = new Phi3Twin(config.shape, tensors);
  });

  it('is of the weights that lie there, on five prompts', () => {
    const digest = createHash('sha256').update(text('tensor-cache.json')).digest('hex');
    expect(golden?.tensorCacheSha256, 'run golden.py of training/ after a change of the model').toBe(digest);
    expect(cases.length).toBeGreaterThanOrEqual(5);
  });

  it.each(cases)('renders and tokenises alike: %s', (_prompt, { system, turns, pieces, promptIds }) => {
    const messages: TemplateMessage[] = [{ role: 'system', content: system }];
    for (const [user, assistant] of turns) {
      messages.push({ role: 'user', content: user });
      if (assistant !== null) messages.push({ role: 'assistant', content: assistant });
    }
    const prompt = renderPrompt(config.template, messages);
    const parts = prompt.pieces.map(partsOf);
    expect(parts.map((piece) => piece.map((part) => part.text).join(''))).toEqual(pieces);
    expect([...prompt.prefixTokenIds, ...parts.flatMap((piece) => tokenizer.encodeParts(piece))]).toEqual(
      promptIds,
    );
  });

  it.each(cases)('chooses the same ids and says the same: %s', (_prompt, one) => {
    const { vocab } = config.shape;
    let logits: Float64Array = twin.logits(one.promptIds, 0).slice(-vocab);
    for (const [id, logit] of one.firstTop5) expect(logits[id]).toBeCloseTo(logit, 6);
    const ids: number[] = [];
    for (;;) {
      const best = logits.indexOf(Math.max(...logits));
      if (config.template.stopTokenIds.includes(best)) break;
      if (ids.length === 64) break;
      ids.push(best);
      logits = twin.logits([best], one.promptIds.length + ids.length - 1);
    }
    expect(ids).toEqual(one.greedyIds);
    expect(ids.length < 64).toBe(one.stopped);
    // Bytes that are no UTF-8 both libraries show as U+FFFD, and not as many of them: see token-bytes.ts.
    if (!one.text.includes('\ufffd')) expect(tokenizer.decode(ids)).toBe(one.text);
  });
});
