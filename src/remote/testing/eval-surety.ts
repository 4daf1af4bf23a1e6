// Whether how sure a local model was of its answer tells the requests that need a larger one: the mean ln p of the answers
// to the labelled requests, by a model that runs.
import { routerSet } from './router-set';
import { openNodeEngine } from './node-engine';

export interface SuretyRow {
  readonly text: string;
  readonly larger: boolean;
  readonly heldOut: boolean;
  readonly meanLogprob: number;
  readonly meanEntropy: number;
}

export interface SuretyReport {
  readonly model: string;
  readonly tokens: number;
  readonly requests: number;
  /** Mean of the answers' means, nats. */
  readonly here: number;
  readonly larger: number;
  /** How often an answer that a larger model should give is the less sure one of a pair: 0.5 is chance. */
  readonly auc: number;
  /** Below it lie a tenth of the answers of the training half that may stay here. */
  readonly below: number;
  /** Of the held-out half, shares below it. */
  readonly flaggedHere: number;
  readonly flaggedLarger: number;
}

const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;

export async function measureSurety(
  model: string,
  tokens: number,
  onRow: (row: SuretyRow) => void,
): Promise<SuretyReport> {
  const engine = await openNodeEngine(model);
  const rows: SuretyRow[] = [];
  for (const { text, larger, heldOut } of routerSet) {
    const request = {
      messages: [{ role: 'user', content: text }],
      temperature: 0,
      max_tokens: tokens,
      logprobs: true,
    } as const;
    for await (const event of engine.generate(request, { signal: new AbortController().signal })) {
      if (event.type !== 'usage') continue;
      const { mean_logprob: meanLogprob = NaN, mean_entropy: meanEntropy = NaN } = event.usage;
      const row = { text, larger, heldOut, meanLogprob, meanEntropy };
      rows.push(row);
      onRow(row);
    }
  }
  await engine.dispose();
  return { model, tokens, ...judge(rows) };
}

/** Pure: for the test. */
export function judge(rows: readonly SuretyRow[]): Omit<SuretyReport, 'model' | 'tokens'> {
  const of = (larger: boolean, heldOut?: boolean): number[] =>
    rows
      .filter((row) => row.larger === larger && (heldOut === undefined || row.heldOut === heldOut))
      .map(({ meanLogprob }) => meanLogprob);
  const [here, larger] = [of(false), of(true)];
  const won = here.flatMap((a) => larger.map((b) => (b < a ? 1 : b === a ? 0.5 : 0)));
  const sorted = of(false, false).sort((a, b) => a - b);
  const below = sorted[Math.floor(sorted.length / 10)] ?? NaN;
  const share = (figures: readonly number[]): number =>
    mean(figures.map((figure) => (figure < below ? 1 : 0)));
  return {
    requests: rows.length,
    here: mean(here),
    larger: mean(larger),
    auc: mean(won),
    below,
    flaggedHere: share(of(false, true)),
    flaggedLarger: share(of(true, true)),
  };
}
