// A model folder in memory behind the store's seam, and small folders to put there: phield-tiny from disk, or one
// made on the spot. Faults are planted by changing a file.
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../../base/errors';
import type { Architecture } from '../../../formats/model-config';
import type { TensorManifest } from '../../../formats/mlc/manifest';
import { parseManifest } from '../../../formats/mlc/parse-manifest';
import { parseConfig } from '../../../formats/mlc/parse-config';
import { syntheticTensors } from '../../../model/testing/synthetic';
import type { TwinTensor } from '../../../reference/phi3';
import type {
  ModelFiles,
  ModelStatus,
  ModelStore,
  OpenOptions,
  StoredPiece,
  StoredShard,
} from '../../../store/store';
import { spmTokenizerJson } from '../../../tokenizer/testing/tiny-tokenizers';

export type Folder = Map<string, Uint8Array<ArrayBuffer>>;

export const tinyFolderUrl = new URL('../../../../public/models/phield-tiny/', import.meta.url);

export function hasTinyModel(): boolean {
  return ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json'].every((name) =>
    existsSync(new URL(name, tinyFolderUrl)),
  );
}

/** public/models/phield-tiny as it is. */
export function tinyFolder(): Folder {
  const read = (name: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(new URL(name, tinyFolderUrl)));
  const folder: Folder = new Map();
  for (const name of ['mlc-chat-config.json', 'tokenizer.json', 'tensor-cache.json'])
    folder.set(name, read(name));
  for (const { dataPath } of parseManifest(textOf(folder, 'tensor-cache.json')).shards)
    folder.set(dataPath, read(dataPath));
  return folder;
}

/** Two layers of seeded weights, a few hundred pieces, two shards. It babbles, deterministically. */
export function babbleFolder(
  change: { readonly contextWindow?: number; readonly architecture?: Architecture } = {},
): Folder {
  const tokenizer = spmTokenizerJson({ rstrip: true });
  const { added_tokens: added } = JSON.parse(tokenizer) as {
    added_tokens: { id: number; content: string }[];
  };
  const idOf = (content: string): number => added.find((token) => token.content === content)?.id ?? -1;
  const vocab = Math.ceil((Math.max(...added.map(({ id }) => id)) + 1) / 32) * 32;
  const contextWindow = change.contextWindow ?? 128;
  const config = {
    model_type: change.architecture ?? 'phi3',
    quantization: 'q4f16_1',
    model_config: {
      hidden_size: 64,
      intermediate_size: 96,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      num_hidden_layers: 2,
      head_dim: 24,
      rms_norm_eps: 1e-5,
      position_embedding_base: 10000,
      vocab_size: vocab,
      tie_word_embeddings: false,
    },
    vocab_size: vocab,
    context_window_size: contextWindow,
    prefill_chunk_size: 16,
    temperature: 0.8,
    top_p: 0.95,
    repetition_penalty: 1,
    tokenizer_files: ['tokenizer.json'],
    conv_template: {
      name: 'phi-3',
      system_template: '<|system|>\n{system_message}',
      system_message: 'Be kind.',
      system_prefix_token_ids: [1],
      roles: { user: '<|user|>', assistant: '<|assistant|>' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
      seps: ['<|end|>\n'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: ['<|endoftext|>'],
      stop_token_ids: [2, idOf('<|endoftext|>'), idOf('<|end|>')],
    },
  };
  const folder: Folder = new Map();
  setText(folder, 'mlc-chat-config.json', JSON.stringify(config));
  setText(folder, 'tokenizer.json', tokenizer);
  const { shape } = parseConfig(JSON.stringify(config));
  const tensors = [...syntheticTensors(shape, 5)];
  const half = Math.ceil(tensors.length / 2);
  const records = [tensors.slice(0, half), tensors.slice(half)].map((part, i) => {
    let nbytes = 0;
    const shard = part.map(({ record, bytes }) => {
      nbytes += bytes.byteLength;
      return { ...record, byteOffset: nbytes - bytes.byteLength };
    });
    const file = new Uint8Array(nbytes);
    part.forEach(({ bytes }, j) => file.set(bytes, shard[j]?.byteOffset));
    const dataPath = `params_shard_${i}.bin`;
    folder.set(dataPath, file);
    return { dataPath, format: 'raw-shard', nbytes, records: shard };
  });
  setText(folder, 'tensor-cache.json', JSON.stringify({ metadata: {}, records }));
  return folder;
}

export function textOf(folder: Folder, name: string): string {
  return new TextDecoder().decode(folder.get(name));
}

export function setText(folder: Folder, name: string, text: string): void {
  folder.set(name, new TextEncoder().encode(text));
}

/** The twin's view of a folder. */
export function tensorsOf(folder: Folder): Map<string, TwinTensor> {
  const tensors = new Map<string, TwinTensor>();
  for (const { dataPath, records } of parseManifest(textOf(folder, 'tensor-cache.json')).shards) {
    const file = folder.get(dataPath) ?? new Uint8Array();
    for (const record of records) {
      const { name, byteOffset, nbytes } = record;
      tensors.set(name, { record, bytes: file.subarray(byteOffset, byteOffset + nbytes) });
    }
  }
  return tensors;
}

/** Odd, so that pieces end within tensors and within words. */
const pieceBytes = 4_099;

/** Bytes as a store hands them out. */
export function piecesOf(bytes: Uint8Array<ArrayBuffer>, size = pieceBytes): StoredPiece[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, i) => {
    const piece = bytes.slice(i * size, (i + 1) * size);
    return { offset: i * size, nbytes: piece.byteLength, read: () => Promise.resolve(piece) };
  });
}

/** A store that holds folders in memory and hands out what they hold, right or wrong. */
export class MemoryStore implements ModelStore {
  /** Called before each shard is handed out. */
  onShard: (dataPath: string) => void | Promise<void> = () => undefined;
  openCount = 0;

  constructor(private readonly folders: ReadonlyMap<string, Folder>) {}

  async open(base: string, { signal, onProgress }: OpenOptions): Promise<ModelFiles> {
    this.openCount++;
    const folder = this.folders.get(base);
    if (!folder) throw new AppError('network/http-status', `${base} answered 404.`);
    const text = (name: string): Promise<string> => {
      if (signal.aborted) return Promise.reject(new AppError('run/aborted', 'Cancelled.'));
      if (folder.has(name)) return Promise.resolve(textOf(folder, name));
      return Promise.reject(new AppError('network/http-status', `${base}${name} answered 404.`));
    };
    const manifest = async (): Promise<TensorManifest> => parseManifest(await text('tensor-cache.json'));
    const onShard = (dataPath: string): void | Promise<void> => this.onShard(dataPath);
    async function* shards(): AsyncGenerator<StoredShard> {
      const { shards: records, totalBytes } = await manifest();
      onProgress?.({ phase: 'shards', doneBytes: totalBytes, totalBytes, fetchedBytes: 0 });
      for (const shard of records) {
        await onShard(shard.dataPath);
        if (signal.aborted) throw new AppError('run/aborted', 'Cancelled.');
        yield { shard, pieces: piecesOf(folder?.get(shard.dataPath) ?? new Uint8Array()) };
      }
    }
    await Promise.resolve();
    return { base, text, manifest, shards };
  }

  status(base: string): Promise<ModelStatus> {
    return Promise.resolve({
      base,
      complete: true,
      storedBytes: 0,
      totalBytes: undefined,
      filesBytes: 0,
      missing: [],
    });
  }

  list(): Promise<readonly ModelStatus[]> {
    return Promise.resolve([]);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }
}
