// An answer that outlives the tab whose engine began it: asked again of the next one, with the tokens it has, from which
// it goes on as if nothing had been.
import { AppError } from '../base/errors';
import type { GenerateEvent, GenerateRequest, Usage } from '../protocol/chat';

export interface Engines {
  /** Asks the engine that there is now. */
  readonly run: (request: GenerateRequest) => Promise<{
    readonly events: AsyncIterable<readonly GenerateEvent[]>;
    /** Whether that engine is no longer the one that there is. */
    readonly lost: () => boolean;
  }>;
  /** Whether the model can go on with an answer that was cut. */
  readonly continues: () => boolean;
}

/** Batches as EngineClient.generate gives them. @throws AppError */
export async function* continueOn(
  request: GenerateRequest,
  signal: AbortSignal,
  { run, continues }: Engines,
): AsyncGenerator<readonly GenerateEvent[], void, undefined> {
  let text = '';
  let tokenIds: readonly number[] = [];
  for (;;) {
    let lost = (): boolean => false;
    try {
      const asked = goOn(request, text, tokenIds);
      const running = await run(asked);
      lost = () => running.lost();
      const drawn = tokenIds.length;
      for await (const batch of running.events) {
        // Of an engine that is gone: what it still says has been drawn by nobody else.
        for (const event of batch) {
          if (event.type !== 'token') continue;
          text += event.text;
          tokenIds = [...tokenIds, ...event.tokenIds];
        }
        yield drawn === 0 ? batch : batch.map((event) => whole(event, drawn));
      }
      return;
    } catch (thrown) {
      if (signal.aborted) {
        yield [{ type: 'done', finishReason: 'cancelled' }];
        return;
      }
      if (!lost()) throw thrown;
      if (text !== '' && (!continues() || request.response_format !== undefined)) throw cut();
    }
  }
}

function goOn(request: GenerateRequest, text: string, tokenIds: readonly number[]): GenerateRequest {
  if (text === '') return request;
  const { max_tokens: most } = request;
  const last = request.messages.at(-1);
  const before = request.continue_final_message === true && last?.role === 'assistant' ? last : undefined;
  const messages = before ? request.messages.slice(0, -1) : request.messages;
  // Ids of the part before that nobody knows cannot be joined with those of this one.
  const known = before === undefined || before.tokenIds !== undefined;
  const answer = {
    role: 'assistant',
    content: (before?.content ?? '') + text,
    ...(known && { tokenIds: [...(before?.tokenIds ?? []), ...tokenIds] }),
  } as const;
  return {
    ...request,
    messages: [...messages, answer],
    continue_final_message: true,
    ...(most !== undefined && { max_tokens: Math.max(1, most - tokenIds.length) }),
  };
}

/** The figures of the answer, not of its last part. */
function whole(event: GenerateEvent, drawn: number): GenerateEvent {
  if (event.type !== 'usage') return event;
  const { prompt_tokens, completion_tokens, ...rest } = event.usage;
  const usage: Usage = {
    ...rest,
    prompt_tokens: prompt_tokens - drawn,
    completion_tokens: completion_tokens + drawn,
  };
  return { type: 'usage', usage };
}

function cut(): AppError {
  return new AppError(
    'worker/crashed',
    'The tab whose engine wrote this answer was closed, and this model cannot go on in the middle.',
    { retryable: true },
  );
}
