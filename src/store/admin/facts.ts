// What a stored model says of itself, from the small files that lie beside its weights: without the network, and without
// reading a shard.
import { get } from 'idb-keyval';
import { ggufCard } from '../../formats/gguf/card';
import { ggufHeadFile, parseHeads } from '../../formats/gguf/model-file';
import { folderFacts } from '../../formats/mlc/folder-facts';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { ModelFacts } from '../../formats/model-facts';
import type { ModelDatabase } from '../disk/database';
import { textKey, type StoredText } from '../disk/keys';
import { requiredTexts } from '../download/small-files';

/** @returns undefined until the small files are here, and for what another engine runs. */
export async function storedFacts(database: ModelDatabase, base: string): Promise<ModelFacts | undefined> {
  const heads = await get<StoredText>(textKey(base, ggufHeadFile), database);
  if (heads) return known(() => ggufCard(parseHeads(heads.text)));
  const config = await get<StoredText>(textKey(base, requiredTexts[0]), database);
  return config && configFacts(config.text);
}

/** @param text of a folder's configuration. */
export function configFacts(text: string): ModelFacts | undefined {
  try {
    return folderFacts(parseConfig(text));
  } catch {
    return undefined;
  }
}

/** What is wrong with a model is said when it is loaded. */
async function known(read: () => Promise<ModelFacts>): Promise<ModelFacts | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
