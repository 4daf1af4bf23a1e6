// A fixed list of kernel calls, prepared once and encoded many times: pipelines, bind groups and parameters are
// all made while building, so that encoding a plan allocates nothing and writes nothing.
import { invariant } from '../base/errors';
import type { Gpu, GpuInfo } from './gpu';
import { packParams, paramBlockBytes, type Grid, type KernelKey, type KernelSpec } from './kernel';

/** Products that a call computes when so many positions are attended to. */
export type Products = (positions: number) => number;

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly tensors: GPUBindGroup;
  readonly offset: readonly [number];
  readonly grid: Grid;
  readonly products: Products | undefined;
}

export interface Plan {
  readonly label: string;
  readonly dispatches: number;
  /** Of one call, as said when it was added: 0 where nothing was. */
  products(call: number, positions: number): number;
  /** Records the calls from .. to - 1, by default all, into a compute pass. */
  encode(pass: GPUComputePassEncoder, from?: number, to?: number): void;
  dispose(): void;
}

export class PlanBuilder {
  #steps: (Omit<Step, 'pipeline'> & { readonly pipeline: Promise<GPUComputePipeline> })[] = [];
  #blocks: ArrayBuffer[] = [];
  #offsets = new Map<string, number>();
  readonly #stride: number;

  constructor(
    private readonly gpu: Gpu,
    private readonly label: string,
  ) {
    const align = gpu.device.limits.minUniformBufferOffsetAlignment;
    this.#stride = Math.ceil(paramBlockBytes / align) * align;
  }

  /** What the plan will run on. */
  get info(): GpuInfo {
    return this.gpu.info;
  }

  /**
   * @param tensors buffers in the order of the kernel's group 0.
   * @param products what it computes, where a plan may be cut by how long its calls take.
   */
  add<Args, Key extends KernelKey>(
    spec: KernelSpec<Args, Key>,
    args: Args,
    tensors: readonly GPUBuffer[],
    products?: Products,
  ): this {
    spec.check(args);
    const key = spec.key(args);
    const { bindings } = spec.source(key);
    invariant(
      tensors.length === bindings.length,
      `${spec.op} binds ${bindings.length}, got ${tensors.length}`,
    );
    const group = this.gpu.device.createBindGroup({
      label: `${this.label}/${spec.op}`,
      layout: this.gpu.pipelines.layout(bindings).tensors,
      entries: tensors.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    this.#steps.push({
      pipeline: this.gpu.pipelines.get(spec, key),
      tensors: group,
      offset: [this.#offsetOf(packParams(spec.fields, spec.params(args)))],
      grid: spec.dispatch(args),
      products,
    });
    return this;
  }

  /** When every kernel of the plan is compiled, or has failed to be, which `build` reports. */
  async compiled(): Promise<void> {
    await Promise.allSettled(this.#steps.map(({ pipeline }) => pipeline));
  }

  async build(): Promise<Plan> {
    const { gpu, label } = this;
    const uniform = await gpu.buffers.guarded(label, () => {
      const buffer = gpu.buffers.create(`${label}/params`, this.#stride * this.#blocks.length, 'uniform');
      const all = new Uint8Array(this.#stride * this.#blocks.length);
      this.#blocks.forEach((block, i) => all.set(new Uint8Array(block), i * this.#stride));
      gpu.device.queue.writeBuffer(buffer, 0, all);
      return buffer;
    });
    const params = gpu.device.createBindGroup({
      label: `${label}/params`,
      layout: gpu.pipelines.layout('').params,
      entries: [{ binding: 0, resource: { buffer: uniform, size: paramBlockBytes } }],
    });
    const steps: Step[] = await Promise.all(
      this.#steps.map(async (step) => ({ ...step, pipeline: await step.pipeline })),
    );
    return {
      label,
      dispatches: steps.length,
      products: (call, positions) => steps[call]?.products?.(positions) ?? 0,
      encode(pass, from = 0, to = steps.length) {
        let bound: GPUComputePipeline | undefined;
        for (let i = from; i < to; i++) {
          const step = steps[i];
          if (!step) return;
          const { pipeline, tensors, offset, grid } = step;
          if (pipeline !== bound) pass.setPipeline((bound = pipeline));
          pass.setBindGroup(0, tensors);
          pass.setBindGroup(1, params, offset);
          pass.dispatchWorkgroups(grid[0], grid[1]);
        }
      },
      dispose: () => gpu.buffers.destroy(uniform),
    };
  }

  /** Calls with equal parameters share one block: the layers of a model differ in buffers only. */
  #offsetOf(block: ArrayBuffer): number {
    const content = new Uint32Array(block).join();
    const known = this.#offsets.get(content);
    if (known !== undefined) return known;
    const offset = this.#blocks.length * this.#stride;
    this.#blocks.push(block);
    this.#offsets.set(content, offset);
    return offset;
  }
}
