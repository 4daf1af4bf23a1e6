// Our engine in Node, on the adapter that PHIELD_ADAPTER names, with a model of public/models.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../engines/engine';
import { MemoryStore, type Folder } from '../../engines/wgsl/testing/model-folder';
import { createWgslEngine } from '../../engines/wgsl/wgsl-engine';
import { openNodeGpu } from '../../gpu/testing/node-gpu';

const base = 'https://models.example/m/';

/** @param model a folder of public/models in MLC's layout. */
export async function openNodeEngine(model: string): Promise<Engine> {
  const folder = fileURLToPath(new URL(`../../../public/models/${model}/`, import.meta.url));
  const files: Folder = new Map(
    readdirSync(folder)
      .filter((name) => /\.(json|bin)$/.test(name))
      .map((name) => [name, new Uint8Array(readFileSync(`${folder}${name}`))]),
  );
  const engine = createWgslEngine({
    store: new MemoryStore(new Map([[base, files]])),
    resolve: () => base,
    openGpu: () => openNodeGpu(),
  });
  await engine.load(model, { signal: new AbortController().signal, onProgress: () => {} });
  return engine;
}
