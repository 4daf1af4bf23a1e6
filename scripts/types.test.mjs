import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './app.mjs';
import { realms, typesOf } from './types.mjs';

/** @param {string} command @param {string[]} args */
const said = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' });

// Lint reads the types of a file in no realm with the settings of none: no `strict`, and so half the rules are blind.
it('every file that is linted belongs to a realm', () => {
  /** @type {Set<string>} */
  const inRealms = new Set();
  for (const realm of realms) {
    const [command, args] = typesOf(realm);
    /** @type {{ files: string[] }} */
    const { files } = JSON.parse(said(command, [...args, '--showConfig']));
    for (const file of files) inRealms.add(file.replace('./', ''));
  }
  const linted = said(process.execPath, ['node_modules/oxlint/bin/oxlint', '--debug=files'])
    .trim()
    .split('\n');
  expect(linted.length).toBeGreaterThan(500);
  expect(linted.filter((file) => !inRealms.has(file))).toEqual([]);
});

// Lint looks for a file's realm in the references of tsconfig.json.
it('tsconfig.json names every realm', () => {
  /** @type {{ references: { path: string }[] }} */
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  expect(references.map(({ path }) => path)).toEqual(realms.map((realm) => `./tsconfig.${realm}.json`));
});
