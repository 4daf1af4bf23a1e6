// npm run check:llamacpp [-- --json]: the tokenizer's ids of a nasty corpus, and the float64 forward that the engine's
// golden ids come from, against llama.cpp itself (built for this machine, from PyPI) over the same SmolLM2 file:
// ids, the most likely next token at 256 positions of prose, and perplexity. What llama.cpp's own rounding does to that is
// told apart.
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
const goal = 0.97;
if (values.json) console.log(JSON.stringify(report));
else print(report);
const off = Math.abs(report.perplexityOurs / report.perplexityTheirs - 1);
if (!report.tokenizerEqual || report.top1 < goal || off > 0.01) process.exitCode = 1;

/** @param {any} report */
function print({ texts, differ, tokens, rounding, sameWeights, ...file }) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
  const perplexities = (/** @type {any} */ { perplexityOurs, perplexityTheirs }) =>
    `perplexity ${perplexityOurs.toFixed(3)} in float64, ${perplexityTheirs.toFixed(3)} in llama.cpp`;
  console.log(`tokenizer: ${texts - differ.length} of ${texts} texts have llama.cpp's ids`);
  for (const text of differ) console.log(`  differs: ${JSON.stringify(text)}`);
  console.log(`llama.cpp over the file: the same next token at ${percent(file.top1)} of ${tokens} positions`);
  console.log(
    `  (goal ${percent(goal)}; where not, float64 has the other within ${file.widestGap.toFixed(2)} nats)`,
  );
  console.log(`  ${perplexities(file)}; logarithms differ by ${file.logprobRms.toFixed(4)} (rms)`);
  console.log(
    `float64 with activations rounded to 8 bits, as llama.cpp rounds them: ${percent(rounding.top1)}`,
  );
  console.log(`  logarithms differ by ${rounding.logprobRms.toFixed(4)} from those of float64 without`);
  console.log(
    `llama.cpp over the same weights as 32-bit numbers, which it rounds nothing beside: ${percent(sameWeights.top1)}`,
  );
  console.log(`  ${perplexities(sameWeights)}; logarithms differ by ${sameWeights.logprobRms.toFixed(4)}`);
}

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
