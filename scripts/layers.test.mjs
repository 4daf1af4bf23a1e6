import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './app.mjs';

/** @param {string} from @param {string} to */
const wrong = (from, to) => `src/${from} may not import src/${to}: see scripts/layers.mjs.`;
/** @param {string} from @param {string} to */
const room = (from, to) => `src/${from} may not import src/${to}: see forbiddenRooms in scripts/layers.mjs.`;

/** A file, its text, and what lint says of it. @type {[file: string, code: string, message?: string][]} */
const cases = [
  ['src/ui/chats/package.tsx', `import { useState } from 'react';`],
  ['src/ui/chats/allowed.tsx', `import { chat } from '../../chat/chat';`],
  ['src/ui/chats/own.tsx', `import { text } from '../texts/texts';`],
  ['src/ui/computed.tsx', `export const later = (name) => import(name);`],
  ['src/base/engine.test.ts', `import { engine } from '../engines/engine';`],
  ['src/base/testing/engine.ts', `import { engine } from '../../engines/engine';`],
  ['src/app/address.tsx', `import address from '../worker/start?worker&url';`],
  ['src/store/download/disk.ts', `import { file } from '../disk/file';`],
  ['scripts/engine.mjs', `import { engine } from '../src/engines/engine';`],
  ['src/ui/chats/values.tsx', `import { gpu } from '../../gpu/device';`, wrong('ui', 'gpu')],
  ['src/ui/types.tsx', `import type { Gpu } from '../gpu/device';`, wrong('ui', 'gpu')],
  ['src/ui/effect.tsx', `import '../gpu/device';`, wrong('ui', 'gpu')],
  ['src/ui/again.tsx', `export { gpu } from '../gpu/device';`, wrong('ui', 'gpu')],
  ['src/ui/all.tsx', `export * from '../gpu/device';`, wrong('ui', 'gpu')],
  ['src/ui/later.tsx', `export const later = () => import('../gpu/device');`, wrong('ui', 'gpu')],
  ['src/app/start.tsx', `import { start } from '../worker/start';`, wrong('app', 'worker')],
  ['src/client/address.ts', `import address from '../worker/start?worker&url';`, wrong('client', 'worker')],
  ['src/store/disk/up.ts', `import { get } from '../download/get';`, room('store/disk', 'store/download')],
];

it('lint says which layer may not import which', () => {
  const tree = mkdtempSync(join(tmpdir(), 'phield-layers-'));
  try {
    for (const [file, code] of cases) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), code);
    }
    const config = {
      categories: { correctness: 'off' },
      jsPlugins: [join(root, 'scripts/layers.mjs')],
      rules: { 'phield/layering': 'error' },
    };
    writeFileSync(join(tree, '.oxlintrc.json'), JSON.stringify(config));
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'json'], { cwd: tree, encoding: 'utf8' });
    /** @type {{ diagnostics: { filename: string, message: string }[] }} */
    const { diagnostics } = JSON.parse(stdout);
    const said = diagnostics.map(({ filename, message }) => [filename.replaceAll('\\', '/'), message]);
    const expected = cases.flatMap(([file, , message]) => (message ? [[file, message]] : []));
    expect(said.sort()).toEqual(expected.sort());
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
});
