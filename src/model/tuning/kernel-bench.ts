// Runs single kernels of a model over its own weights and buffers, for a contest between ways of doing the same: what
// goes in, what must come out, how long it takes. Timed by batches between submits, not by timestamp-query: asking for
// that feature slows some drivers down.
import { invariant } from '../../base/errors';
import type { Gpu } from '../../gpu/gpu';
import { PlanBuilder, type Plan } from '../../gpu/plan';
import { ReadbackRing } from '../../gpu/readback';
import type { Entry, Prepared } from './contest';
import { submit } from '../run/submit';
import type { TunedKernel } from './tuning';

/** A kernel of the model that may be run in several ways. */
export interface Subject<Way> {
  readonly kernel: TunedKernel;
  /** What is chosen among; the first is the default. */
  readonly ways: readonly Way[];
  /** Bytes of weights and cache that a call reads, and products it computes. */
  readonly bytes: number;
  readonly products: number;
  /** Calls of a timed round, each over other weights. */
  readonly calls: number;
  /** What a checked call leaves in a buffer that held zeros. */
  readonly output: { readonly buffer: GPUBuffer; readonly words: number };
  name(way: Way): string;
  /** Squared errors over squares that a way may have against the reference. */
  bound(way: Way): number;
  /** Fills what the kernel reads. */
  fill(): Promise<void>;
  /** @param index of the layer. */
  add(plan: PlanBuilder, way: Way, index: number): void;
  /** A call that is checked: the same on less, where the reference would take long. */
  addChecked(plan: PlanBuilder, way: Way): void;
  /** That call in the plainest way there is, which all others are held to. */
  addReference(plan: PlanBuilder): void;
}

export class KernelBench {
  #ring: ReadbackRing | undefined;

  constructor(private readonly gpu: Gpu) {}

  dispose(): void {
    this.#ring?.dispose();
    this.#ring = undefined;
  }

  /** Computes what every way must come to. @throws AppError where the reference gave no numbers. */
  async entries<Way>(subject: Subject<Way>): Promise<readonly Entry<Way>[]> {
    await subject.fill();
    const builder = new PlanBuilder(this.gpu, `tuning/${subject.kernel}/reference`);
    subject.addReference(builder);
    const plan = await builder.build();
    let expected: Float32Array;
    try {
      expected = await this.#output(subject, plan);
    } finally {
      plan.dispose();
    }
    const some = expected.some((x) => x !== 0);
    invariant(some && expected.every(Number.isFinite), `The reference of ${subject.kernel} gave no numbers`);
    return subject.ways.map((way) => ({
      way,
      name: subject.name(way),
      prepare: () => this.#prepare(subject, way, expected),
    }));
  }

  async #prepare<Way>(subject: Subject<Way>, way: Way, expected: Float32Array): Promise<Prepared> {
    const one = new PlanBuilder(this.gpu, `tuning/${subject.kernel}/checked`);
    subject.addChecked(one, way);
    const checked = await one.build();
    const all = new PlanBuilder(this.gpu, `tuning/${subject.kernel}`);
    for (let i = 0; i < subject.calls; i++) subject.add(all, way, i);
    const timed = await all.build();
    return {
      check: async () => ({
        error: nmse(await this.#output(subject, checked), expected),
        bound: subject.bound(way),
      }),
      time: async (rounds) => {
        const start = performance.now();
        submit(this.gpu, timed, () => undefined, { rounds });
        await this.gpu.device.queue.onSubmittedWorkDone();
        return (performance.now() - start) / subject.calls;
      },
      dispose: () => {
        checked.dispose();
        timed.dispose();
      },
    };
  }

  async #output<Way>({ output: { buffer, words } }: Subject<Way>, plan: Plan): Promise<Float32Array> {
    const ring = await this.#ringOf(words * 4);
    const copy = submit(this.gpu, plan, (encoder) => ring.copy(encoder, buffer, words * 4), {
      clear: buffer,
    });
    return new Float32Array(await ring.read(copy));
  }

  async #ringOf(bytes: number): Promise<ReadbackRing> {
    if (this.#ring && this.#ring.bytes >= bytes) return this.#ring;
    this.dispose();
    const { buffers } = this.gpu;
    return (this.#ring = await buffers.guarded(
      'tuning',
      () => new ReadbackRing(this.gpu, 'tuning', bytes, 1),
    ));
  }
}

/** Numbers like an activation's: of both signs, few of them large, the same every time. */
export function waves(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.sin(i * 12.9898 + seed) * (i % 97 === 0 ? 8 : 1),
  );
}

function nmse(actual: Float32Array, expected: Float32Array): number {
  let [errors, squares] = [0, 0];
  for (const [i, e] of expected.entries()) {
    const difference = (actual[i] ?? NaN) - e;
    errors += difference * difference;
    squares += e * e;
  }
  return errors / squares;
}
