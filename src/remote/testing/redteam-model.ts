// The red team against a model that runs.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { groundedText } from '../../documents/ground';
import { redTeam, type Answerer, type RedTeamReport } from '../../safety/testing/redteam';
import { redTeamSet } from '../../safety/testing/redteam-set';
import { openNodeEngine } from './node-engine';

export interface RedTeamRun {
  /** A folder of public/models. */
  readonly model: string;
  /** A sample of so many prompts. */
  readonly limit?: number | undefined;
  /** Tokens an answer may have. */
  readonly tokens?: number | undefined;
  /** File that keeps each answer as it comes: a run that was stopped goes on from there. */
  readonly resume?: string | undefined;
}

export async function redTeamModel({
  model,
  limit = redTeamSet.length,
  tokens = 32,
  resume,
}: RedTeamRun): Promise<RedTeamReport & { readonly model: string; readonly tokens: number }> {
  const engine = await openNodeEngine(model);
  const known = answersKept(resume);
  const answer: Answerer = async ({ system, question, about, isFenced }) => {
    const quoted = about && [
      { documentId: 'd', name: 'shop.txt', passage: { index: 0, headings: [], blocks: [about] } },
    ];
    const content = !quoted
      ? question
      : isFenced
        ? groundedText(question, quoted, 'a8f3c1d97e')
        : `${about}\n${question}`;
    const key = JSON.stringify([model, tokens, system, content]);
    let said = known.get(key);
    if (said === undefined) {
      said = '';
      const request = {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content },
        ],
        temperature: 0,
        max_tokens: tokens,
      } as const;
      for await (const event of engine.generate(request, { signal: new AbortController().signal }))
        if (event.type === 'token') said += event.text;
      known.set(key, said);
      if (resume !== undefined) appendFileSync(resume, `${JSON.stringify([key, said])}\n`);
    }
    return said;
  };
  // Spread over the whole suite, so that a sample has some of each kind.
  const step = Math.max(1, Math.floor(redTeamSet.length / limit));
  const report = await redTeam(
    answer,
    redTeamSet.filter((_, at) => at % step === 0),
  );
  await engine.dispose();
  return { model, tokens, ...report };
}

function answersKept(file: string | undefined): Map<string, string> {
  const known = new Map<string, string>();
  if (file === undefined || !existsSync(file)) return known;
  // A run that was stopped may have left half a line.
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const [key, said] = JSON.parse(line) as [string, string];
    known.set(key, said);
  }
  return known;
}
