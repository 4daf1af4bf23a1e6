// ai-sdk.mjs: the person's own model as a language model of the Vercel AI SDK (specification v3, which `ai` 6 and later take):
//   import { mount } from 'https://HOST/embed.mjs';
//   import { phield } from 'https://HOST/ai-sdk.mjs';
//   const { textStream } = streamText({ model: phield(mount({ target }).chat.completions), prompt: 'Hi' });
// It imports nothing: neither the SDK nor the loader, which it is given.
import type {
  CompletionChunk,
  CompletionRequest,
  Completions,
  CompletionUsage,
} from '../../../public/embed.mjs';

interface Part {
  readonly type: string;
  readonly text?: string;
}

/** What of the SDK's call is used. */
export interface AiCall {
  readonly prompt: readonly { readonly role: string; readonly content: string | readonly Part[] }[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly responseFormat?:
    | { readonly type: string; readonly name?: string; readonly schema?: object }
    | undefined;
  readonly tools?: readonly unknown[] | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

interface Warning {
  type: 'unsupported';
  feature: string;
}

interface FinishReason {
  unified: 'stop' | 'length';
  raw: string;
}

interface Usage {
  inputTokens: { total: number; noCache: undefined; cacheRead: undefined; cacheWrite: undefined };
  outputTokens: { total: number; text: number; reasoning: undefined };
}

export type AiStreamPart =
  | { type: 'stream-start'; warnings: Warning[] }
  | { type: 'text-start' | 'text-end'; id: string }
  | { type: 'text-delta'; id: string; delta: string }
  | { type: 'finish'; finishReason: FinishReason; usage: Usage }
  | { type: 'error'; error: unknown };

export interface AiModel {
  readonly specificationVersion: 'v3';
  readonly provider: 'phield';
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(call: AiCall): Promise<{
    content: { type: 'text'; text: string }[];
    finishReason: FinishReason;
    usage: Usage;
    response: { id: string; modelId: string };
    warnings: Warning[];
  }>;
  doStream(call: AiCall): Promise<{ stream: ReadableStream<AiStreamPart> }>;
}

/** @param completions `chat.completions` of a widget. */
export function phield(completions: Completions): AiModel {
  return {
    specificationVersion: 'v3',
    provider: 'phield',
    modelId: 'phield',
    supportedUrls: {},
    async doGenerate(call) {
      const { id, model, choices, usage } = await completions.create(requestOf(call), optionsOf(call));
      const [{ message, finish_reason }] = choices;
      return {
        content: [{ type: 'text', text: message.content }],
        finishReason: { unified: finish_reason, raw: finish_reason },
        usage: usageOf(usage),
        response: { id, modelId: model },
        warnings: warningsOf(call),
      };
    },
    async doStream(call) {
      const chunks = await completions.create({ ...requestOf(call), stream: true }, optionsOf(call));
      const parts = streamParts(chunks, warningsOf(call));
      return {
        stream: new ReadableStream<AiStreamPart>({
          async pull(controller) {
            const { done, value } = await parts.next();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          async cancel() {
            await parts.return();
          },
        }),
      };
    },
  };
}

async function* streamParts(
  chunks: AsyncIterable<CompletionChunk>,
  warnings: Warning[],
): AsyncGenerator<AiStreamPart, void> {
  const id = 'text';
  yield { type: 'stream-start', warnings };
  yield { type: 'text-start', id };
  try {
    for await (const { choices, usage } of chunks) {
      const [{ delta, finish_reason }] = choices;
      if (delta.content) yield { type: 'text-delta', id, delta: delta.content };
      if (finish_reason === null || !usage) continue;
      yield { type: 'text-end', id };
      const finishReason = { unified: finish_reason, raw: finish_reason };
      yield { type: 'finish', finishReason, usage: usageOf(usage) };
    }
  } catch (error) {
    yield { type: 'error', error };
  }
}

function optionsOf({ abortSignal }: AiCall): { readonly signal?: AbortSignal } {
  return abortSignal ? { signal: abortSignal } : {};
}

/** @throws Error where the prompt holds what is no text: files, tool calls. */
function requestOf(call: AiCall): CompletionRequest & { readonly stream?: false } {
  const { maxOutputTokens, temperature, topP, seed, stopSequences, responseFormat } = call;
  return {
    messages: call.prompt.map(({ role, content }) => {
      if (role !== 'system' && role !== 'user' && role !== 'assistant')
        throw new Error(`A message of ${role} cannot be given to this model.`);
      return { role, content: typeof content === 'string' ? content : content.map(textOf).join('') };
    }),
    ...(maxOutputTokens !== undefined && { max_tokens: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(seed !== undefined && { seed }),
    ...(stopSequences !== undefined && { stop: stopSequences }),
    ...(responseFormat?.type === 'json' && { response_format: formatOf(responseFormat) }),
  };
}

function formatOf({
  name,
  schema,
}: NonNullable<AiCall['responseFormat']>): NonNullable<CompletionRequest['response_format']> {
  if (!schema) return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { ...(name !== undefined && { name }), schema } };
}

function textOf({ type, text }: Part): string {
  if (type === 'text') return text ?? '';
  // What a model thought is no part of what it said.
  if (type === 'reasoning') return '';
  throw new Error(`A part of type ${type} cannot be given to this model.`);
}

function warningsOf(call: AiCall): Warning[] {
  const unused = [
    call.tools?.length ? 'tools' : undefined,
    call.topK !== undefined ? 'topK' : undefined,
    call.presencePenalty !== undefined ? 'presencePenalty' : undefined,
    call.frequencyPenalty !== undefined ? 'frequencyPenalty' : undefined,
  ];
  return unused.flatMap((feature) => (feature === undefined ? [] : [{ type: 'unsupported', feature }]));
}

function usageOf({ prompt_tokens, completion_tokens }: CompletionUsage): Usage {
  return {
    inputTokens: { total: prompt_tokens, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: completion_tokens, text: completion_tokens, reasoning: undefined },
  };
}
