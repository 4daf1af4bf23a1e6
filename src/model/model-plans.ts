// The plans a model runs by: each made when it is first asked for and kept until the buffers or the kernels behind it
// change. What a plan lists stands in forward.ts and forward-decode.ts; when it runs, decoder-model.ts decides.
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { PlanBuilder, type Plan } from '../gpu/plan';
import { logprob } from '../kernels/logprob/logprob';
import { sample } from '../kernels/sample/sample';
import type { KernelTuning } from './tuning/tuning';
import { forward, type LogitsRows } from './forward';
import { forwardDecode } from './forward-decode';
import { suretyDraws, type ModelMemory } from './memory';
import type { Weights } from './weights/weights';

/** What an answer is made of: see GenerateHost. */
export type AnswerStep = 'first' | 'step' | 'pass';

export interface ModelPlansOptions {
  /** Most prompt tokens per submit. */
  readonly chunk: number;
  /** Rows of a pass that checks a guess; undefined where none is ever made. */
  readonly passRows: number | undefined;
  readonly tuning: KernelTuning;
}

/** Kept of prefill, whose chunks come in many lengths. */
const forwardPlans = 8;

export class ModelPlans {
  #plans = new Map<string, Promise<Plan>>();
  #allLogits: GPUBuffer | undefined;
  #tuning: KernelTuning;

  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly weights: Weights,
    private readonly memory: ModelMemory,
    private readonly options: ModelPlansOptions,
  ) {
    this.#tuning = options.tuning;
  }

  /** How the kernels are run. */
  get tuning(): KernelTuning {
    return this.#tuning;
  }

  /** Logits [chunk, vocab] that plans of `all` rows leave. */
  get allLogits(): GPUBuffer {
    const bytes = this.options.chunk * this.shape.vocab * 4;
    return (this.#allLogits ??= this.gpu.buffers.create('all-logits', bytes));
  }

  /** What an answer's first token needs: compilers are given this before the rest. @throws AppError `gpu/shader-invalid`. */
  async compileFirst(): Promise<void> {
    const { chunk } = this.options;
    await Promise.all([
      // One of each size of tile, so that no prompt has to wait for a compiler.
      ...[8, 32].map((rows) => this.forward(Math.min(rows, chunk), 'none')),
      this.forward(chunk, 'last'),
      this.answer('first'),
    ]);
  }

  /** Every pipeline that an answer may need. @throws AppError `gpu/shader-invalid`. */
  async compile(): Promise<void> {
    const { passRows } = this.options;
    await Promise.all([
      this.compileFirst(),
      this.decode(),
      this.answer('step'),
      ...(passRows === undefined ? [] : [this.answer('pass')]),
    ]);
  }

  decode(): Promise<Plan> {
    return this.#planOf('decode', (builder) => this.#decode(builder));
  }

  forward(rows: number, logitsRows: LogitsRows): Promise<Plan> {
    return this.#planOf(`forward/${rows}/${logitsRows}`, (builder) =>
      forward(builder, this.shape, this.weights, this.memory, {
        rows,
        logitsRows,
        tuning: this.#tuning,
        ...(logitsRows === 'all' ? { allLogits: this.allLogits } : {}),
      }),
    );
  }

  answer(kind: AnswerStep): Promise<Plan> {
    return this.#planOf(`answer/${kind}`, (builder) => {
      const { logits, settings, tokens, state, seen } = this.memory;
      const tuning = this.#tuning;
      const rows = kind === 'pass' ? (this.options.passRows ?? 1) : 1;
      if (kind === 'step') this.#decode(builder);
      if (kind === 'pass') {
        const options = { rows, logitsRows: 'all', allLogits: logits, tuning, few: true } as const;
        forward(builder, this.shape, this.weights, this.memory, options);
      }
      const threads = builder.info.fallback ? 1 : 256;
      builder.add(sample, { vocab: this.shape.vocab, rows, threads }, [
        logits,
        settings,
        tokens,
        state,
        seen,
      ]);
    });
  }

  /** Behind `first` and `step`, where it is asked how sure the ids are. */
  surety(): Promise<Plan> {
    return this.#planOf('surety', (builder) => {
      const { logits, tokens, state, surety } = this.memory;
      builder.add(logprob, { vocab: this.shape.vocab, most: suretyDraws }, [logits, tokens, state, surety]);
    });
  }

  /** Before the buffers they bind go. Nothing may be running them. */
  async drop(): Promise<void> {
    const old = [...this.#plans.values()];
    this.#plans.clear();
    for (const plan of old) (await plan).dispose();
  }

  /** Plans are made anew from now on. */
  async retune(tuning: KernelTuning): Promise<void> {
    this.#tuning = tuning;
    await this.drop();
  }

  #decode(builder: PlanBuilder): void {
    forwardDecode(builder, this.shape, this.weights, this.memory, this.#tuning);
  }

  #planOf(label: string, list: (builder: PlanBuilder) => void): Promise<Plan> {
    const known = this.#plans.get(label);
    if (known) return known;
    const builder = new PlanBuilder(this.gpu, label);
    list(builder);
    const plan = builder.build();
    this.#plans.set(label, plan);
    plan.catch(() => this.#plans.delete(label));
    this.#forgetOld();
    return plan;
  }

  #forgetOld(): void {
    const labels = [...this.#plans.keys()].filter((label) => label.startsWith('forward/'));
    for (const label of labels.slice(0, Math.max(0, labels.length - forwardPlans))) {
      void this.#plans.get(label)?.then((plan) => plan.dispose());
      this.#plans.delete(label);
    }
  }
}
