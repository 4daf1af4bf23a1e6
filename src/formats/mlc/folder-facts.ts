// What the configuration of a folder in MLC layout says of the model. Neither its name nor its licence stands there.
import { exactTemplate } from '../exact-template';
import type { ModelConfig } from '../model-config';
import { shapeFacts, templateLine, type ModelFacts } from '../model-facts';

export function folderFacts({ shape, contextWindow, template }: ModelConfig): ModelFacts {
  return {
    name: undefined,
    ...shapeFacts(shape),
    contextWindow,
    licence: undefined,
    template: templateLine(exactTemplate(template)),
  };
}
