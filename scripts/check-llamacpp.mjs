// npm run check:llamacpp [-- --json] [--tokens N]: the tokenizer's ids of a nasty corpus, the engine's logits, and those of
// a float64 forward that shares nothing with it, against llama.cpp itself (built for this machine, from PyPI) over the same
// SmolLM2 file: ids, the most likely next token at each of 256 positions of prose, and perplexity. What llama.cpp's own
// rounding does to that is told apart. PHIELD_ADAPTER chooses the engine's adapter (swiftshader if not set).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDawn } from '../bench/dawn/ensure.mjs';
import { root } from './app.mjs';
import { withModule } from './modules.mjs';

const packages = ['xllamacpp==2026.10.11549', 'gguf==0.19.0', 'tokenizers==0.23.3', 'jinja2', 'numpy'];
/** English of this repository, one text after another. */
const prose = ['almanac.txt', 'handbook.md', 'minutes.docx.md'].map(
  (name) => `bench/documents/corpus/${name}`,
);
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, tokens: { type: 'string', default: '256' } },
});
const tokens = Number(values.tokens);
const work = join(root, '.cache/llamacpp');
const python = join(work, 'venv/bin/python');
const model = join(root, 'public/models/SmolLM2-135M-Instruct.Q4_1.gguf');
const ours = join(work, 'ours.json');
const logits = join(work, 'logits.f32');
const reported = join(work, 'report.json');

if (!ensureDawn()) process.exit(1);
run('node', [join(root, 'scripts/model.mjs'), 'smollm2-135m', '--json'], 'ignore');
mkdirSync(work, { recursive: true });
if (!existsSync(python)) run('python3', ['-m', 'venv', join(work, 'venv')]);
run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', ...packages]);
const log = console.log;
// Standard output is the report's alone.
console.log = console.error;
const known = await ourIds();
writeFileSync(ours, JSON.stringify(known));
const adapter = await withModule('/bench/full/teacher-forced.ts', ({ writeLogits }) =>
  writeLogits(model, known.prose.slice(0, -1), logits),
);
run(python, [join(root, 'scripts/golden/against_llamacpp.py'), model, ours, logits, reported]);
const report = { ...JSON.parse(readFileSync(reported, 'utf8')), adapter };
const goal = 0.97;
if (values.json) log(JSON.stringify(report));
else print(report);
const apart = Math.abs(report.file.engine.perplexityOurs / report.file.engine.perplexityTheirs - 1);
// What llama.cpp rounds is its own: where it rounds nothing the goal holds, and beside exact arithmetic.
const reached = [report.sameWeights.engine.top1, report.engine.top1].every((share) => share >= goal);
// Dawn's threads would keep Node alive.
process.exit(report.tokenizerEqual && reached && apart <= 0.01 ? 0 : 1);

/** @param {any} report */
function print({
  texts,
  differ,
  splittings,
  tokens: count,
  file,
  engine,
  rounding,
  sameWeights,
  adapter: name,
}) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
  const perplexities = (/** @type {any} */ { perplexityOurs, perplexityTheirs, logprobRms }) =>
    `perplexity ${perplexityOurs.toFixed(3)} and llama.cpp's ${perplexityTheirs.toFixed(3)}, logarithms ${logprobRms.toFixed(4)} apart (rms)`;
  const list = (/** @type {[number, number][]} */ margins) =>
    margins
      .map(([, nats]) => nats)
      .sort((a, b) => a - b)
      .map((nats) => nats.toFixed(3))
      .join(', ') || 'none';
  log(`tokenizer: ${texts - differ.length} of ${texts} texts have llama.cpp's ids`);
  for (const text of differ) log(`  differs: ${JSON.stringify(text)}`);
  for (const { pre, differ: others } of splittings) {
    log(`  a small vocabulary split as ${pre}: ${texts - others.length} of ${texts}`);
    for (const text of others) log(`    differs: ${JSON.stringify(text)}`);
  }
  log(`the same next token at how many of ${count} positions of prose; the engine on ${name}`);
  log(
    `  engine and float64: ${percent(engine.top1)}, logarithms ${engine.logprobRms.toFixed(4)} apart (rms)`,
  );
  log(`  engine and llama.cpp over the file: ${percent(file.engine.top1)} (goal ${percent(goal)})`);
  log(`    ${perplexities(file.engine)}`);
  log(`  float64 and llama.cpp over the file: ${percent(file.exact.top1)}`);
  log(`    ${perplexities(file.exact)}`);
  log(`    float64's best ahead of its second, where they differ: ${list(file.margins)} nats`);
  log(
    `  float64 and float64 with activations in 8 bits, as llama.cpp rounds them: ${percent(rounding.top1)}, ${rounding.logprobRms.toFixed(4)} apart`,
  );
  log(`    float64's best ahead of its second, where they differ: ${list(rounding.margins)} nats`);
  log('  over the same weights as 32-bit numbers, beside which llama.cpp rounds nothing:');
  log(`    engine and llama.cpp: ${percent(sameWeights.engine.top1)}; ${perplexities(sameWeights.engine)}`);
  log(`    float64 and llama.cpp: ${percent(sameWeights.exact.top1)}; ${perplexities(sameWeights.exact)}`);
}

async function ourIds() {
  const text = prose.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
  const found = await withModule('/src/tokenizer/testing/nasty-corpus.ts', ({ idsOf }) => idsOf(model, text));
  const most = found.prose.length - 1;
  if (!Number.isInteger(tokens) || tokens < 8 || tokens > most) {
    console.error(`--tokens ${values.tokens} is no number from 8 to ${most}`);
    process.exit(1);
  }
  const splittings = await withModule('/src/tokenizer/testing/splittings.ts', ({ splittingFiles }) =>
    splittingFiles().map(
      (/** @type {{ pre: string, file: Uint8Array, ids: number[][] }} */ { pre, file, ids }) => {
        const path = join(work, `${pre}.gguf`);
        writeFileSync(path, file);
        return { pre, path, ids };
      },
    ),
  );
  return { ...found, splittings, prose: found.prose.slice(0, tokens + 1) };
}

/** @param {string} command @param {string[]} args @param {'ignore' | 'inherit'} stdout */
function run(command, args, stdout = 'inherit') {
  // A newer Mesa's libraries (scripts/newer-mesa.sh) are for this process alone.
  const { LD_LIBRARY_PATH: _, ...env } = process.env;
  const { status } = spawnSync(command, args, { stdio: ['ignore', stdout, 'inherit'], env });
  if (status !== 0) {
    console.error(`${command} ${args.slice(0, 3).join(' ')} failed.`);
    process.exit(1);
  }
}
