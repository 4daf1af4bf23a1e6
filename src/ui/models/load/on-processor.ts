// Which models llama.cpp runs on the processor, as far as the page knows: the built-in one, and GGUF files.
import type { ModelStorage } from '../../../chat/models/model-storage';
import { isBuiltIn } from '../model-view';

export const runsOnProcessor = (storage: Pick<ModelStorage, 'folderOf'>, model: string): boolean =>
  isBuiltIn(model) || /\.gguf\/$/i.test(storage.folderOf(model) ?? '');
