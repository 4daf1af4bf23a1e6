// What a GGUF file says of itself, for a person who is about to fetch gigabytes: known from its head alone. That the
// engine can run it is checked on the way: shape, tensors, vocabulary and template are made as loading makes them.
import { requiredTensors } from '../decoder-tensors';
import { shapeFacts, templateLine, type ModelFacts } from '../model-facts';
import { parseManifest } from '../mlc/parse-manifest';
import { eyesOf } from './eyes';
import { Metadata } from './metadata';
import { manifestOf, type GgufModel } from './model-file';
import { ggufShape } from './shape';
import { tokenizerJson } from './tokenizer-json';

const maxWords = 100;

/** @throws AppError `model/unsupported-arch`, `model/bad-gguf`, `model/missing-tensor`, `model/shape-mismatch`, `tokenizer/bad-vocab` */
export async function ggufCard(model: GgufModel): Promise<ModelFacts> {
  const metadata = new Metadata(model.metadata);
  const shape = ggufShape(model);
  const eyes = model.eyes && eyesOf(model.eyes, shape.hidden);
  tokenizerJson(metadata);
  // Jinja comes only for those who look at a file.
  const { templateOf } = await import('./chat-template');
  const template = templateOf(metadata, shape.vocab);
  requiredTensors(parseManifest(manifestOf(model), model.files[0]?.name ?? ''), shape);
  const { architecture = '' } = shape;
  const words = (key: string): string | undefined =>
    metadata.has(key) ? metadata.string(key).slice(0, maxWords) : undefined;
  return {
    name: words('general.name') ?? model.files[0]?.name ?? '',
    ...shapeFacts(shape),
    contextWindow: metadata.whole(`${architecture}.context_length`, 16, 1 << 24),
    licence: words('general.license'),
    template: templateLine(template),
    ...(eyes && { eyes: { name: eyes.name, nbytes: eyes.nbytes, kind: eyes.kind } }),
  };
}
