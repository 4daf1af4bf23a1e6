// A real OpenAI-compatible endpoint over our own engine, for tests: streams, counts, stops when nobody listens.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Engine } from '../../engines/engine';
import type { GenerateRequest } from '../../protocol/chat';

export interface EngineEndpoint {
  readonly address: string;
  close(): Promise<void>;
}

async function stream(engine: Engine, request: GenerateRequest, response: ServerResponse): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (data: unknown): void => void response.write(`data: ${JSON.stringify(data)}\n\n`);
  for await (const event of engine.generate(request, controller)) {
    if (event.type === 'token')
      say({ choices: [{ index: 0, delta: { content: event.text }, finish_reason: null }] });
    else if (event.type === 'usage') say({ choices: [], usage: event.usage });
    else if (event.type === 'done')
      say({ choices: [{ index: 0, delta: {}, finish_reason: event.finishReason }] });
  }
  response.end('data: [DONE]\n\n');
}

export async function startEngineEndpoint(engine: Engine, model: string): Promise<EngineEndpoint> {
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === '/v1/models') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model' }] }));
        return;
      }
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const {
        messages,
        max_tokens,
        temperature,
        model: asked,
      } = JSON.parse(body) as GenerateRequest & { model: string };
      if (asked !== model) {
        response
          .writeHead(404)
          .end(JSON.stringify({ error: { code: 'model_not_found', message: 'unknown' } }));
        return;
      }
      const generated: GenerateRequest = {
        messages,
        ...(max_tokens !== undefined && { max_tokens }),
        ...(temperature !== undefined && { temperature }),
      };
      await stream(engine, generated, response);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
