// WebGPU in plain Node for tests and benches: Dawn from bench/dawn, on the adapter that PHIELD_ADAPTER names
// (`swiftshader`, `lavapipe`, or `system` for the machine's own driver). Not part of the app.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BufferLedger } from '../buffers';
import { matrixFeature, openGpu, type Gpu, type GpuOptions } from '../gpu';

export type AdapterName = 'swiftshader' | 'lavapipe' | 'system';

const dawnEntry = fileURLToPath(new URL('../../../bench/dawn/node_modules/webgpu/index.js', import.meta.url));
const chromiumFolders = [
  process.env['PHIELD_CHROMIUM_DIR'],
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/opt/chromium.org/chromium',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

export function adapterName(): AdapterName {
  const name = process.env['PHIELD_ADAPTER'] ?? 'swiftshader';
  if (name === 'swiftshader' || name === 'lavapipe' || name === 'system') return name;
  throw new Error(`PHIELD_ADAPTER=${name} is not one of swiftshader, lavapipe, system`);
}

/** The driver's manifest, where it is installed. */
export function manifestOf(name: AdapterName): string | undefined {
  if (name === 'system') return undefined;
  if (name === 'swiftshader') {
    return chromiumFolders
      .flatMap((folder) => (folder ? [join(folder, 'vk_swiftshader_icd.json')] : []))
      .find((file) => existsSync(file));
  }
  const newer = process.env['PHIELD_MESA'];
  if (newer) return join(newer, 'lvp_icd.json');
  const folder = '/usr/share/vulkan/icd.d';
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find((entry) => /^lvp_icd.*\.json$/.test(entry));
  return file && join(folder, file);
}

export type NodeGpu = { readonly gpu: GPU } | { readonly missing: string };

/** What Dawn, and browsers with it, keep to themselves unless asked: subgroup matrices, and f16 on NVIDIA under Vulkan. */
const experiments = 'allow_unsafe_apis,vulkan_enable_f16_on_nvidia';

let loaded: Promise<NodeGpu> | undefined;

/** Dawn's GPU object, or why there is none. Loads once: the driver choice is read when Dawn starts. */
export function nodeGpu(): Promise<NodeGpu> {
  return (loaded ??= load());
}

async function load(): Promise<NodeGpu> {
  const name = adapterName();
  if (!existsSync(dawnEntry)) return { missing: 'Dawn is not installed: node bench/dawn/ensure.mjs' };
  if (name !== 'system') {
    const manifest = manifestOf(name);
    if (!manifest) {
      const where =
        name === 'swiftshader' ? 'beside a Chromium or Chrome binary' : 'in /usr/share/vulkan/icd.d';
      return { missing: `no Vulkan manifest of ${name} ${where}` };
    }
    process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = manifest;
  }
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
  const dawn = (await import(/* @vite-ignore */ pathToFileURL(dawnEntry).href)) as {
    create(flags: string[]): GPU;
    globals: object;
  };
  Object.assign(globalThis, dawn.globals);
  if (name !== 'system') waitWithoutSpinning();
  recordShaders(process.env['PHIELD_RECORD_WGSL']);
  const gpu = dawn.create([`enable-dawn-features=${process.env['PHIELD_DAWN_FEATURES'] ?? experiments}`]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) return { missing: `Dawn found no adapter for ${name}` };
  const f16 = adapter.features.has('shader-f16');
  if (name === 'lavapipe' && !f16)
    return { missing: 'this lavapipe has no shader-f16: Mesa 25 or newer is needed' };
  if (name === 'lavapipe' && process.env['PHIELD_MESA'] && !adapter.features.has(matrixFeature))
    return { missing: 'the lavapipe of PHIELD_MESA has no subgroup matrices: Mesa 26 or newer is needed' };
  const { vendor, architecture, description } = adapter.info;
  console.log(
    `WebGPU adapter: ${vendor} ${architecture} ${description} (${name}, f16 ${f16 ? 'yes' : 'no'})`,
  );
  return { gpu };
}

/**
 * Dawn for Node asks again in each turn of the event loop whether the GPU is done, by `setImmediate`: a core at full load
 * while an adapter in software needs that core itself. Once a millisecond is enough there; a GPU is asked as before.
 */
function waitWithoutSpinning(): void {
  const soon = globalThis.setImmediate;
  const isDawns = (act: unknown) => String(act).includes('[native code]');
  const later = (act: () => void, ...args: []) => (isDawns(act) ? setTimeout(act, 1) : soon(act, ...args));
  Object.assign(globalThis, { setImmediate: Object.assign(later, soon) });
}

/** What one pipeline was made of: a line of JSON in the folder that PHIELD_RECORD_WGSL names. */
export interface RecordedShader {
  readonly label: string;
  readonly code: string;
  readonly constants: Readonly<Record<string, number>>;
}

/** Keeps what Dawn compiled without complaint, once each, so that other browsers' compilers can be given the same. */
function recordShaders(folder: string | undefined): void {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}.jsonl`);
  const codes = new WeakMap<GPUShaderModule, string>();
  const seen = new Set<string>();
  const { prototype } = GPUDevice;
  const createShaderModule = Reflect.get(prototype, 'createShaderModule');
  const createComputePipelineAsync = Reflect.get(prototype, 'createComputePipelineAsync');
  Object.assign(prototype, {
    createShaderModule(this: GPUDevice, descriptor: GPUShaderModuleDescriptor) {
      const module = createShaderModule.call(this, descriptor);
      codes.set(module, descriptor.code);
      return module;
    },
    async createComputePipelineAsync(this: GPUDevice, descriptor: GPUComputePipelineDescriptor) {
      const pipeline = await createComputePipelineAsync.call(this, descriptor);
      const { module, constants = {} } = descriptor.compute;
      const code = codes.get(module) ?? '';
      const line = JSON.stringify({ label: descriptor.label ?? '', code, constants });
      const id = createHash('sha256').update(code).update(JSON.stringify(constants)).digest('hex');
      if (!seen.has(id)) appendFileSync(file, `${line}\n`);
      seen.add(id);
      return pipeline;
    },
  });
}

/**
 * For the top of a `.gpu.test.ts`: a reason to skip, or undefined.
 * @throws where REQUIRE_WEBGPU=1 (SwiftShader) or REQUIRE_F16=1 (lavapipe) makes a missing adapter a failure.
 */
export async function skipReason(): Promise<string | undefined> {
  const found = await nodeGpu();
  if ('gpu' in found) return undefined;
  const name = adapterName();
  const must = process.env[name === 'lavapipe' ? 'REQUIRE_F16' : 'REQUIRE_WEBGPU'] === '1';
  if (must) throw new Error(`A WebGPU adapter is required here: ${found.missing}`);
  console.log(`Skipped, no WebGPU adapter: ${found.missing}`);
  return found.missing;
}

/**
 * The same for a suite that asks nothing of SwiftShader which kernels' own tests have not asked, and takes it minutes:
 * a whole model's answers, ways that only GPUs take. Where lavapipe runs too (PHIELD_LAVAPIPE_TOO=1 of
 * scripts/test.mjs), it is left to lavapipe. docs/adr/0021-tests-side-by-side.md
 */
export async function slowSkipReason(): Promise<string | undefined> {
  const missing = await skipReason();
  if (missing || !leftToLavapipe) return missing;
  console.log('Skipped on SwiftShader: lavapipe runs it');
  return 'lavapipe runs it';
}

/** Whether this is SwiftShader, with lavapipe running the same files: for cases within a suite. */
export const leftToLavapipe = adapterName() === 'swiftshader' && process.env['PHIELD_LAVAPIPE_TOO'] === '1';

export async function openNodeGpu(options: Omit<GpuOptions, 'gpu'> = {}): Promise<Gpu> {
  const found = await nodeGpu();
  if ('missing' in found) throw new Error(found.missing);
  return openGpu({ ...options, gpu: found.gpu });
}

let shared: Promise<Gpu> | undefined;

/**
 * One device for all suites of a process, for those that only compute: compiling the same pipelines anew for each of
 * them would be most of their time. All files run in one process (vitest.config.ts). Nobody disposes of it; it goes with the process.
 */
export function sharedNodeGpu(): Promise<Gpu> {
  return (shared ??= openNodeGpu());
}

/** The same device and its pipelines for an engine, which frees what it made and then disposes of it all. */
export async function leasedNodeGpu(): Promise<Gpu> {
  const gpu = await sharedNodeGpu();
  const buffers = new BufferLedger(gpu.device);
  return { ...gpu, buffers, dispose: () => buffers.destroyAll() };
}

/**
 * The same device, with the kernels that GPUs run: a software adapter reads prompts with kernels of its own, and what
 * is held to a twin on its behalf would say nothing of theirs.
 */
export function withGpuKernels(gpu: Gpu): Gpu {
  return { ...gpu, info: { ...gpu.info, fallback: false } };
}
