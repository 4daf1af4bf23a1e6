// npm run mutate -- [--count N] [--seed S] [--only PATH] [--json]
// Changes one operator, literal, condition or statement at a time in code that needs no GPU, and runs the unit tests
// that import the file: a change that none of them notices is a line that none of them tests. A seeded sample, in a
// copy of the tree; not part of CI, since a mutant takes seconds and there are thousands.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { root } from './app.mjs';

const folders = ['chat', 'store', 'formats', 'tokenizer', 'sampling', 'worker', 'engines'];
/** Only tests with an adapter or a browser run these. */
const leftOut =
  /\.test\.|\/testing\/|\.d\.ts$|gpu|wgsl-engine|webllm-engine|load-model|tuned-model|upload-shards|bandwidth|measure-memory|numerics|-worker\.ts$|\/worker\.ts$/;

/** @typedef {{ file: string, line: number, start: number, end: number, from: string, to: string }} Mutant */

const swaps = new Map([
  ['===', '!=='],
  ['!==', '==='],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
]);

/** @param {string} file @returns {Mutant[]} every change that is made to it */
export function mutantsOf(file, text = readFileSync(file, 'utf8')) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Mutant[]} */
  const found = [];
  /** @param {ts.Node} node @param {string} to */
  const replace = (node, to) => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    found.push({ file, line: line + 1, start, end: node.end, from: text.slice(start, node.end), to });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const { operatorToken: operator } = node;
      const to = swaps.get(operator.getText(source));
      // Text that is put together is told by its words, not by its arithmetic.
      const isText = [node.left, node.right].some((side) => ts.isStringLiteralLike(side));
      if (to && !isText) replace(operator, to);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      replace(node, node.operand.getText(source));
    if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true');
    if (ts.isNumericLiteral(node)) replace(node, `(${node.text} + 1)`);
    if (ts.isIfStatement(node)) replace(node.expression, 'false');
    if (ts.isConditionalExpression(node)) replace(node.condition, 'true');
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) replace(node, ';');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {number} seed @returns {() => number} mulberry32: the same sample for the same seed, on every machine */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @template T @param {readonly T[]} all @param {number} count @param {() => number} next @returns {T[]} */
export function sample(all, count, next) {
  const left = [...all];
  for (let i = 0; i < Math.min(count, left.length); i++) {
    const j = i + Math.floor(next() * (left.length - i));
    [left[i], left[j]] = /** @type {[T, T]} */ ([left[j], left[i]]);
  }
  return left.slice(0, count);
}

function main() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const listed = spawnSync('git', ['ls-files', ...folders.map((folder) => `src/${folder}`)], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = listed.stdout
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !leftOut.test(file) && file.includes(values.only));
  const copy = mkdtempSync(join(tmpdir(), 'phield-mutate-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !/^(node_modules|\.git|dist|test-results)(\/|$)/.test(relative(root, path)),
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

  const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(copy, file), 'utf8')));
  const chosen = sample(all, Number(values.count), random(Number(values.seed)));
  /** @type {Mutant[]} */
  const survivors = [];
  for (const mutant of chosen) {
    const path = join(copy, mutant.file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, mutant.start) + mutant.to + text.slice(mutant.end));
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        ...['related', mutant.file, '--run', '--project', 'unit-*', '--bail', '1', '--passWithNoTests'],
      ],
      { cwd: copy, encoding: 'utf8', timeout: 180_000 },
    );
    writeFileSync(path, text);
    // A mutant that never ends is noticed by whoever waits for the tests.
    const survived = run.status === 0;
    if (survived) survivors.push(mutant);
    if (!values.json) console.log(`${survived ? 'survived' : 'killed  '} ${shown(mutant)}`);
  }
  const killed = chosen.length - survivors.length;
  const score = chosen.length === 0 ? 1 : killed / chosen.length;
  if (values.json) {
    console.log(
      JSON.stringify({
        possible: all.length,
        mutants: chosen.length,
        killed,
        survived: survivors.length,
        score,
        survivors,
      }),
    );
  } else {
    console.log(
      `${chosen.length} of ${all.length} mutants: ${killed} killed, ${survivors.length} survived, score ${score.toFixed(2)}`,
    );
  }
}

/** @param {Mutant} mutant */
function shown({ file, line, from, to }) {
  const short = from.replace(/\s+/g, ' ').slice(0, 60);
  return `${file}:${line}  ${short}  ->  ${to.replace(/\s+/g, ' ').slice(0, 40)}`;
}

if (process.argv[1] === import.meta.filename) main();
