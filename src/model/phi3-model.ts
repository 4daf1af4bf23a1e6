// A Phi-3-family model on one GPU: weights in, token ids in, logits out. Decides when work is submitted; what the
// work is stands in forward.ts. Knows nothing of text, sampling or files.
import { AppError, invariant } from '../base/errors';
import type { KvFormat } from '../base/kv-format';
import type { TensorRecord } from '../formats/manifest';
import type { ModelShape } from '../formats/model-config';
import { BufferLedger } from '../gpu/buffers';
import type { Gpu } from '../gpu/gpu';
import { PlanBuilder, type Plan } from '../gpu/plan';
import { ReadbackRing } from '../gpu/readback';
import { sample } from '../kernels/sample/sample';
import { ChunkSize } from './chunk-size';
import { defaultTuning, type DecodeTuning } from './decode-tuning';
import { forward, type LogitsRows } from './forward';
import { forwardDecode } from './forward-decode';
import { generate, maxAhead, type GenerateOptions, type SpeculationSetup } from './generate';
import { readRows, writeRows, type KvLayout } from './kv-transfer';
import { allocate, passRows, type ModelMemory } from './memory';
import type { SpeculationMode } from './speculation';
import { checkShape } from './tensors';
import { compileWays, tuneDecode, type TuneOptions, type TuneReport } from './tune-decode';
import { Weights } from './weights';

export interface Phi3Options {
  /** Most positions the KV cache holds; it grows with the conversation. */
  readonly contextWindow: number;
  /** How it keeps its numbers: f16 without it, see docs/adr/0005-kv-cache-formats.md. */
  readonly kvFormat?: KvFormat;
  /** Positions it grows by. */
  readonly kvPage?: number;
  /** Most prompt tokens per submit. */
  readonly prefillChunk?: number;
  /** Milliseconds that a prefill submit should not exceed; by default none on a software adapter. */
  readonly submitMs?: number;
  /** How kernels are cut; by default for the kind of adapter at hand. */
  readonly tuning?: DecodeTuning;
  /** Whether ids are guessed from the past; by default where it pays, which is never on a software adapter. */
  readonly speculation?: SpeculationMode;
}

const defaultKvFormat: KvFormat = 'f16';
const defaultChunk = 64;
/** Plans kept of prefill, whose chunks come in many lengths. */
const forwardPlans = 8;
/** By default: enough to keep a GPU busy; on a software adapter a step past a stop is dear. */
const gpuAhead = 3;
const softwareAhead = 2;
/** Well below the 100 ms at which a desktop begins to stutter. */
const defaultSubmitMs = 80;
/** What a pass is taken to cost, in steps, until it is measured. */
const unmeasuredPass = 4;

export class Phi3Model {
  #plans = new Map<string, Promise<Plan>>();
  #warm: Promise<unknown>;
  /** Positions whose K and V are known. */
  #length = 0;
  /** Position after the token whose logits lie in memory; -1 when that is no single one. */
  #logitsFor = -1;
  #allLogits: GPUBuffer | undefined;

