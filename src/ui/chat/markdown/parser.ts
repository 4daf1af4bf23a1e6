// Blocks of Markdown to trees: short ones at once, the rest in a worker, one after the other. A block that takes the
// worker too long is given up and stays plain text.
import type { Root } from 'hast';
import { startQuietWorker } from '../../../client/quiet-worker';
import type { WorkerLike } from '../../../client/worker-client';
import { parseBlock, type BlockSource } from './parse';
import markdownScript from './worker.ts?worker&url';

/** Undefined: it could not be had. */
type Done = (root: Root | undefined) => void;

interface Job {
  readonly source: BlockSource;
  /** Whether it is worth remembering: not while it still grows. */
  readonly keep: boolean;
  readonly done: Done;
}

/** Longer ones are for the worker. Code and formulas always are: they need what only the worker loads. */
const shortLength = 600;
/** Milliseconds of parsing that a frame can spare. */
const budgetMs = 8;
const patienceMs = 5_000;
const remembered = 400;

export class BlockParser {
  readonly #cache = new Map<string, Root>();
  readonly #queue: Job[] = [];
  readonly #makeWorker: (() => WorkerLike) | undefined;
  #worker: WorkerLike | undefined;
  #current: Job | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #spentMs = 0;

  /** @param makeWorker absent where there are none: everything is parsed at once. */
  constructor(makeWorker: (() => WorkerLike) | undefined) {
    this.#makeWorker = makeWorker;
  }

  /** The tree, if it is known or soon made; undefined: ask for it. @throws what parsing throws. */
  now(source: BlockSource, keep: boolean): Root | undefined {
    const key = keyOf(source);
    const known = this.#cache.get(key);
    if (known) return known;
    if (this.#makeWorker) {
      const isShort = source.text.length <= shortLength && !/`{3}|~{3}|\$|\\[[(]/.test(source.text);
      if (!isShort || this.#spentMs >= budgetMs) return undefined;
    }
    if (this.#spentMs === 0 && this.#makeWorker) setTimeout(() => (this.#spentMs = 0));
    const startMs = performance.now();
    const root = parseBlock(source);
    this.#spentMs += performance.now() - startMs;
    if (keep) this.#remember(key, root);
    return root;
  }

  /** @returns how to take the question back. */
  ask(source: BlockSource, keep: boolean, done: Done): () => void {
    const job: Job = { source, keep, done };
    this.#queue.push(job);
    this.#next();
    return () => {
      const at = this.#queue.indexOf(job);
      if (at >= 0) this.#queue.splice(at, 1);
    };
  }

  #next(): void {
    if (this.#current) return;
    const job = this.#queue.shift();
    if (!job) return;
    this.#current = job;
    this.#timer = setTimeout(() => this.#giveUp(), patienceMs);
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage(job.source);
    } catch {
      this.#giveUp();
    }
  }

  #start(): WorkerLike {
    if (!this.#makeWorker) throw new Error('There are no workers here.');
    const worker = this.#makeWorker();
    // A late word of one that was given up is not the next one's.
    const ifCurrent = (act: () => void): void => {
      if (this.#worker === worker) act();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Root | undefined>) =>
      ifCurrent(() => this.#end(data)),
    );
    // An exception in there, or the script itself could not be had.
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      ifCurrent(() => this.#giveUp());
    });
    return worker;
  }

  #giveUp(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#end(undefined);
  }

  #end(root: Root | undefined): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    if (job?.keep && root) this.#remember(keyOf(job.source), root);
    job?.done(root);
    this.#next();
  }

  #remember(key: string, root: Root): void {
    this.#cache.set(key, root);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > remembered && oldest !== undefined) this.#cache.delete(oldest);
  }
}

function keyOf({ text, used }: BlockSource): string {
  return used.below === '' ? text : `${text}\u0000${used.below}\u0000${used.notes.join()}`;
}

export const blockParser = new BlockParser(
  typeof Worker === 'undefined' ? undefined : () => startQuietWorker(markdownScript, 'markdown'),
);
