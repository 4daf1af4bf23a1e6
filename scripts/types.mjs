// npm run types: each realm's code with that realm's globals (tsconfig.REALM.json). By TypeScript's native compiler, which
// takes a fifth of the time; the one in JavaScript is there beside it for scripts/mutate.mjs, which needs its API.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './app.mjs';

export const realms = ['any', 'worker', 'window', 'sw', 'node'];

/** The command. @param {string} realm @returns {[string, string[]]} */
export const typesOf = (realm) => [
  process.execPath,
  [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', `tsconfig.${realm}.json`],
];

if (process.argv[1] === import.meta.filename) {
  const good = realms.map((realm) => {
    const [command, args] = typesOf(realm);
    return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
  });
  process.exitCode = good.every(Boolean) ? 0 : 1;
}
