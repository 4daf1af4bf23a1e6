// Our engine in Node, on the adapter that PHIELD_ADAPTER names, with a model of public/models.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../engines/engine';
import { fileSource, ggufBase, ggufStore } from '../../engines/wgsl/testing/gguf-store';
import { MemoryStore, type Folder } from '../../engines/wgsl/testing/model-folder';
import { createWgslEngine } from '../../engines/wgsl/wgsl-engine';
import { openNodeGpu } from '../../gpu/testing/node-gpu';
import type { ModelStore } from '../../store/store';

const base = 'https://models.example/m/';

/** @param model a folder of public/models in MLC's layout, or a GGUF file there. */
export async function openNodeEngine(model: string): Promise<Engine> {
  const at = new URL(`../../../public/models/${model}`, import.meta.url);
  const isFile = model.endsWith('.gguf');
  const store = isFile ? await ggufStore(fileSource(at), 2 ** 22) : storeOf(`${fileURLToPath(at)}/`);
  const engine = createWgslEngine({
    store,
    resolve: () => (isFile ? ggufBase : base),
    openGpu: () => openNodeGpu(),
  });
  await engine.load(model, { signal: new AbortController().signal, onProgress: () => {} });
  return engine;
}

function storeOf(folder: string): ModelStore {
  const files: Folder = new Map(
    readdirSync(folder)
      .filter((name) => /\.(json|bin)$/.test(name))
      .map((name) => [name, new Uint8Array(readFileSync(`${folder}${name}`))]),
  );
  return new MemoryStore(new Map([[base, files]]));
}
