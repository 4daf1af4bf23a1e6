// A fixed list of kernel calls, prepared once and encoded many times: pipelines, bind groups and parameters are
// all made while building, so that encoding a plan allocates nothing and writes nothing.
import { invariant } from '../base/errors';
import type { Gpu, GpuInfo } from './gpu';
import {
  packParams,
  paramBlockBytes,
  paramsBinding,
  type Grid,
  type KernelKey,
  type KernelSpec,
} from './kernel';

/** Products that a call computes when so many positions are attended to. */
export type Products = (positions: number) => number;

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: Grid;
  readonly products: Products | undefined;
}

/** A step before its parameters have a buffer to lie in. */
interface Call extends Pick<Step, 'grid' | 'products'> {
  readonly pipeline: Promise<GPUComputePipeline>;
  readonly label: string;
  readonly bindings: string;
  readonly tensors: readonly GPUBuffer[];
  /** Of its parameters. */
  readonly offset: number;
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
  #calls: Call[] = [];
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
   * @param tensors buffers in the order of the kernel's bindings.
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
    this.#calls.push({
      pipeline: this.gpu.pipelines.get(spec, key),
      label: `${this.label}/${spec.op}`,
      bindings,
      tensors,
      offset: this.#offsetOf(packParams(spec.fields, spec.params(args))),
      grid: spec.dispatch(args),
      products,
    });
    return this;
  }

  /** When every kernel of the plan is compiled, or has failed to be, which `build` reports. */
  async compiled(): Promise<void> {
    await Promise.allSettled(this.#calls.map(({ pipeline }) => pipeline));
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
    const groups = this.#calls.map(({ label: name, bindings, tensors, offset }) =>
      gpu.device.createBindGroup({
        label: name,
        layout: gpu.pipelines.layout(bindings).group,
        entries: [
          ...tensors.map((buffer, binding) => ({ binding, resource: { buffer } })),
          { binding: paramsBinding, resource: { buffer: uniform, offset, size: paramBlockBytes } },
        ],
      }),
    );
    const pipelines = await Promise.all(this.#calls.map(({ pipeline }) => pipeline));
    const steps = this.#calls.flatMap(({ grid, products }, i): Step[] => {
      const [pipeline, group] = [pipelines[i], groups[i]];
      return pipeline && group ? [{ pipeline, group, grid, products }] : [];
    });
    return {
      label,
      dispatches: steps.length,
      products: (call, positions) => steps[call]?.products?.(positions) ?? 0,
      encode(pass, from = 0, to = steps.length) {
        let bound: GPUComputePipeline | undefined;
        for (let i = from; i < to; i++) {
          const step = steps[i];
          if (!step) return;
          const { pipeline, group, grid } = step;
          if (pipeline !== bound) pass.setPipeline((bound = pipeline));
          pass.setBindGroup(0, group);
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
