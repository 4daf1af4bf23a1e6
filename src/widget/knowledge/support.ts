// Answers from a site's own knowledge. The passages are found first; what happens then is decided by what was found, not
// by the model: nothing that fits, and the answer says so and where to ask; a model too small to be trusted with other
// people's facts, and the best passage is quoted as it stands; else the model answers from the passages and cites them.
import type { DocumentRef, Source } from '../../chat/conversation';
import type { EngineClient } from '../../client/client';
import type { GroundChat } from '../../documents/ground-chat';
import { tokenize, toTerm } from '../../documents/find/words';
import type { FoundPassage } from '../../documents/messages';
import type { GenerateEvent, GenerateRequest } from '../../protocol/chat';

export interface SupportParts {
  readonly ground: GroundChat;
  readonly find: (
    question: string,
    ids: readonly string[],
    limit: number,
  ) => Promise<readonly FoundPassage[]>;
  /** Whether the loaded model only quotes. */
  readonly quotes: () => boolean;
  /** What is said where nothing fits. */
  readonly unknown: () => string;
}

/** At least this share of a question's words has to be in the passage that answers it: `npm run eval:support`. */
export const coverageNeeded = 0.5;
/** Looked at for the one that has most of the question's words. */
const candidates = 5;

export interface Support {
  readonly ground: GroundChat;
  /** The engine, but for answers that need none. */
  client(engine: EngineClient): EngineClient;
}

export function createSupport({ ground, find, quotes, unknown }: SupportParts): Support {
  /** What is to be said, by the prompt that stands for it. */
  const decided = new Map<string, string>();
  const decide = (question: string, answer: string): string => {
    if (decided.size > 100) decided.clear();
    decided.set(question, answer);
    return question;
  };
  return {
    ground: async (question, documents, options) => {
      const ids = documents.map(({ id }) => id);
      const [best] = decideAnswer(question, await find(question, ids, candidates));
      if (!best) return { content: decide(question, unknown()), sources: [] };
      if (!quotes()) return ground(question, documents, options);
      const answer = `${quoteOf(best)} [1]`;
      return { content: decide(question, answer), sources: [sourceOf(best, documents)] };
    },
    client: (engine) => ({
      ...engine,
      generate: (request, options) => {
        const answer = decided.get(lastOf(request));
        return answer === undefined ? engine.generate(request, options) : say(answer);
      },
    }),
  };
}

/** Those of the found that have enough of the question's words, the fullest first. */
export function decideAnswer<Hit extends Pick<FoundPassage, 'passage' | 'score' | 'terms'>>(
  question: string,
  found: readonly Hit[],
  least = coverageNeeded,
): readonly Hit[] {
  return found
    .map((hit) => ({ hit, covered: coverage(question, hit) }))
    .filter(({ covered }) => covered >= least)
    .sort((a, b) => b.covered * b.hit.score - a.covered * a.hit.score)
    .map(({ hit }) => hit);
}

/** The share of the question's words that the passage has. */
export function coverage(
  question: string,
  { terms, passage }: Pick<FoundPassage, 'terms' | 'passage'>,
): number {
  const wanted = new Set(
    tokenize(question)
      .map(toTerm)
      .filter((term) => term !== null),
  );
  if (wanted.size === 0) return 0;
  const text = [...passage.headings, ...passage.blocks].join('\n');
  const there = new Set([...tokenize(text).map(toTerm), ...terms]);
  return [...wanted].filter((term) => there.has(term)).length / wanted.size;
}

function quoteOf({ passage }: FoundPassage): string {
  return passage.blocks.join('\n\n').trim();
}

function sourceOf({ documentId, passage }: FoundPassage, documents: readonly DocumentRef[]): Source {
  const heading = passage.headings.at(-1);
  return {
    documentId,
    name: documents.find(({ id }) => id === documentId)?.name ?? '',
    passage: passage.index,
    ...(heading !== undefined && { heading }),
  };
}

function lastOf({ messages }: GenerateRequest): string {
  return messages.at(-1)?.content ?? '';
}

async function* say(text: string): AsyncGenerator<readonly GenerateEvent[]> {
  await Promise.resolve();
  yield [
    { type: 'token', text, tokenIds: [] },
    { type: 'done', finishReason: 'stop' },
  ];
}
