// The engine on the adapter that all files of a run share, over a store in memory; buffers are counted.
import type { Gpu } from '../../../gpu/gpu';
import { leasedNodeGpu } from '../../../gpu/testing/node-gpu';
import type { ChatMessage, GenerateEvent, GenerateRequest, LoadProgress } from '../../../protocol/chat';
import type { Engine } from '../../engine';
import { createWgslEngine } from '../wgsl-engine';
import { MemoryStore, type Folder } from './model-folder';

export const base = 'https://models.example/m/';
export const never = new AbortController().signal;
export const user = (content: string): ChatMessage => ({ role: 'user', content });
export const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

/** Buffers are counted at the device, whoever makes them. */
let counted: GPUDevice | undefined;
export const live = new Map<GPUBuffer, number>();
export const liveBytes = (): number => [...live.values()].reduce((a, b) => a + b, 0);

export async function openShared(): Promise<Gpu> {
  const gpu = await leasedNodeGpu();
  if (!counted) countBuffers(gpu.device);
  return gpu;
}

/** At the end of each file: the next one has the same device. */
export function countNoLonger(): void {
  if (counted) Reflect.deleteProperty(counted, 'createBuffer');
  counted = undefined;
}

function countBuffers(device: GPUDevice): void {
  counted = device;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    live.set(buffer, descriptor.size);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    return buffer;
  };
}

export interface Rig {
  readonly engine: Engine;
  readonly store: MemoryStore;
}

export function rig(folder: Folder): Rig {
  const store = new MemoryStore(new Map([[base, folder]]));
  const engine = createWgslEngine({ store, resolve: () => base, openGpu: openShared });
  return { engine, store };
}

export interface Outcome {
  readonly text: string;
  readonly ids: readonly number[];
  readonly usage: Extract<GenerateEvent, { type: 'usage' }>['usage'];
  readonly done: Extract<GenerateEvent, { type: 'done' }>;
}

export async function ask(engine: Engine, request: GenerateRequest, signal = never): Promise<Outcome> {
  const events: GenerateEvent[] = [];
  for await (const event of engine.generate(request, { signal })) events.push(event);
  const tokens = events.filter((event) => event.type === 'token');
  const [usage, done] = events.slice(-2);
  if (usage?.type !== 'usage' || done?.type !== 'done') throw new Error('usage and done should come last');
  return {
    text: tokens.map(({ text }) => text).join(''),
    ids: tokens.flatMap(({ tokenIds }) => [...tokenIds]),
    usage: usage.usage,
    done,
  };
}

export const load = (engine: Engine, signal = never): Promise<LoadProgress[]> => {
  const seen: LoadProgress[] = [];
  return engine.load('m', { signal, onProgress: (progress) => seen.push(progress) }).then(() => seen);
};
