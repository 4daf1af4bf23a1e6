// What vitest and Playwright say of a run in their JSON: how many, how long, and what failed.
import { basename, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ ms: number, what: string }[]} durations one per file
 * @property {string[]} failures name and beginning of the message of each test that failed
 */

const lines = 8;
const width = 240;

/** Short: where only the end of what CI prints is kept, all of them have to be in it. @param {string} test @param {string} [message] */
function failure(test, message = 'no message') {
  const said = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trimEnd().slice(0, width))
    .filter((line) => line.trim() !== '' && !line.includes('node_modules'));
  return [`  ${test}`, ...said.slice(0, lines).map((line) => `      ${line}`)].join('\n');
}

/** @param {any} report of vitest @param {string} name of the job @param {string} root @returns {Outcome} */
export function ofVitest(report, name, root) {
  const files = (report?.testResults ?? []).map((/** @type {any} */ file) => ({
    ...file,
    what: `${relative(root, file.name)} (${name})`,
  }));
  const failures = files.flatMap((/** @type {any} */ { what, status, message, assertionResults }) => {
    const tests = assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    // One that does not load has none.
    if (tests.length === 0) return status === 'failed' ? [failure(what, message)] : [];
    return tests.map((/** @type {any} */ test) =>
      failure(`${what}: ${test.fullName}`, test.failureMessages[0]),
    );
  });
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failures.length,
    skipped: report?.numPendingTests ?? 0,
    durations: files.map((/** @type {any} */ { startTime, endTime, what }) => ({
      ms: endTime - startTime,
      what,
    })),
    failures,
  };
}

/** @param {any} report of Playwright @returns {Outcome} */
export function ofPlaywright(report) {
  /** @type {Map<string, number>} */
  const durations = new Map();
  /** @type {string[]} */
  const failures = (report?.errors ?? []).map((/** @type {any} */ error) =>
    failure('Playwright', error.message),
  );

  /** @param {any} suite @param {string} file */
  const visit = (suite, file) => {
    for (const { title, line, tests = [] } of suite.specs ?? []) {
      for (const { projectName, results, status } of tests) {
        const what = `e2e/${file} (${projectName})`;
        const ms = results.reduce(
          (/** @type {number} */ sum, /** @type {any} */ run) => sum + run.duration,
          0,
        );
        durations.set(what, (durations.get(what) ?? 0) + ms);
        if (status !== 'unexpected' && status !== 'flaky') continue;
        // A step's own place says more than the test's: there may be one in a helper.
        const errors = results.flatMap((/** @type {any} */ run) => run.errors);
        const at = errors[0]?.location;
        const place = at ? `, at ${basename(at.file)}:${at.line}` : '';
        const message = errors.map((/** @type {any} */ error) => error.message).join('\n') || undefined;
        failures.push(failure(`${what}:${line} ${title}${place}`, message));
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, file);
  };
  for (const suite of report?.suites ?? []) visit(suite, suite.file);

  return {
    passed: report?.stats?.expected ?? 0,
    // A flaky test is a bug: there are no retries, so `flaky` stays 0, and if it ever does not, it fails.
    failed: (report?.stats?.unexpected ?? 0) + (report?.stats?.flaky ?? 0),
    skipped: report?.stats?.skipped ?? 0,
    durations: [...durations].map(([what, ms]) => ({ ms, what })),
    failures,
  };
}
