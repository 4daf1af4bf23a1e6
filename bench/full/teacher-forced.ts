// The engine's logits over a text that it is told token by token: what `npm run check:llamacpp` holds against llama.cpp and
// against float64. Loaded by scripts/check-llamacpp.mjs.
import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { requiredTensors } from '../../src/formats/decoder-tensors';
import { manifestOf, readHeads } from '../../src/formats/gguf/model-file';
import { ggufShape } from '../../src/formats/gguf/shape';
import { parseManifest } from '../../src/formats/mlc/parse-manifest';
import { fileSource } from '../../src/engines/wgsl/testing/gguf-store';
import { kvFormat, prefillRows } from '../../src/engines/wgsl/sizes';
import { openNodeGpu } from '../../src/gpu/testing/node-gpu';
import { DecoderModel } from '../../src/model/decoder-model';

/**
 * @param path of a GGUF file.
 * @param out gets f32 [ids, vocab], little-endian.
 * @returns the adapter.
 */
export async function writeLogits(path: string, ids: readonly number[], out: string): Promise<string> {
  const source = fileSource(pathToFileURL(path));
  const { model: heads } = await readHeads('model.gguf', () => Promise.resolve(source));
  const shape = ggufShape(heads);
  const gpu = await openNodeGpu();
  const prefillChunk = prefillRows(gpu.info.fallback);
  const model = await DecoderModel.create(gpu, shape, { contextWindow: ids.length, prefillChunk, kvFormat });
  for (const record of requiredTensors(parseManifest(manifestOf(heads), 'model.gguf'), shape).values())
    model.upload(record, await source.read(record.byteOffset, record.byteOffset + record.nbytes));
  source.close();
  await model.ready();
  const file = openSync(out, 'w');
  // Not all at once: a row of a large vocabulary is 200 kB.
  for (let done = 0; done < ids.length; done += prefillChunk)
    writeSync(file, await model.logitsOf(ids.slice(done, done + prefillChunk), done));
  closeSync(file);
  model.dispose();
  gpu.dispose();
  return `${gpu.info.vendor} ${gpu.info.description}`;
}
