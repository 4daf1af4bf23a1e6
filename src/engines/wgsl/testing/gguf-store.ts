// One GGUF file in memory, or on a disk, behind the store's seam.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ggufHeadFile, manifestOf, readHeads, type GgufSource } from '../../../formats/gguf/model-file';
import { parseManifest } from '../../../formats/mlc/parse-manifest';
import type { ModelStatus, ModelStore, StoredPiece } from '../../../store/store';

export const ggufBase = 'https://models.example/m/small.gguf/';

const eyesFile = 'mmproj-small.gguf';

/**
 * @param pieceBytes odd, so that pieces end within blocks and within words.
 * @param eyes what the model sees by, as the second file of a pair.
 */
export async function ggufStore(
  source: GgufSource,
  pieceBytes = 4_099,
  eyes?: GgufSource,
): Promise<ModelStore> {
  const of = (name: string): GgufSource => (eyes && name === eyesFile ? eyes : source);
  const { model, text } = await readHeads(
    'small.gguf',
    (name) => Promise.resolve(of(name)),
    eyes && eyesFile,
  );
  const manifest = parseManifest(manifestOf(model), 'small.gguf');
  const piecesOf = (file: GgufSource): StoredPiece[] =>
    Array.from({ length: Math.ceil(file.nbytes / pieceBytes) }, (_, i) => {
      const [offset, end] = [i * pieceBytes, Math.min((i + 1) * pieceBytes, file.nbytes)];
      return { offset, nbytes: end - offset, read: () => file.read(offset, end) };
    });
  return {
    open: (base) =>
      Promise.resolve({
        base,
        text: (name) =>
          name === ggufHeadFile ? Promise.resolve(text) : Promise.reject(new Error(`No file ${name}`)),
        manifest: () => Promise.resolve(manifest),
        // oxlint-disable-next-line typescript/require-await -- the seam's shape
        async *shards() {
          for (const shard of manifest.shards) yield { shard, pieces: piecesOf(of(shard.dataPath)) };
        },
      }),
    status: (base): Promise<ModelStatus> =>
      Promise.resolve({
        base,
        complete: true,
        storedBytes: 0,
        totalBytes: undefined,
        filesBytes: 0,
        missing: [],
      }),
    list: () => Promise.resolve([]),
    remove: () => Promise.resolve(),
  };
}

export function fileSource(path: URL): GgufSource & { readonly close: () => void } {
  const file = openSync(path, 'r');
  return {
    nbytes: fstatSync(file).size,
    read: (from, to) => {
      const bytes = new Uint8Array(to - from);
      readSync(file, bytes, 0, to - from, from);
      return Promise.resolve(bytes);
    },
    close: () => closeSync(file),
  };
}
