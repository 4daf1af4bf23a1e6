// The model on the person's device for the host's own page, in OpenAI's shape: chat.completions.create. What is asked goes
// over the widget's port; whether it is answered, the person in front of the frame says.
import type { Completion, CompletionChunk, CompletionRequest, Completions } from '../../../public/embed.mjs';
import type { FrameMessage, HostMessage } from '../../protocol/widget';

interface CompletionOptions {
  readonly signal?: AbortSignal;
}

export interface Line {
  /** Loads the frame where it is not there yet. */
  readonly start: () => void;
  readonly post: (message: HostMessage) => void;
  /** @returns what ends it. */
  readonly listen: (listener: (message: FrameMessage) => void) => () => void;
  readonly isWelcome: () => boolean;
  /** Aborted when the frame is gone. */
  readonly gone: () => AbortSignal;
}

/** For how long a frame may be silent that does not know this page. */
const patienceMs = 20_000;
let made = 0;

const problem = (code: string, message: string): Error => Object.assign(new Error(message), { code });

export function completionsOver(line: Line): Completions {
  const head = (id: string, model = '') => ({
    id: `chatcmpl-${id}`,
    created: Math.floor(Date.now() / 1000),
    model,
  });

  async function* chunks(
    request: CompletionRequest,
    given: AbortSignal | undefined,
  ): AsyncGenerator<CompletionChunk, void> {
    const id = `c${++made}`;
    const queue: FrameMessage[] = [];
    let wake = (): void => {};
    line.start();
    const signal = AbortSignal.any([line.gone(), ...(given ? [given] : [])]);
    signal.throwIfAborted();
    const onAbort = (): void => wake();
    const unlisten = line.listen((message) => {
      queue.push(message);
      wake();
    });
    signal.addEventListener('abort', onAbort);
    const started = Date.now();
    const timer = setTimeout(() => wake(), patienceMs);
    let asked = false;
    let open = false;
    let role: { readonly role?: 'assistant' } = { role: 'assistant' };
    const chunk = (model: string, delta: object, finish_reason: 'stop' | 'length' | null) => ({
      ...head(id, model),
      object: 'chat.completion.chunk' as const,
      choices: [{ index: 0, delta, finish_reason }] as const,
    });
    try {
      for (;;) {
        signal.throwIfAborted();
        if (!asked && line.isWelcome()) {
          asked = open = true;
          const { stream: _stream, ...rest } = request;
          line.post({ type: 'complete', id, request: rest });
        }
        if (!asked && Date.now() - started >= patienceMs)
          throw problem('completion/not-heard', 'The chat does not listen to this page: see origins.');
        const message = queue.shift();
        if (!message) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        if (!('id' in message) || message.id !== id) continue;
        if (message.type === 'completion') {
          yield chunk('', { ...role, content: message.text }, null);
          role = {};
        } else if (message.type === 'completion-failed') {
          open = false;
          throw problem(message.code, message.message);
        } else if (message.type === 'completion-end') {
          open = false;
          const { promptTokens, completionTokens, finishReason, model } = message;
          const usage = {
            prompt_tokens: promptTokens,
            completion_tokens: completionTokens,
            total_tokens: promptTokens + completionTokens,
          };
          yield { ...chunk(model, role, finishReason), usage };
          return;
        }
      }
    } finally {
      clearTimeout(timer);
      unlisten();
      signal.removeEventListener('abort', onAbort);
      if (open) line.post({ type: 'stop', id });
    }
  }

  async function whole(request: CompletionRequest, signal: AbortSignal | undefined): Promise<Completion> {
    let content = '';
    for await (const { id, created, model, choices, usage } of chunks(request, signal)) {
      const [{ delta, finish_reason }] = choices;
      content += delta.content ?? '';
      if (finish_reason === null || !usage) continue;
      const message = { role: 'assistant', content, refusal: null } as const;
      return {
        id,
        object: 'chat.completion',
        created,
        model,
        choices: [{ index: 0, message, finish_reason, logprobs: null }],
        usage,
      };
    }
    throw problem('run/aborted', 'The answer ended early.');
  }

  function create(
    request: CompletionRequest & { readonly stream: true },
    options?: CompletionOptions,
  ): Promise<AsyncIterable<CompletionChunk>>;
  function create(request: CompletionRequest, options?: CompletionOptions): Promise<Completion>;
  async function create(
    request: CompletionRequest,
    { signal }: CompletionOptions = {},
  ): Promise<AsyncIterable<CompletionChunk> | Completion> {
    if (!request.stream) return whole(request, signal);
    // A refusal is told by `create`, as OpenAI's own client does, and not by the first chunk.
    const stream = chunks(request, signal);
    const first = await stream.next();
    return {
      async *[Symbol.asyncIterator]() {
        if (!first.done) yield first.value;
        yield* stream;
      },
    };
  }
  return { create };
}
