// A decoder model on one GPU: weights in, token ids in, logits out. Decides when work is submitted; what there is
// to submit, model-plans.ts keeps. Knows nothing of text, sampling or files.
import { invariant, type AppError } from '../base/errors';
import type { TensorRecord } from '../formats/mlc/manifest';
import type { ModelShape } from '../formats/model-config';
import { BufferLedger } from '../gpu/buffers';
import type { Gpu } from '../gpu/gpu';
import type { Plan } from '../gpu/plan';
import { ReadbackRing } from '../gpu/readback';
import { heaviestCall } from './forward';
import { generate, type GenerateOptions, type SpeculationSetup } from './run/generate';
import { CachedText } from './cache/cached-text';
import { KnownPositions } from './cache/known-positions';
import type { KvLayout } from './cache/kv-transfer';
import { Compiling } from './compiling';
import { makeParts, type DecoderOptions, type DecoderParts } from './decoder-parts';
import type { Logprob } from '../kernels/logprob/logprob';
import type { ModelMemory } from './memory';
import { ModelPlans } from './model-plans';
import { prefill, type PrefillHost, type PrefillOptions } from './run/prefill';
import type { PrefillPace } from './run/prefill-pace';
import { measurePassCost } from './tuning/pass-cost';
import { StepsAhead } from './run/steps-ahead';
import { submit } from './run/submit';
import { readSurety } from './run/surety';
import { checkShape } from './weights/check-shape';
import { compileWays, tuneKernels, type TuneOptions, type TuneReport } from './tuning/tune';
import type { KernelTuning } from './tuning/tuning';
import type { TunedModel } from './tuning/tuning-subjects';
import type { Weights } from './weights/weights';

/** A step past a stop is dear where it takes long, and nothing is far away. */
const softwareAhead = 2;

export class DecoderModel {
  readonly #plans: ModelPlans;
  readonly #compiling: Compiling;
  readonly #known: KnownPositions;
  readonly #cached: CachedText;
  readonly #ahead: StepsAhead;

  private readonly gpu: Gpu;
  private readonly shape: ModelShape;
  private readonly contextWindow: number;
  private readonly chunk: number;
  private readonly pace: PrefillPace;
  private readonly weights: Weights;
  private readonly memory: ModelMemory;
  private readonly ring: ReadbackRing;
  private readonly idRing: ReadbackRing;
  private readonly speculation: SpeculationSetup;

  private constructor(parts: DecoderParts) {
    const { gpu, shape, contextWindow, chunk, weights, memory, speculation, tuning, extent } = parts;
    this.gpu = gpu;
    this.shape = shape;
    this.contextWindow = contextWindow;
    this.chunk = chunk;
    this.pace = parts.pace;
    this.weights = weights;
    this.memory = memory;
    this.ring = parts.ring;
    this.idRing = parts.idRing;
    this.speculation = speculation;
    this.#known = new KnownPositions(contextWindow, shape, extent);
    this.#ahead = new StepsAhead(gpu.info.fallback ? softwareAhead : undefined);
    const { mode, rows } = speculation;
    const passRows = mode === 'off' ? undefined : rows;
    this.#plans = new ModelPlans(gpu, shape, weights, memory, { chunk, passRows, tuning });
    this.#compiling = new Compiling(this.#plans, gpu.info.fallback);
    this.#cached = new CachedText(gpu, shape, contextWindow, memory, this.#known, () => this.#plans.drop());
    this.#compiling.begin();
  }

  /**
   * Allocates everything and starts compiling.
   * @throws AppError `model/unsupported-arch`, `gpu/limit-too-low`, `gpu/out-of-memory`.
   */
  static async create(gpu: Gpu, shape: ModelShape, options: DecoderOptions): Promise<DecoderModel> {
    checkShape(shape);
    const { contextWindow } = options;
    invariant(Number.isInteger(contextWindow) && contextWindow > 0, `A context window of ${contextWindow}`);
    // A ledger of its own: what this model holds, and all that it frees.
    const own: Gpu = { ...gpu, buffers: new BufferLedger(gpu.device) };
    try {
      const make = (): DecoderModel => new DecoderModel(makeParts(own, shape, options));
      return await own.buffers.guarded('the model', make);
    } catch (thrown) {
      own.buffers.destroyAll();
      throw thrown;
    }
  }

  get gpuBytes(): number {
    return this.gpu.buffers.bytes;
  }

  /** Compiled so far. */
  get pipelines(): number {
    return this.gpu.pipelines.compiled;
  }

  /** What checking a guess costs, in decode steps, as measured or given. */
  get passCost(): number {
    return this.speculation.cost.steps;
  }

  /** How the kernels are run. */
  get tuning(): KernelTuning {
    return this.#plans.tuning;
  }

  /** A text of more tokens than this has other rope factors, from its first on; undefined: none that fits has. */
  get longFrom(): number | undefined {
    const original = this.shape.longRope?.originalMaxPosition ?? Infinity;
    return original < this.contextWindow ? original : undefined;
  }

  get lost(): Promise<AppError> {
    return this.gpu.lost;
  }

