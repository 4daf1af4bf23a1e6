// A model that lies in storage which is not this realm's own (base/lent-model.ts), read there by the engine's worker. Nothing
// is written to it, and nothing of it is fetched: what has gone from it meanwhile is an error.
import { AppError, invariant } from '../../base/errors';
import type { TensorManifest } from '../../formats/mlc/manifest';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import type { LentModel } from '../../base/lent-model';
import { shardId } from '../disk/keys';
import { createShardFiles, type ShardFiles } from '../disk/shard-files';
import { readFilePart } from '../disk/stored-shard';
import type { ModelFiles, ModelStatus, StoredShard } from '../store';

export function lentStatus({ base, manifest: { name, text } }: LentModel): ModelStatus {
  const { totalBytes } = parseManifest(text, name);
  return { base, complete: true, storedBytes: totalBytes, totalBytes, filesBytes: totalBytes, missing: [] };
}

export class LentFiles implements ModelFiles {
  readonly base: string;
  readonly #model: LentModel;
  readonly #manifest: TensorManifest;
  readonly #files: Pick<ShardFiles, 'read'>;

  constructor(model: LentModel, databaseName: string) {
    const { directory } = model;
    invariant(directory instanceof FileSystemDirectoryHandle, 'What is lent comes with its folder.');
    this.base = model.base;
    this.#model = model;
    this.#manifest = parseManifest(model.manifest.text, model.manifest.name);
    this.#files = createShardFiles(databaseName, () => Promise.resolve(directory));
  }

  text(name: string): Promise<string> {
    const text = this.#model.texts.get(name);
    return text === undefined ? Promise.reject(gone(name)) : Promise.resolve(text);
  }

  manifest(): Promise<TensorManifest> {
    return Promise.resolve(this.#manifest);
  }

  async *shards(): AsyncGenerator<StoredShard> {
    for (const shard of this.#manifest.shards) {
      const parts = this.#model.parts.get(shardId(shard));
      if (!parts) throw gone(shard.dataPath);
      await Promise.resolve();
      yield {
        shard,
        pieces: parts.map((part) => ({
          offset: part.offset,
          nbytes: part.length,
          read: (into) => readFilePart(this.#files, this.base, shard, part, into),
        })),
      };
    }
  }
}

function gone(file: string): AppError {
  return new AppError(
    'storage/integrity',
    `${file} was not among what is kept of the model: load it again.`,
    {
      details: { file },
      retryable: true,
    },
  );
}
