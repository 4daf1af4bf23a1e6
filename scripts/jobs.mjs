// Runs jobs some at a time: a job that others wait for comes before them, and one that measures time has the machine
// to itself. What a job prints is held back until it has ended, so that two do not write into each other's lines.
import { spawn } from 'node:child_process';

/**
 * Runs a command to its end. Says whether it went well.
 * @typedef {(command: string, args: readonly string[], env?: Record<string, string>) => Promise<boolean>} Run
 *
 * @typedef {object} Job
 * @property {string} name
 * @property {readonly string[]} [after] names of jobs that come before it, those that are there
 * @property {boolean} [alone] nothing beside it
 * @property {(run: Run) => Promise<void>} act
 */

const signMs = 60_000;

/**
 * All of them, in the given order as far as `after` and `alone` allow.
 * @param {readonly Job[]} jobs
 * @param {{ atOnce: number, cwd: string, log?: (text: string) => void }} options
 * @returns {Promise<{ name: string, ms: number }[]>} in the order in which they ended
 */
export async function runJobs(jobs, { atOnce, cwd, log = console.log }) {
  const waiting = [...jobs];
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  /** @type {{ name: string, ms: number }[]} */
  const times = [];
  let hasMachine = false;
  const startMs = Date.now();

  /** @param {Job} job */
  const mayBegin = ({ after = [], alone = false }) =>
    !hasMachine &&
    running.size < (alone ? 1 : atOnce) &&
    after.every((name) => !running.has(name) && !waiting.some((other) => other.name === name));

  /** @param {Job} job */
  const begin = async ({ name, alone = false, act }) => {
    const startMs = Date.now();
    let printed = '';
    hasMachine = alone;
    log(`== ${name} begins`);
    try {
      await act((command, args, env = {}) =>
        runToEnd(command, args, { cwd, env }, (text) => (printed += text)),
      );
    } finally {
      const ms = Date.now() - startMs;
      times.push({ name, ms });
      running.delete(name);
      if (alone) hasMachine = false;
      log(`\n== ${name}\n${printed.trimEnd()}\n== ${name}: ${(ms / 1000).toFixed(1)} s`);
    }
  };

  // What is quiet for long is taken for dead.
  const sign = setInterval(() => {
    log(`   ${((Date.now() - startMs) / 1000).toFixed(0)} s: ${[...running.keys()].join(', ')}`);
  }, signMs);
  try {
    while (waiting.length > 0 || running.size > 0) {
      for (let next; (next = waiting.find(mayBegin));) {
        waiting.splice(waiting.indexOf(next), 1);
        running.set(next.name, begin(next));
      }
      if (running.size === 0)
        throw new Error(`Jobs that wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
      await Promise.race(running.values());
    }
  } finally {
    clearInterval(sign);
  }
  return times;
}

/**
 * @param {string} command @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options @param {(text: string) => void} print
 * @returns {Promise<boolean>}
 */
function runToEnd(command, args, { cwd, env }, print) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', print);
    }
    child.on('error', (error) => {
      print(`${error.message}\n`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}
