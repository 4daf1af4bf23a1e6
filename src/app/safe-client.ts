// The engine behind the safety check: what is asked is looked at before the model reads it, and at Strict the answer too,
// a sentence at a time. What is held back says so, and why, in the answer's place.
import type { EngineClient } from '../client/client';
import type { GenerateEvent, GenerateRequest } from '../protocol/chat';
import { checkAnswer, checkRequest, wholeSentences, type Decision, type SafetyLevel } from '../safety/check';
import { newId } from '../base/ids';
import type { Category } from '../safety/categories';
import { judgeTopics, topicOf, type Floor } from '../safety/floor';
import { judgeAbility, judgeQuestion, readVerdict } from '../safety/judge';
import { helpLine, safetyWords } from '../ui/texts/safety-words';

export interface SafeOptions {
  readonly level: SafetyLevel;
  /** Of the page, BCP 47. */
  readonly language: string;
  /** A person's, in their order: they tell the region. */
  readonly languages: readonly string[];
  /** Of the site's owner, in a frame: no visitor gets below it. */
  readonly floor?: Floor | undefined;
  /** The loaded model is able to judge a request, which Strict then asks of it beside the rules. */
  readonly judges?: boolean;
}

export function safeClient(client: EngineClient, options: SafeOptions): EngineClient {
  return { ...bound(client), generate: (request, run) => generate(client, request, run, options) };
}

/** @param parameters of the loaded model */
export const judges = (parameters: number | undefined): boolean => judgeAbility(parameters).able;

/** The methods of a client that is a class know their object only so. */
function bound(client: EngineClient): EngineClient {
  return {
    load: (...given) => client.load(...given),
    generate: (...given) => client.generate(...given),
    countTokens: (...given) => client.countTokens(...given),
    models: (...given) => client.models(...given),
    compareEngines: (...given) => client.compareEngines(...given),
    benchmark: (...given) => client.benchmark(...given),
    held: () => client.held(),
    onLost: (...given) => client.onLost(...given),
    dispose: () => client.dispose(),
  };
}

const say = (text: string): GenerateEvent => ({ type: 'token', text, tokenIds: [] });
const end: GenerateEvent = { type: 'done', finishReason: 'stop' };

async function* generate(
  client: EngineClient,
  request: GenerateRequest,
  run: { readonly signal: AbortSignal },
  { level, language, languages, floor, judges = false }: SafeOptions,
): AsyncGenerator<readonly GenerateEvent[]> {
  const words = safetyWords(language);
  // What a site's owner has set is not the person's to change.
  const choice = floor ? '' : ` ${words.yourChoice}`;
  const because = ({ category, words: found }: Exclude<Decision, { action: 'pass' }>) =>
    [words.categories[category], found] as const;
  const questions = request.messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => unquoted(content));
  const asked = questions.at(-1) ?? '';
  if (floor) {
    const topics = judgeTopics(questions, floor);
    if (topics.action === 'refuse') {
      yield [say(floor.refusal ?? (topics.why === 'blocked' ? words.blocked(topics.topic) : words.offTopic(floor.allowed.map(({ name }) => name)))), end]; // oxfmt-ignore
      return;
    }
  }
  const decision = checkRequest(asked, level);
  if (decision.action === 'hold') {
    yield [say(words.held(...because(decision)) + choice), end];
    return;
  }
  if (decision.action === 'help' && !request.continue_final_message)
    yield [say(`${words.help(helpLine(words, languages))}\n\n`)];
  if (judges && level === 'strict' && decision.action === 'pass' && !request.continue_final_message) {
    const verdict = await judged(client, asked, run);
    if (verdict !== undefined && verdict !== 'none' && verdict !== 'self-harm') {
      yield [say(words.judged(words.categories[verdict]) + choice), end];
      return;
    }
  }
  const blocked = floor?.blocked ?? [];
  if (level !== 'strict' && blocked.length === 0) {
    yield* client.generate(request, run);
    return;
  }
  // What has been shown of the sentence before belongs to the next one's meaning.
  let before = '';
  let text = '';
  let ids: number[] = [];
  for await (const batch of client.generate(request, run)) {
    const out: GenerateEvent[] = [];
    for (const event of batch) {
      if (event.type === 'token') {
        text += event.text;
        ids.push(...event.tokenIds);
      }
      const isLast = event.type === 'done';
      const whole = isLast ? text : wholeSentences(text).whole;
      if (whole !== '') {
        const found = checkAnswer(before + whole, level);
        const topic = topicOf(before + whole, blocked);
        if (found.action === 'hold' || topic) {
          const why =
            found.action === 'hold'
              ? words.cut(...because(found)) + choice
              : (floor?.refusal ?? words.blocked(topic?.topic ?? ''));
          // Leaving the loop stops the engine.
          yield [...out, say(`\n\n${why}`), end];
          return;
        }
        out.push({ type: 'token', text: whole, tokenIds: ids });
        before = whole.slice(-200);
        text = text.slice(whole.length);
        ids = [];
      }
      if (event.type !== 'token') out.push(event);
    }
    if (out.length > 0) yield out;
  }
}

/** What stands between the marks of src/documents/ground.ts is quoted, and nobody's request. */
function unquoted(content: string): string {
  return content.replace(/<<<(passages-[0-9a-f]{8})\n[\s\S]*?\n\1>>>/g, '');
}

/** What the model itself makes of the request, in a word; undefined where it does not say. */
async function judged(
  client: EngineClient,
  asked: string,
  run: { readonly signal: AbortSignal },
): Promise<Category | 'none' | undefined> {
  const content = judgeQuestion(asked, `request-${newId().slice(0, 8)}`);
  let said = '';
  for await (const batch of client.generate(
    { messages: [{ role: 'user', content }], temperature: 0, max_tokens: 8 },
    run,
  ))
    for (const event of batch) if (event.type === 'token') said += event.text;
  return readVerdict(said);
}
