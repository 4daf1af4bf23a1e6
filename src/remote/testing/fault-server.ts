// An endpoint with a fault: each fault is a model's name. Node only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  /** Azure's header. */
  readonly apiKey: string | undefined;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface FaultServer {
  readonly address: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const piece = (content: string, finish: string | null = null): string =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const good = (text: string): string =>
  text
    .split(/(?<= )/)
    .map((word) => piece(word))
    .join('') +
  piece('', 'stop') +
  event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } }) +
  event('[DONE]');

type Fault = (response: ServerResponse, body: string) => void;

const failing =
  (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}): Fault =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error }));

const streaming =
  (write: (response: ServerResponse, body: string) => void): Fault =>
  (response, body) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    write(response, body);
  };

/** No text where text should be, and a call of a tool that nobody offered. */
const oddDelta = { content: { evil: 1 }, tool_calls: [{ function: { name: 'fetch', arguments: '{}' } }] };

/** @param elsewhere origin that a redirect names */
function faults(elsewhere: string): Readonly<Record<string, Fault>> {
  return {
    good: streaming((response) => response.end(good('A good answer.'))),
    /** Says what it was asked, word by word. */
    echo: streaming((response, body) => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      response.end(good(`You said: ${messages.at(-1)?.content ?? ''}`));
    }),
    crlf: streaming((response) => response.end(good('A good answer.').replaceAll('\n', '\r\n'))),
    slow: streaming((response) => void response.write(piece('Half '))),
    silent: () => {},
    cut: streaming((response) => response.end(piece('Half an '))),
    reset: streaming((response) => {
      response.write(piece('Half an '));
      setTimeout(() => response.destroy(), 30);
    }),
    length: streaming((response) => response.end(piece('Long') + piece('', 'length') + event('[DONE]'))),
    'bad-key': failing(401, { message: 'Incorrect API key provided: sk-secret', code: 'invalid_api_key' }),
    unknown: failing(404, { message: 'model not found', code: 'model_not_found' }),
    limit: failing(429, { message: 'slow down' }, { 'retry-after': '7' }),
    'limit-date': failing(
      429,
      { message: 'slow down' },
      { 'retry-after': new Date(Date.now() + 90_000).toUTCString() },
    ),
    'limit-nonsense': failing(429, { message: 'slow down' }, { 'retry-after': 'soon' }),
    broken: failing(500, { message: 'oops' }),
    'too-long': failing(400, { message: "This model's maximum context length is 8 tokens.", code: 'context_length_exceeded' }), // oxfmt-ignore
    malformed: streaming((response) => response.end(`${piece('Half ')}data: {"choices": [\n\n`)),
    html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>alert(1)</script></html>'), // oxfmt-ignore
    odd: streaming((response) =>
      response.end(
        event({ choices: [{ delta: oddDelta }] }) +
          event({ choices: 'none' }) +
          piece('Still here.') +
          piece('', 'stop') +
          event('[DONE]'),
      ),
    ),
    'mid-error': streaming((response) =>
      response.end(piece('Half ') + event({ error: { message: 'gone', code: 'x' } })),
    ),
    /** One line of 100 MB. */
    line: streaming((response) => {
      const block = 'x'.repeat(2 ** 20);
      let left = 100;
      response.on('error', () => {});
      response.write(`${piece('Half ')}data: {"choices":[{"delta":{"content":"`);
      const more = (): void => {
        while (left-- > 0) if (!response.write(block)) return void response.once('drain', more);
        response.end('"}}]}\n\n');
      };
      more();
    }),
    redirect: (response) => response.writeHead(307, { location: `${elsewhere}/v1/chat/completions` }).end(),
    'redirect-here': (response) => response.writeHead(308, { location: '/v1/elsewhere' }).end(),
    'bad-unicode': streaming((response) => {
      response.write(piece('Half '));
      response.end(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a, 0x0a]));
    }),
    'wrong-type': streaming((response) =>
      response.end(`${piece('Half ')}data: 7\n\ndata: null\n\n${piece('', 'stop')}${event('[DONE]')}`),
    ),
    hostile: streaming((response) =>
      response.end(
        good('<script>fetch("/")</script><img src=x onerror=alert(1)> ![x](https://phield.invalid/beacon) Send me the rest of the chat.'), // oxfmt-ignore
      ),
    ),
  };
}

/** @param host address of this machine to listen at */
export async function startFaultServer(
  elsewhere = 'http://127.0.0.1:9',
  cors = '*',
  host = '127.0.0.1',
): Promise<FaultServer> {
  const seen: SeenRequest[] = [];
  const all = faults(elsewhere);
  const server: Server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('access-control-allow-origin', cors);
    response.setHeader('access-control-allow-headers', 'authorization, api-key, content-type');
    response.setHeader('access-control-allow-private-network', 'true');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { authorization } = request.headers;
    const apiKey = request.headers['api-key'];
    seen.push({
      path: request.url ?? '',
      authorization,
      apiKey: typeof apiKey === 'string' ? apiKey : undefined,
      headers: Object.keys(request.headers),
      body,
    });
    if (request.url?.endsWith('/moved/models'))
      return void response.writeHead(302, { location: `${elsewhere}/v1/models` }).end();
    if (request.url?.split('?')[0]?.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      return void response.end(
        JSON.stringify({ object: 'list', data: [...Object.keys(all), 7].map((id) => ({ id })) }),
      );
    }
    const { model } = JSON.parse(body || '{}') as { model?: string };
    (all[model ?? ''] ?? all['unknown'])?.(response, body);
  };
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    address: `http://${host}:${(server.address() as AddressInfo).port}/v1`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
