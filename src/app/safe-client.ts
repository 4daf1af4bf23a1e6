// The engine behind the safety check: what is asked is looked at before the model reads it, and at Strict the answer too,
// a sentence at a time. What is held back says so, and why, in the answer's place.
import type { EngineClient } from '../client/client';
import type { GenerateEvent, GenerateRequest } from '../protocol/chat';
import { checkAnswer, checkRequest, wholeSentences, type Decision, type SafetyLevel } from '../safety/check';
import { helpLine, safetyWords } from '../ui/texts/safety-words';

export interface SafeOptions {
  readonly level: SafetyLevel;
  /** Of the page, BCP 47. */
  readonly language: string;
  /** A person's, in their order: they tell the region. */
  readonly languages: readonly string[];
}

export function safeClient(client: EngineClient, options: SafeOptions): EngineClient {
  return { ...bound(client), generate: (request, run) => generate(client, request, run, options) };
}

/** The methods of a client that is a class know their object only so. */
function bound(client: EngineClient): EngineClient {
  return {
    load: (...given) => client.load(...given),
    generate: (...given) => client.generate(...given),
    countTokens: (...given) => client.countTokens(...given),
    models: (...given) => client.models(...given),
    compareEngines: (...given) => client.compareEngines(...given),
    benchmark: (...given) => client.benchmark(...given),
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
  { level, language, languages }: SafeOptions,
): AsyncGenerator<readonly GenerateEvent[]> {
  const words = safetyWords(language);
  const because = ({ category, words: found }: Exclude<Decision, { action: 'pass' }>) =>
    [words.categories[category], found] as const;
  const last = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  // What stands between the marks of src/documents/ground.ts is quoted, and nobody's request.
  const asked = last.replace(/<<<(passages-[0-9a-f]{8})\n[\s\S]*?\n\1>>>/g, '');
  const decision = checkRequest(asked, level);
  if (decision.action === 'hold') {
    yield [say(words.held(...because(decision))), end];
    return;
  }
  if (decision.action === 'help' && !request.continue_final_message)
    yield [say(`${words.help(helpLine(words, languages))}\n\n`)];
  if (level !== 'strict') {
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
        const judged = checkAnswer(before + whole, level);
        if (judged.action === 'hold') {
          // Leaving the loop stops the engine.
          yield [...out, say(`\n\n${words.cut(...because(judged))}`), end];
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
