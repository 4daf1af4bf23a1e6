// An HTTP server for model folders on an origin of its own, where a test can make any file fail. Each folder name
// is the same small model again, so that every case starts with nothing stored.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildLibrary } from './stand-in-library';

export const modelFolder = new URL('../../public/models/phield-tiny/', import.meta.url);
export const libraryName = 'phield-tiny.wasm';

export type Fault = number | Uint8Array | { readonly delayMs: number };

export class ModelServer {
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  /** By path, such as `/case/tokenizer.json`. */
  readonly faults = new Map<string, Fault>();
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      this.requests.push(path);
      const name = path.split('/').at(-1) ?? '';
      const fault = this.faults.get(path);
      const bytes = fault instanceof Uint8Array ? fault : contentOf(name);
      const status = typeof fault === 'number' ? fault : bytes ? 200 : 404;
      const send = (): void => {
        response.writeHead(status, {
          'access-control-allow-origin': '*',
          'content-type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
        });
        response.end(status === 200 ? bytes : 'no such file');
      };
      if (typeof fault === 'object' && 'delayMs' in fault) setTimeout(send, fault.delayMs);
      else send();
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  folder(name: string): string {
    return `http://localhost:${this.port}/${name}/`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}

function contentOf(name: string): Uint8Array | undefined {
  if (name === libraryName) return buildLibrary();
  const file = new URL(name, modelFolder);
  return existsSync(file) ? readFileSync(file) : undefined;
}
