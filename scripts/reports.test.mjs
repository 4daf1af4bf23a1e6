import { expect, test } from 'vitest';
import { ofPlaywright, ofVitest } from './reports.mjs';

test('of vitest: each failed test by name, with the beginning of what it said, and a file that does not load', () => {
  const long = [
    'AssertionError: \u001b[31m1 is not 2\u001b[39m',
    '  at node_modules/vitest/x.js',
    ...'abcdefghij',
  ];
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    numPendingTests: 2,
    testResults: [
      {
        name: '/p/src/a.test.ts',
        status: 'passed',
        message: '',
        startTime: 5,
        endTime: 9,
        assertionResults: [],
      },
      {
        name: '/p/src/b.test.ts',
        status: 'failed',
        message: '',
        startTime: 1,
        endTime: 2,
        assertionResults: [
          { status: 'passed', fullName: 'adds', failureMessages: [] },
          { status: 'failed', fullName: 'takes away', failureMessages: [long.join('\n')] },
        ],
      },
      {
        name: '/p/c.test.ts',
        status: 'failed',
        message: 'no such file',
        startTime: 1,
        endTime: 1,
        assertionResults: [],
      },
    ],
  };
  const { failures, ...rest } = ofVitest(report, 'unit', '/p');
  expect(rest).toEqual({
    passed: 4,
    failed: 2,
    skipped: 2,
    durations: [
      { ms: 4, what: 'src/a.test.ts (unit)' },
      { ms: 1, what: 'src/b.test.ts (unit)' },
      { ms: 0, what: 'c.test.ts (unit)' },
    ],
  });
  expect(failures[0]?.split('\n').map((line) => line.trim())).toEqual([
    'src/b.test.ts (unit): takes away',
    'AssertionError: 1 is not 2',
    ...'abcdefg',
  ]);
  expect(failures[1]).toBe('  c.test.ts (unit)\n      no such file');
});

test('of Playwright: each failed test with its browser and the place in it, a flaky one too, times by file and browser', () => {
  /** @param {string} projectName @param {string} status @param {object[]} errors */
  const ran = (projectName, status, errors = []) => ({
    projectName,
    status,
    results: [{ duration: 7, errors }],
  });
  const error = { message: 'it hung', location: { file: '/p/e2e/app.ts', line: 12 } };
  const report = {
    stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
    suites: [
      {
        file: 'x.spec.ts',
        specs: [
          {
            title: 'sends',
            line: 3,
            tests: [ran('firefox', 'expected'), ran('chromium', 'unexpected', [error])],
          },
        ],
        suites: [{ specs: [{ title: 'stops', line: 9, tests: [ran('firefox', 'flaky')] }] }],
      },
    ],
  };
  expect(ofPlaywright(report)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
    durations: [
      { ms: 14, what: 'e2e/x.spec.ts (firefox)' },
      { ms: 7, what: 'e2e/x.spec.ts (chromium)' },
    ],
    failures: [
      '  e2e/x.spec.ts (chromium):3 sends, at app.ts:12\n      it hung',
      '  e2e/x.spec.ts (firefox):9 stops\n      no message',
    ],
  });
});

test('of a run that left no report: nothing ran', () => {
  const nothing = { passed: 0, failed: 0, skipped: 0, durations: [], failures: [] };
  expect(ofVitest(undefined, 'unit', '/p')).toEqual(nothing);
  expect(ofPlaywright(undefined)).toEqual(nothing);
});
