// Compute pipelines, compiled asynchronously and once. Layouts are explicit and shared by every kernel with the
// same row of bindings, so one bind group serves all of them.
import { AppError } from '../base/errors';
import { keyText, paramBlockBytes, paramsBinding, type KernelKey, type KernelSpec } from './kernel';
import { overridesFirst } from './overrides-first';

const computeStage = 0x4; // GPUShaderStage.COMPUTE

export interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

export class PipelineCache {
  #layouts = new Map<string, Layout>();
  #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  #compiled = 0;

  constructor(private readonly device: GPUDevice) {}

  /** Pipelines so far. */
  get compiled(): number {
    return this.#compiled;
  }

  layout(bindings: string): Layout {
    let layout = this.#layouts.get(bindings);
    if (!layout) {
      const group = this.device.createBindGroupLayout({
        label: bindings,
        entries: [
          ...[...bindings].map((letter, binding): GPUBindGroupLayoutEntry => ({
            binding,
            visibility: computeStage,
            buffer: { type: letter === 'r' ? 'read-only-storage' : 'storage' },
          })),
          {
            binding: paramsBinding,
            visibility: computeStage,
            buffer: { type: 'uniform', minBindingSize: paramBlockBytes },
          },
        ],
      });
      const pipeline = this.device.createPipelineLayout({ label: bindings, bindGroupLayouts: [group] });
      layout = { group, pipeline };
      this.#layouts.set(bindings, layout);
    }
    return layout;
  }

  /**
   * The compiled pipeline of a spec and key. A failed compile is forgotten, so that a later call tries again.
   * @throws AppError `gpu/shader-invalid` with line:column.
   */
  get<Args, Key extends KernelKey>(spec: KernelSpec<Args, Key>, key: Key): Promise<GPUComputePipeline> {
    const label = keyText(spec.op, key);
    const known = this.#pipelines.get(label);
    if (known) return known;
    const { code, bindings } = spec.source(key);
    const made = this.compile(label, code, bindings, spec.constants(key));
    this.#pipelines.set(label, made);
    made.then(
      () => this.#compiled++,
      () => this.#pipelines.delete(label),
    );
    return made;
  }

  /** Uncached; for `get` and for tests of broken shaders. */
  async compile(
    label: string,
    source: string,
    bindings: string,
    constants: Record<string, number>,
  ): Promise<GPUComputePipeline> {
    const code = overridesFirst(source);
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label, code });
    const scope = this.device.popErrorScope();
    const pipeline = this.device.createComputePipelineAsync({
      label,
      layout: this.layout(bindings).pipeline,
      compute: { module, entryPoint: 'main', constants },
    });
    // A rejection is handled below, after the messages that explain it have arrived.
    pipeline.catch(() => undefined);
    const [info] = await Promise.all([module.getCompilationInfo(), scope]);
    const fault = info.messages.find((message) => message.type === 'error');
    if (fault) {
      const at = `${fault.lineNum}:${fault.linePos}`;
      throw new AppError('gpu/shader-invalid', `${label} at ${at}: ${fault.message}`, {
        details: { kernel: label, line: fault.lineNum, column: fault.linePos },
      });
    }
    try {
      return await pipeline;
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('gpu/shader-invalid', `${label}: ${message}`, { details: { kernel: label }, cause });
    }
  }
}