  private constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly contextWindow: number,
    private readonly chunk: number,
    private readonly chunkSize: ChunkSize,
    private readonly weights: Weights,
    private readonly memory: ModelMemory,
    private readonly ring: ReadbackRing,
    private readonly idRing: ReadbackRing,
    private tuning: DecodeTuning,
    private readonly speculation: SpeculationSetup,
  ) {
    this.#warm = this.#compile();
    // Reported by `ready`; until then a failed compile must not count as unhandled.
    this.#warm.catch(() => undefined);
  }

  /**
   * Allocates everything and starts compiling.
   * @throws AppError `model/unsupported-arch`, `gpu/limit-too-low`, `gpu/out-of-memory`.
   */
  static async create(gpu: Gpu, shape: ModelShape, options: Phi3Options): Promise<Phi3Model> {
    checkShape(shape);
    const { contextWindow } = options;
    invariant(Number.isInteger(contextWindow) && contextWindow > 0, `A context window of ${contextWindow}`);
    const chunk = Math.max(1, Math.min(options.prefillChunk ?? defaultChunk, contextWindow));
    const tuning = options.tuning ?? defaultTuning(gpu.info, shape);
    const rows = Math.min(passRows, chunk);
    const mode = rows < 2 ? 'off' : (options.speculation ?? (gpu.info.fallback ? 'off' : 'auto'));
    // A ledger of its own: what this model holds, and all that it frees.
    const own: Gpu = { ...gpu, buffers: new BufferLedger(gpu.device) };
    try {
      return await own.buffers.guarded(
        'the model',
        () =>
          new Phi3Model(
            own,
            shape,
            contextWindow,
            chunk,
            new ChunkSize(chunk, options.submitMs ?? (gpu.info.fallback ? Infinity : defaultSubmitMs)),
            new Weights(own, shape),
            allocate(own, shape, {
              contextWindow,
              chunk,
              splits: tuning.split.splits,
              kvFormat: options.kvFormat ?? defaultKvFormat,
              logitsRows: mode === 'off' ? 1 : rows,
              kvPage: options.kvPage,
            }),
            new ReadbackRing(own, 'readback', shape.vocab * 4, 2),
            new ReadbackRing(own, 'ids', 8, maxAhead),
            tuning,
            { mode, rows, cost: { steps: unmeasuredPass } },
          ),
      );
    } catch (thrown) {
      own.buffers.destroyAll();
      throw thrown;
    }
  }

  get gpuBytes(): number {
    return this.gpu.buffers.bytes;
  }

  /** What checking a guess costs, in decode steps, as measured. */
  get passCost(): number {
    return this.speculation.cost.steps;
  }

  /** How the decode kernels are run. */
  get decodeTuning(): DecodeTuning {
    return this.tuning;
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

  /** @throws AppError `model/missing-tensor`, `gpu/shader-invalid`. */
  async ready(): Promise<void> {
    this.weights.checkComplete();
    await this.#warm;
    if (this.speculation.mode === 'auto') await this.#measurePass();
    const failure = this.gpu.failure();
    if (failure) throw failure;
  }

  /** Lets compilers begin on what `tune` will time. */
  prepareTuning(): void {
    compileWays(this.gpu, this.shape, this.weights, this.memory, this.tuning);
  }

  /**
   * Finds the fastest way of each decode kernel and runs by it from now on. After `ready`, before anything has run.
   * @throws AppError `gpu/shader-invalid`, or what the device reported.
   */
  async tune(options: TuneOptions = {}): Promise<TuneReport> {
    invariant(this.#length === 0, 'A model is tuned before it has run anything');
    const report = await tuneDecode(this.gpu, this.shape, this.weights, this.memory, this.tuning, options);
    this.tuning = report.tuning;
    await this.#dropPlans();
    this.#warm = this.#compile();
    this.#warm.catch(() => undefined);
    await this.ready();
    return report;
  }

  /**
   * Runs the tokens in chunks and writes K and V of positions position .. position + n - 1. What the cache held
   * from `position` on is forgotten. The last token's logits stay on the GPU: see `generate` and `logits`.
   * @throws AppError `run/context-full`; the signal's reason, checked between chunks.
   */
  async prefill(
    tokenIds: readonly number[],
    position: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    this.#check(tokenIds, position);
    await this.#makeRoom(position + tokenIds.length);
    for (let done = 0; done < tokenIds.length;) {
      options.signal?.throwIfAborted();
      const part = tokenIds.slice(done, done + this.chunkSize.rows);
      const last = done + part.length === tokenIds.length;
      const plan = await (part.length === 1
        ? this.#decodePlan()
        : this.#plan(part.length, last ? 'last' : 'none'));
      const start = performance.now();
      this.#submit(plan, part, position + done);
      done += part.length;
      if (last) break;
      // One chunk under way at a time: Stop takes effect within a chunk, and no queue builds up behind it.
      await this.gpu.device.queue.onSubmittedWorkDone();
      this.chunkSize.measured(part.length, performance.now() - start);
    }
    this.#logitsFor = position + tokenIds.length;
  }

  /** @returns logits [vocab] after the last token of `prefill`. */
  async logits(): Promise<Float32Array> {
    invariant(this.#logitsFor >= 0, 'No logits to read');
    const { device } = this.gpu;
    const bytes = this.shape.vocab * 4;
    const encoder = device.createCommandEncoder({ label: 'logits' });
    const copy = this.ring.copy(encoder, this.memory.logits, bytes);
    device.queue.submit([encoder.finish()]);
    return new Float32Array(await this.ring.read(copy));
  }

  /** @returns logits [vocab] after that token. @throws AppError `run/context-full`. */
  async decode(tokenId: number, position: number): Promise<Float32Array> {
    this.#check([tokenId], position);
    await this.#makeRoom(position + 1);
    const plan = await this.#decodePlan();
    const logits = await this.#run(
      plan,
      [tokenId],
      position,
      this.memory.logits,
      this.ring,
      this.shape.vocab,
    );
    this.#logitsFor = position + 1;
    return logits;
  }

  /**
   * Ids drawn on the GPU, the first from the logits that `prefill` or `decode` left there, each fed to the next step
   * without coming back first; some steps are under way while the oldest does. Where ids of the past promise to come
   * again, several are checked in one pass. Leaving the loop early forgets what ran past it. Nothing else may run
   * meanwhile.
   * @param settings u32 [8], as samplerWords makes them. The penalty and the draws start afresh.
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
    const ahead = options.ahead ?? (this.gpu.info.fallback ? softwareAhead : gpuAhead);
    invariant(
      position > 0 && position === this.#logitsFor,
      `Logits after ${this.#logitsFor}, not ${position}`,
    );
    if (count < 1) return;
    this.#checkEnd(position + count - 1);
    this.#logitsFor = -1;
    yield* generate(
      {
        memory: this.memory,
        queue: this.gpu.device.queue,
        idRing: this.idRing,
        contextWindow: this.contextWindow,
        speculation: this.speculation,
        plan: (kind) => this.#answerPlan(kind),
        makeRoom: (positions) => this.#makeRoom(positions),
        encode: (plan, after) => this.#encode(plan, after),
        known: (length) => (this.#length = length),
      },
      { settings, position, count, ahead },
      options,
    );
  }

  /** Logits of every token, [n, vocab]: teacher forcing, for tests. */
  async logitsOf(tokenIds: readonly number[], position: number): Promise<Float32Array> {
    this.#check(tokenIds, position);
    await this.#makeRoom(position + tokenIds.length);
    const { vocab } = this.shape;
    const all = new Float32Array(tokenIds.length * vocab);
    const ring = new ReadbackRing(this.gpu, 'all-logits', this.chunk * vocab * 4, 1);
    for (let done = 0; done < tokenIds.length; done += this.chunk) {
      const part = tokenIds.slice(done, done + this.chunk);
      const plan = await this.#plan(part.length, 'all');
      const logits = await this.#run(plan, part, position + done, this.#all(), ring, part.length * vocab);
      all.set(logits, done * vocab);
    }
    ring.dispose();
    return all;
  }

  get kvLayout(): KvLayout {
    const { format, rowBytes } = this.memory.kv;
    return { format, rowBytes, layers: this.shape.layers };
  }

  /** Keys and values of known positions from .. to - 1 of one layer. Nothing else may run meanwhile. */
  async saveKv(layer: number, from: number, to: number): Promise<ArrayBuffer> {
    invariant(to <= this.#length, `Position ${to} of ${this.#length} known ones`);
    return readRows(this.gpu, this.memory.kv, layer, from, to);
  }

  /**
   * Puts back what saveKv gave of every layer, one after another, as if those tokens had been run at `from`. What the
   * cache held from there on is forgotten.
   * @param from at most the number of known positions.
   * @throws AppError `run/context-full`, `gpu/out-of-memory`.
   */
  async restoreKv(from: number, bytes: ArrayBuffer): Promise<void> {
    const { layers, rowBytes } = this.kvLayout;
    const end = from + bytes.byteLength / (layers * rowBytes);
    invariant(from >= 0 && from <= this.#length, `Position ${from} of ${this.#length} known ones`);
    this.#checkEnd(end);
    await this.#makeRoom(end);
    writeRows(this.gpu, this.memory.kv, from, bytes);
    this.#length = end;
    this.#logitsFor = -1;
  }

  dispose(): void {
    this.gpu.buffers.destroyAll();
  }

  #check(tokenIds: readonly number[], position: number): void {
    invariant(tokenIds.length > 0, 'No tokens to run');
    invariant(
      position >= 0 && position <= this.#length,
      `Position ${position} of ${this.#length} known ones`,
    );
    this.#checkEnd(position + tokenIds.length);
    const strange = tokenIds.find((id) => !Number.isInteger(id) || id < 0 || id >= this.shape.vocab);
    if (strange !== undefined) {
      throw new AppError(
        'tokenizer/unknown-token',
        `Token id ${strange} is outside the model's vocabulary of ${this.shape.vocab}: tokenizer and model do not belong together.`,
        { details: { token: strange, vocab: this.shape.vocab } },
      );
    }
  }

  #checkEnd(end: number): void {
    if (end <= this.contextWindow) return;
    throw new AppError(
      'run/context-full',
      `${end} tokens do not fit into this model's context of ${this.contextWindow}. Start a new chat or shorten the text.`,
      { details: { tokens: end, contextWindow: this.contextWindow } },
    );
  }

  async #makeRoom(positions: number): Promise<void> {
    if (positions <= this.memory.kv.capacity) return;
    await this.#dropPlans();
    await this.memory.kv.grow(positions);
  }

  async #dropPlans(): Promise<void> {
    const old = [...this.#plans.values()];
    this.#plans.clear();
    for (const plan of old) (await plan).dispose();
  }

  async #run(
    plan: Plan,
    tokenIds: readonly number[],
    position: number,
    from: GPUBuffer,
    ring: ReadbackRing,
    count: number,
  ): Promise<Float32Array> {
    const pending = this.#submit(plan, tokenIds, position, (encoder) => ring.copy(encoder, from, count * 4));
    invariant(pending, 'A run without a readback');
    return new Float32Array(await ring.read(pending));
  }

  /** The chunk's ids and position, then the plan over them. */
  #submit<T>(
    plan: Plan,
    tokenIds: readonly number[],
    position: number,
    after?: (encoder: GPUCommandEncoder) => T,
  ): T | undefined {
    this.#place(tokenIds, position);
    const result = this.#encode(plan, (encoder) => after?.(encoder));
    this.#length = position + tokenIds.length;
    this.#logitsFor = -1;
    return result;
  }

  #place(tokenIds: readonly number[], position: number): void {
    const { queue } = this.gpu.device;
    queue.writeBuffer(this.memory.tokens, 0, new Uint32Array(tokenIds));
    queue.writeBuffer(this.memory.state, 0, new Uint32Array([position]));
  }

  /** One submit: every kernel of the plan in one pass, then what `after` adds. */
  #encode<T>(plan: Plan, after: (encoder: GPUCommandEncoder) => T): T {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: plan.label });
    const pass = encoder.beginComputePass({ label: plan.label });
    plan.encode(pass);
    pass.end();
    const result = after(encoder);
    device.queue.submit([encoder.finish()]);
    return result;
  }

  #compile(): Promise<unknown> {
    return Promise.all([
      this.#decodePlan(),
      this.#answerPlan('first'),
      this.#answerPlan('step'),
      ...(this.speculation.mode === 'off' ? [] : [this.#answerPlan('pass')]),
      // One of each size of tile, so that no prompt has to wait for a compiler.
      ...[8, 32, this.chunk].map((rows) => this.#plan(Math.min(rows, this.chunk), 'none')),
    ]);
  }

  #decodePlan(): Promise<Plan> {
    return this.#planOf('decode', (builder) =>
      forwardDecode(builder, this.shape, this.weights, this.memory, this.tuning),
    );
  }

  #answerPlan(kind: 'first' | 'step' | 'pass'): Promise<Plan> {
    return this.#planOf(`answer/${kind}`, (builder) => {
      const { logits, settings, tokens, state, seen } = this.memory;
      const { logits: matvec } = this.tuning;
      const rows = kind === 'pass' ? this.speculation.rows : 1;
      if (kind === 'step') forwardDecode(builder, this.shape, this.weights, this.memory, this.tuning);
      if (kind === 'pass') {
        const options = { rows, logitsRows: 'all', allLogits: logits, matvec, variant: 'few' } as const;
        forward(builder, this.shape, this.weights, this.memory, options);
      }
      builder.add(sample, { vocab: this.shape.vocab, rows }, [logits, settings, tokens, state, seen]);
    });
  }

  /** Over whatever lies in memory: it takes as long as over an answer, and warms up for one. */
  async #measurePass(): Promise<void> {
    const { queue } = this.gpu.device;
    const [step, pass] = [await this.#answerPlan('step'), await this.#answerPlan('pass')];
    const time = async (plan: Plan, times: number): Promise<number> => {
      this.#place(new Array<number>(this.speculation.rows).fill(0), 0);
      await queue.onSubmittedWorkDone();
      const start = performance.now();
      for (let i = 0; i < times; i++) this.#encode(plan, () => undefined);
      await queue.onSubmittedWorkDone();
      return performance.now() - start;
    };
    await time(step, 1);
    await time(pass, 1);
    // Steps follow one another without a gap; a pass is waited for.
    const stepMs = ((await time(step, 5)) - (await time(step, 1))) / 4;
    const passMs = Math.min(await time(pass, 1), await time(pass, 1));
    if (stepMs > 0) this.speculation.cost.steps = passMs / stepMs;
  }

  #plan(rows: number, logitsRows: LogitsRows): Promise<Plan> {
    return this.#planOf(`forward/${rows}/${logitsRows}`, (builder) =>
      forward(builder, this.shape, this.weights, this.memory, {
        rows,
        logitsRows,
        matvec: this.tuning.logits,
        ...(logitsRows === 'all' ? { allLogits: this.#all() } : {}),
      }),
    );
  }

  #planOf(label: string, list: (builder: PlanBuilder) => void): Promise<Plan> {
    const known = this.#plans.get(label);
    if (known) return known;
    const builder = new PlanBuilder(this.gpu, label);
    list(builder);
    const plan = builder.build();
    this.#plans.set(label, plan);
    plan.catch(() => this.#plans.delete(label));
    this.#forgetOldPlans();
    return plan;
  }

  #forgetOldPlans(): void {
    const labels = [...this.#plans.keys()].filter((label) => label.startsWith('forward/'));
    for (const label of labels.slice(0, Math.max(0, labels.length - forwardPlans))) {
      void this.#plans.get(label)?.then((plan) => plan.dispose());
      this.#plans.delete(label);
    }
  }

  #all(): GPUBuffer {
    const bytes = this.chunk * this.shape.vocab * 4;
    return (this.#allLogits ??= this.gpu.buffers.create('all-logits', bytes));
  }
}
