// A real nginx on a free port over a folder, configured as docs/deploy.md says: for tests.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxConfig } from './snippets.mjs';

/** @returns {boolean} whether there is one here. @throws where REQUIRE_NGINX asks for one and there is none. */
export function hasNginx() {
  const there = spawnSync('nginx', ['-v']).status === 0;
  if (!there && process.env['REQUIRE_NGINX'] === '1')
    throw new Error('REQUIRE_NGINX is set, and there is no nginx.');
  return there;
}

/**
 * @param {object} options
 * @param {string} options.root the folder that nginx serves; the app lies in it under `path`
 * @param {string} [options.path] of the app on the host, with a slash at either end
 * @param {readonly string[]} [options.embedders]
 * @returns {Promise<{ address: string, close(): Promise<void> }>} the app's address, once it answers
 */
export async function startNginx({ root, path = '/', embedders }) {
  const port = await freePort();
  const own = mkdtempSync(join(tmpdir(), 'phield-nginx-'));
  const config = join(own, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${own}/nginx.pid; error_log ${own}/error.log;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    events {}
    http {
      include /etc/nginx/mime.types;
      access_log off;
      client_body_temp_path ${own}/body; proxy_temp_path ${own}/proxy; fastcgi_temp_path ${own}/fastcgi;
      uwsgi_temp_path ${own}/uwsgi; scgi_temp_path ${own}/scgi;
      server { listen 127.0.0.1:${port}; root ${root};
        ${nginxConfig({ base: path, ...(embedders && { embedders }) })}
      }
    }`,
  );
  const server = spawn('nginx', ['-c', config, '-p', own], { stdio: 'inherit' });
  const close = async () => {
    if (server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(own, { recursive: true, force: true });
  };
  const address = `http://localhost:${port}${path}`;
  for (let tries = 0; tries < 100 && server.exitCode === null; tries++) {
    const answers = await fetch(`http://127.0.0.1:${port}${path}`).then(
      () => true,
      () => false,
    );
    if (answers) return { address, close };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const said = readFileSync(join(own, 'error.log'), 'utf8');
  await close();
  throw new Error(`nginx does not answer: ${said}`);
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const bound = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return bound && typeof bound === 'object' ? bound.port : 0;
}
