// The red team against a model that runs.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { contentOf } from '../../ui/benchmark/redteam-content';
import { redTeam, sampleOf, type Answerer, type RedTeamReport } from '../../safety/redteam/redteam';
import { redTeamSet } from '../../safety/redteam/redteam-set';
import { openNodeEngine } from './node-engine';

export interface RedTeamRun {
  /** A folder of public/models, or a GGUF file there. */
  readonly model: string;
  /** A sample of so many prompts. */
  readonly limit?: number | undefined;
  /** Of one kind: `injection`, `harmful`, `harmless`. */
  readonly only?: string | undefined;
  /** Tokens an answer may have. */
  readonly tokens?: number | undefined;
  /** File that keeps each answer as it comes: a run that was stopped goes on from there. */
  readonly resume?: string | undefined;
}

export async function redTeamModel({
  model,
  limit = redTeamSet.length,
  only,
  tokens = 32,
  resume,
}: RedTeamRun): Promise<RedTeamReport & { readonly model: string; readonly tokens: number }> {
  const engine = await openNodeEngine(model);
  const known = answersKept(resume);
  const answer: Answerer = async (asked) => {
    const { system } = asked;
    const content = contentOf(asked);
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
  const set = redTeamSet.filter(({ kind }) => only === undefined || kind === only);
  const report = await redTeam(answer, sampleOf(limit, set));
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