  /**
   * One tensor's bytes as its shard has them: all of them, or those from `offset` on.
   * @throws AppError `model/bad-manifest` for an unknown name, `model/shape-mismatch`.
   */
  upload(record: TensorRecord, bytes: Uint8Array<ArrayBuffer>, offset?: number): void {
    this.weights.upload(record, bytes, offset);
  }

  /**
   * That an answer can begin: its first token needs half of what is compiled, and where the processor compiles, the
   * other half takes as long again. That begins when nothing is asked for a moment, or with the first token's arrival.
   * @throws as `ready`.
   */
  async readyToBegin(): Promise<void> {
    await this.#readyWith(this.#compiling.first());
    this.#compiling.restLater();
  }

  /** @throws AppError `model/missing-tensor`, `gpu/shader-invalid`. */
  async ready(): Promise<void> {
    await this.#readyWith(this.#compiling.all());
  }

  async #readyWith(compiled: Promise<void>): Promise<void> {
    this.weights.checkComplete();
    await compiled;
    const failure = this.gpu.failure();
    if (failure) throw failure;
  }

  /**
   * Finds out what checking a guess costs, where guesses are made by that. After `ready` or `tune`, before anything
   * has run; without it, passes themselves tell.
   */
  async measurePass(): Promise<void> {
    if (this.speculation.mode !== 'auto') return;
    invariant(this.#known.length === 0, 'A pass is measured before the model has run anything');
    const [step, pass] = [await this.#plans.answer('step'), await this.#plans.answer('pass')];
    const nothing = new Array<number>(this.speculation.rows).fill(0);
    const steps = await measurePassCost(this.gpu, step, pass, () => this.#place(nothing, 0));
    if (steps !== undefined) this.speculation.cost.steps = steps;
  }

  /** Lets compilers begin on what `tune` will time. @returns when they are done. */
  prepareTuning(options: TuneOptions = {}): Promise<void> {
    return compileWays(this.#tuned, this.tuning, options);
  }

  /**
   * Finds the fastest way of each kernel and runs by it from now on. After `ready`, before anything has run.
   * @throws AppError `gpu/shader-invalid`, or what the device reported.
   */
  async tune(options: TuneOptions = {}): Promise<TuneReport> {
    invariant(this.#known.length === 0, 'A model is tuned before it has run anything');
    const report = await tuneKernels(this.#tuned, this.tuning, options);
    await this.#plans.retune(report.tuning);
    this.#compiling.changed();
    await this.ready();
    return report;
  }

  /**
   * Runs the tokens in chunks and writes K and V of positions position .. position + n - 1. What the cache held
   * from `position` on is forgotten. The last token's logits stay on the GPU: see `generate` and `logits`.
   * @throws AppError `run/context-full`; the signal's reason, looked at between submits.
   */
  async prefill(tokenIds: readonly number[], position: number, options: PrefillOptions = {}): Promise<void> {
    this.#compiling.pause();
    this.#known.check(tokenIds, position);
    await this.#cached.enter(position, position + tokenIds.length);
    this.#known.logitsFor = -1;
    await prefill(this.#prefillHost, tokenIds, position, options);
    this.#known.logitsFor = position + tokenIds.length;
  }

  /** @returns logits [vocab] after the last token of `prefill`. */
  async logits(): Promise<Float32Array> {
    invariant(this.#known.logitsFor >= 0, 'No logits to read');
    const { device } = this.gpu;
    const bytes = this.shape.vocab * 4;
    const encoder = device.createCommandEncoder({ label: 'logits' });
    const copy = this.ring.copy(encoder, this.memory.logits, bytes);
    device.queue.submit([encoder.finish()]);
    return new Float32Array(await this.ring.read(copy));
  }

  /** @returns logits [vocab] after that token. @throws AppError `run/context-full`. */
  async decode(tokenId: number, position: number): Promise<Float32Array> {
    this.#known.check([tokenId], position);
    await this.#cached.enter(position, position + 1);
    const plan = await this.#plans.decode();
    const logits = await this.#run(
      plan,
      [tokenId],
      position,
      this.memory.logits,
      this.ring,
      this.shape.vocab,
    );
    this.#known.logitsFor = position + 1;
    return logits;
  }

  /**
   * Ids drawn on the GPU, the first from the logits that `prefill` or `decode` left there, each fed to the next step
   * without coming back first; some steps are under way while the oldest does. Where ids of the past promise to come
   * again, several are checked in one pass. Leaving the loop early forgets what ran past it. Nothing else may run
   * meanwhile.
   * @param settings u32 [8], as samplerWords makes them. The penalty and the draws start afresh, but for what
   * `options.begun` says was drawn before.
   * @param position of the first id; all tokens before it have been run.
   * @param count at most this many ids; all but the last need a position.
   * @throws AppError `run/context-full`, `run/bad-logits`.
   */
  async *generate(
    settings: Uint32Array<ArrayBuffer>,
    position: number,
    count: number,
    options: GenerateOptions = {},
  ): AsyncGenerator<number> {
    const ahead = options.ahead === undefined ? this.#ahead : new StepsAhead(options.ahead);
    invariant(
      position > 0 && position === this.#known.logitsFor,
      `Logits after ${this.#known.logitsFor}, not ${position}`,
    );
    if (count < 1) return;
    this.#known.checkEnd(position + count - 1);
    this.#known.enter(position, position + count - 1);
    this.#known.logitsFor = -1;
    yield* generate(
      {
        memory: this.memory,
        queue: this.gpu.device.queue,
        idRing: this.idRing,
        contextWindow: this.contextWindow,
        speculation: this.speculation,
        plan: (kind) => {
          if (kind !== 'first') this.#compiling.rest();
          return this.#plans.answer(kind);
        },
        suretyPlan: () => this.#plans.surety(),
        stepsCompiled: () => this.#compiling.allDone,
        makeRoom: (positions) => this.#cached.makeRoom(positions),
        encode: (plan, after) => submit(this.gpu, plan, after),
        known: (length) => (this.#known.length = length),
      },
      { settings, position, count, ahead },
      options,
    );
  }

  /** How sure the model was of ids that `generate` drew with the option of that name: see readSurety. */
  surety(from: number, to: number): Promise<readonly Logprob[]> {
    return readSurety(this.gpu, this.memory, from, to);
  }

  /** Logits of every token, [n, vocab]: teacher forcing, for tests. */
  async logitsOf(tokenIds: readonly number[], position: number): Promise<Float32Array> {
    this.#known.check(tokenIds, position);
    await this.#cached.enter(position, position + tokenIds.length);
    const { vocab } = this.shape;
    const all = new Float32Array(tokenIds.length * vocab);
    const ring = new ReadbackRing(this.gpu, 'all-logits', this.chunk * vocab * 4, 1);
    for (let done = 0; done < tokenIds.length; done += this.chunk) {
      const part = tokenIds.slice(done, done + this.chunk);
      const plan = await this.#plans.forward(part.length, 'all');
      const logits = await this.#run(
        plan,
        part,
        position + done,
        this.#plans.allLogits,
        ring,
        part.length * vocab,
      );
      all.set(logits, done * vocab);
    }
    ring.dispose();
    return all;
  }

  /**
   * How many of so many first positions of a text, all of them known, need no computing when it will be `end` tokens
   * long: all, or none, where what the next one looks back at is gone, or has other rope factors.
   */
  usable(count: number, end: number): number {
    return this.#known.usable(count, end);
  }

  /** Of what is known: the first position whose keys and values are still there, and whether its factors are long. */
  get kvKept(): { readonly from: number; readonly long: boolean } {
    return { from: this.#known.kept, long: this.#known.long };
  }

  get kvLayout(): KvLayout {
    return this.#cached.layout;
  }

  /** Keys and values of known positions from .. to - 1 of one layer. Nothing else may run meanwhile. */
  saveKv(layer: number, from: number, to: number): Promise<ArrayBuffer> {
    return this.#cached.save(layer, from, to);
  }

  /**
   * Puts back what saveKv gave of every layer, one after another, as if those tokens had been run at `from`. What the
   * cache held from there on is forgotten.
   * @param from at most the number of known positions.
   * @param long whether they were computed with long factors.
   * @throws AppError `run/context-full`, `gpu/out-of-memory`.
   */
  restoreKv(from: number, bytes: ArrayBuffer, long = false): Promise<void> {
    return this.#cached.restore(from, bytes, long);
  }

  dispose(): void {
    this.#compiling.pause();
    this.gpu.buffers.destroyAll();
  }

  get #tuned(): TunedModel {
    const { gpu, shape, weights, memory, chunk } = this;
    return { gpu, shape, weights, memory, chunk };
  }

  get #prefillHost(): PrefillHost {
    return {
      queue: this.gpu.device.queue,
      pace: this.pace,
      heaviest: (positions) => heaviestCall(this.shape, positions),
      plan: (rows, last) =>
        rows === 1 ? this.#plans.decode() : this.#plans.forward(rows, last ? 'last' : 'none'),
      place: (tokenIds, position) => this.#place(tokenIds, position),
      encode: (plan, from, to) => submit(this.gpu, plan, () => undefined, { from, to }),
      known: (length) => (this.#known.length = length),
    };
  }

  /** The tokens and their position, then the plan over them. @returns what it left in `from`, f32 [count]. */
  async #run(
    plan: Plan,
    tokenIds: readonly number[],
    position: number,
    from: GPUBuffer,
    ring: ReadbackRing,
    count: number,
  ): Promise<Float32Array> {
    this.#place(tokenIds, position);
    const pending = submit(this.gpu, plan, (encoder) => ring.copy(encoder, from, count * 4));
    this.#known.length = position + tokenIds.length;
    this.#known.logitsFor = -1;
    return new Float32Array(await ring.read(pending));
  }

  #place(tokenIds: readonly number[], position: number): void {
    const { queue } = this.gpu.device;
    queue.writeBuffer(this.memory.tokens, 0, new Uint32Array(tokenIds));
    queue.writeBuffer(this.memory.state, 0, new Uint32Array([position]));
  }
}
