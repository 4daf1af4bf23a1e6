// npm run check:llamacpp [-- --json]: the tokenizer's ids of a nasty corpus, and the float64 forward that the engine's
// golden ids come from, against llama.cpp itself (built for this machine, from PyPI) over the same SmolLM2 file:
// ids, the most likely next token at 256 positions of prose, and perplexity.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './app.mjs';
import { withModule } from './modules.mjs';

const packages = ['xllamacpp==2026.10.11549', 'gguf==0.19.0', 'tokenizers==0.23.3', 'jinja2', 'numpy'];
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const work = join(root, '.cache/llamacpp');
const python = join(work, 'venv/bin/python');
const model = join(root, 'public/models/SmolLM2-135M-Instruct.Q4_1.gguf');

run('node', [join(root, 'scripts/model.mjs'), 'smollm2-135m', '--json'], 'ignore');
mkdirSync(work, { recursive: true });
if (!existsSync(python)) run('python3', ['-m', 'venv', join(work, 'venv')]);
run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', ...packages]);
writeFileSync(join(work, 'ours.json'), JSON.stringify(await ourIds()));
run(python, [
  join(root, 'scripts/golden/against_llamacpp.py'),
  model,
  join(work, 'ours.json'),
  join(work, 'report.json'),
]);
const report = JSON.parse(readFileSync(join(work, 'report.json'), 'utf8'));
if (values.json) console.log(JSON.stringify(report));
else {
  const { texts, differ, positions, agreement, perplexity, theirs } = report;
  console.log(`tokenizer: ${texts - differ.length} of ${texts} texts have llama.cpp's ids`);
  for (const text of differ) console.log(`  differs: ${JSON.stringify(text)}`);
  console.log(`next token: the same at ${(100 * agreement).toFixed(1)} % of ${positions} positions`);
  console.log(`perplexity: ${perplexity.toFixed(3)} in float64, ${theirs.toFixed(3)} in llama.cpp`);
}
const off = Math.abs(report.perplexity / report.theirs - 1);
if (report.differ.length > 0 || report.agreement < 0.97 || off > 0.01) process.exitCode = 1;

function ourIds() {
  const prose = readFileSync(join(root, 'bench/documents/corpus/almanac.txt'), 'utf8');
  return withModule('/src/tokenizer/testing/nasty-corpus.ts', ({ idsOf }) => idsOf(model, prose));
}

/** @param {string} command @param {string[]} args @param {'ignore' | 'inherit'} stdout */
function run(command, args, stdout = 'inherit') {
  const { status } = spawnSync(command, args, { stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) {
    console.error(`${command} ${args.slice(0, 3).join(' ')} failed.`);
    process.exit(1);
  }
}
