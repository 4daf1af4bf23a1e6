// One prompt, one text: how a task uses the engine that the chat uses too. It waits while an answer is being written.
import { AppError, toAppError } from '../base/errors';
import { newId } from '../base/ids';
import type { EngineClient } from '../client/client';
import type { GenerateRequest } from '../protocol/chat';

export interface TaskEngine {
  /** The client once its model is ready. */
  readonly client: (signal: AbortSignal) => Promise<EngineClient>;
  /** Of the loaded model. */
  readonly contextWindow: () => number | undefined;
  readonly model: () => string;
  /** Whether the loaded model holds to a JSON schema. */
  readonly holdsJson: () => boolean;
  /** Resolves when no answer is being written in a chat. */
  readonly whenFree: (signal: AbortSignal) => Promise<void>;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** The text so far, as it comes. */
  readonly onText?: (text: string) => void;
}

const busyWaitMs = 300;

export async function askModel(
  engine: TaskEngine,
  prompt: string,
  settings: Omit<GenerateRequest, 'messages'>,
  { signal, onText }: AskOptions,
): Promise<string> {
  for (;;) {
    const client = await engine.client(signal);
    await engine.whenFree(signal);
    stopIf(signal);
    try {
      return await read(
        client,
        { ...settings, messages: [{ role: 'user', content: prompt }] },
        signal,
        onText,
      );
    } catch (thrown) {
      // A chat was quicker.
      if (toAppError(thrown).code !== 'run/busy') throw thrown;
      await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
    }
  }
}

async function read(
  client: EngineClient,
  request: GenerateRequest,
  signal: AbortSignal,
  onText: ((text: string) => void) | undefined,
): Promise<string> {
  let text = '';
  for await (const batch of client.generate(request, { signal })) {
    const before = text;
    for (const event of batch) if (event.type === 'token') text += event.text;
    if (text !== before) onText?.(text);
  }
  stopIf(signal);
  return text.trim();
}

export function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('run/aborted', 'The task was stopped.');
}

/** Quoted as data: what a document says is nobody's instruction. */
export function quoted(text: string, fence = `text-${newId().slice(0, 8)}`): string {
  return `<<<${fence}\n${text.replaceAll(fence, '')}\n${fence}>>>`;
}
