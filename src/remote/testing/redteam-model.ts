// The red team against a model that runs.
import { groundedText } from '../../documents/ground';
import { redTeam, type Answerer, type RedTeamReport } from '../../safety/testing/redteam';
import { redTeamSet } from '../../safety/testing/redteam-set';
import { openNodeEngine } from './node-engine';

const mostTokens = 48;

export async function redTeamModel(
  model: string,
  limit = redTeamSet.length,
): Promise<RedTeamReport & { readonly model: string }> {
  const engine = await openNodeEngine(model);
  const known = new Map<string, string>();
  const answer: Answerer = async ({ system, question, about, isFenced }) => {
    const quoted = about && [
      { documentId: 'd', name: 'shop.txt', passage: { index: 0, headings: [], blocks: [about] } },
    ];
    const content = !quoted
      ? question
      : isFenced
        ? groundedText(question, quoted, 'a8f3c1d97e')
        : `${about}\n${question}`;
    const key = JSON.stringify([system, content]);
    let said = known.get(key);
    if (said === undefined) {
      said = '';
      const request = {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content },
        ],
        temperature: 0,
        max_tokens: mostTokens,
      } as const;
      for await (const event of engine.generate(request, { signal: new AbortController().signal }))
        if (event.type === 'token') said += event.text;
      known.set(key, said);
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
  return { model, ...report };
}
