// One question to an OpenAI-compatible endpoint, with OpenAI's own client over a guarded fetch. Everything that goes wrong
// becomes an AppError without a word of the server's, which may hold the key; text that has come stays.
import { APIConnectionError, APIError, APIUserAbortError, OpenAI } from 'openai';
import { AppError } from '../../base/errors';
import { remoteLimits, type RemoteRequest } from '../../protocol/remote';
import { endpointParts, originOf } from '../address';
import { guardFetch, usualLimits, type FetchLimits } from './guarded-fetch';

export interface EndpointAccess {
  /** Of src/remote/address.ts. */
  readonly address: string;
  readonly key?: string | undefined;
}

export type RemoteEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly prompt: number; readonly completion: number }
  | { readonly type: 'done'; readonly finishReason: 'stop' | 'length' };

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly onTook?: (took: { readonly sentBytes: number; readonly receivedBytes: number }) => void;
  readonly limits?: FetchLimits;
}

/** @throws AppError `remote/*`, `network/timeout`, `run/context-full`, `run/aborted` */
export async function* ask(
  access: EndpointAccess,
  request: RemoteRequest,
  options: AskOptions,
): AsyncGenerator<RemoteEvent> {
  const { client, guard } = connect(access, options.limits);
  let length = 0;
  let finishReason: 'stop' | 'length' | undefined;
  try {
    const stream = await client.chat.completions.create(
      {
        model: request.model,
        messages: request.messages.map(({ role, content }) => ({ role, content })),
        stream: true,
        stream_options: { include_usage: true },
        ...(request.max_tokens !== undefined && { max_tokens: request.max_tokens }),
        ...(request.temperature !== undefined && { temperature: request.temperature }),
      },
      { signal: options.signal },
    );
    for await (const chunk of stream) {
      // Untrusted, whatever its type says. Calls of tools are nobody's here.
      const choice = (chunk as Partial<typeof chunk>).choices?.[0] as
        | { delta?: { content?: unknown }; finish_reason?: unknown }
        | undefined;
      const text = choice?.delta?.content;
      if (typeof text === 'string' && text !== '') {
        length += text.length;
        if (length > remoteLimits.answerLength) throw tooMuch();
        yield { type: 'text', text };
      }
      if (typeof choice?.finish_reason === 'string')
        finishReason = choice.finish_reason === 'length' ? 'length' : 'stop';
      const { usage } = chunk;
      if (usage && isCount(usage.prompt_tokens) && isCount(usage.completion_tokens))
        yield { type: 'usage', prompt: usage.prompt_tokens, completion: usage.completion_tokens };
    }
    if (options.signal.aborted) throw new AppError('run/aborted', 'Stopped.');
    if (!finishReason) throw guard.ended.error ?? cut();
    yield { type: 'done', finishReason };
  } catch (thrown) {
    throw typed(thrown, { aborted: options.signal.aborted, ended: guard.ended.error, begun: length > 0 });
  } finally {
    options.onTook?.({ ...guard.took });
  }
}

/** Ids of the models that the endpoint offers. @throws as `ask` */
export async function listModels(access: EndpointAccess, options: AskOptions): Promise<readonly string[]> {
  const { deployment } = endpointParts(access.address);
  if (deployment !== undefined) return [deployment];
  const { client, guard } = connect(access, options.limits);
  try {
    const { data } = (await client.models.list({ signal: options.signal })) as { data?: unknown };
    if (!Array.isArray(data)) throw new AppError('remote/bad-answer', 'This is no list of models.');
    return (data as readonly unknown[])
      .flatMap((one) => (typeof one === 'object' && one !== null && 'id' in one ? [one.id] : []))
      .filter(
        (id): id is string => typeof id === 'string' && id !== '' && id.length <= remoteLimits.modelLength,
      )
      .slice(0, remoteLimits.models);
  } catch (thrown) {
    throw typed(thrown, { aborted: options.signal.aborted, ended: guard.ended.error, begun: false });
  } finally {
    options.onTook?.({ ...guard.took });
  }
}

function connect({ address, key }: EndpointAccess, limits: FetchLimits = usualLimits) {
  const { base, apiVersion } = endpointParts(address);
  const isAzure = apiVersion !== undefined;
  const guard = guardFetch(
    originOf(address),
    key && (isAzure ? { 'api-key': key } : { authorization: `Bearer ${key}` }),
    limits,
  );
  const client = new OpenAI({
    baseURL: base,
    ...(isAzure && { defaultQuery: { 'api-version': apiVersion } }),
    // The guard writes the header: no other code of the client's needs the key.
    apiKey: 'unused',
    organization: null,
    project: null,
    dangerouslyAllowBrowser: true,
    // Asked again only by the person.
    maxRetries: 0,
    timeout: limits.beginMs + 1_000,
    logLevel: 'off',
    fetch: guard.fetch,
  });
  return { client, guard };
}

interface Circumstances {
  readonly aborted: boolean;
  readonly ended: AppError | undefined;
  /** Text has come already. */
  readonly begun: boolean;
}

function typed(thrown: unknown, { aborted, ended, begun }: Circumstances): AppError {
  if (aborted) return new AppError('run/aborted', 'Stopped.');
  if (ended) return ended;
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof APIUserAbortError) return new AppError('run/aborted', 'Stopped.');
  // Refused, unknown, without leave for this page: a browser does not say which.
  if (thrown instanceof APIConnectionError)
    return new AppError('remote/unreachable', 'The endpoint could not be reached.', { retryable: true });
  if (thrown instanceof APIError) return ofStatus(thrown as APIError<number | undefined>);
  if (thrown instanceof SyntaxError)
    return new AppError('remote/bad-answer', 'What came is not the answer of such an endpoint.');
  return begun
    ? cut()
    : new AppError('remote/unreachable', 'The endpoint could not be reached.', { retryable: true });
}

function ofStatus({ status, headers, code, message }: APIError<number | undefined>): AppError {
  const details = { status: status ?? 0 };
  // No server but these words tells it apart.
  const isTooLong =
    code === 'context_length_exceeded' ||
    status === 413 ||
    (status === 400 &&
      /context (?:length|size|window)|too (?:long|many tokens)|maximum context/i.test(message));
  if (isTooLong)
    return new AppError('run/context-full', 'The request is longer than the model holds.', { details });
  if (status === 401 || status === 403)
    return new AppError('remote/bad-key', 'The endpoint refuses the key.', { details });
  if (status === 404 || code === 'model_not_found')
    return new AppError('remote/unknown-model', 'The endpoint does not know the model or the address.', {
      details,
    });
  if (status === 429) {
    const said = headers?.get('retry-after') ?? '';
    // Seconds, or a date.
    const after = /^\d+(?:\.\d+)?$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
    const wait = Number.isFinite(after) && after >= 0 ? { waitS: Math.ceil(after) } : {};
    return new AppError('remote/rate-limited', 'The endpoint takes no more requests for now.', {
      details: { ...details, ...wait },
      retryable: true,
    });
  }
  return new AppError('remote/failed', `The endpoint failed (${status ?? 'in the middle of its answer'}).`, {
    details,
    retryable: (status ?? 500) >= 500,
  });
}

const cut = (): AppError =>
  new AppError('remote/cut', 'The answer broke off before its end.', { retryable: true });
const tooMuch = (): AppError =>
  new AppError('remote/bad-answer', 'The endpoint sent more than an answer can have.');
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
