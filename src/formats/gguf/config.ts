// A GGUF's head -> ModelConfig. The template is run on the way (chat-template.ts), which is why the shape alone is a
// file of its own: who only looks at a file needs no Jinja.
import type { ModelConfig } from '../model-config';
import { templateOf } from './chat-template';
import { eyesOf } from './eyes';
import { Metadata } from './metadata';
import type { GgufModel } from './model-file';
import { ggufShape } from './shape';

/** @throws AppError `model/unsupported-arch` for what this engine does not run, `model/bad-gguf` for what nobody does. */
export function ggufConfig(model: GgufModel): ModelConfig {
  const metadata = new Metadata(model.metadata);
  const shape = ggufShape(model);
  return {
    shape,
    contextWindow: metadata.whole(`${shape.architecture ?? ''}.context_length`, 16, 1 << 24),
    prefillChunk: 1 << 20,
    // Files name none; these are what most of these models' cards recommend.
    defaults: { temperature: 0.7, topP: 0.95, repetitionPenalty: 1 },
    template: templateOf(metadata, shape.vocab),
    ...(model.eyes && { eyes: eyesOf(model.eyes, shape.hidden) }),
    tokenizerFiles: [],
  };
}
