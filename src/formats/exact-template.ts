// The template a model was trained with, where MLC's stock one differs from it. MLC's templates for the Phi family
// end the system text with nothing, give a conversation without one a text of MLC's own, and put ids in front that
// the model's card does not have. A folder with words of its own (phield-tiny has) was made with them, and keeps them.
// Sources: the chat_template of microsoft/Phi-3-mini-4k-instruct, Phi-3.5-mini-instruct, Phi-3.5-vision-instruct and
// Phi-4-mini-instruct; mlc-llm python/mlc_llm/conversation_template/phi.py. docs/adr/0010-exact-template.md says why.
import type { ConvTemplate } from './model-config';

interface Stock {
  /** The system text that tells MLC's own template from somebody else's of the same name. */
  readonly systemMessage: string;
  readonly exact: Partial<ConvTemplate>;
}

const phi =
  'You are a helpful digital assistant. Please provide safe, ethical and accurate information to the user.';
const closedSystem = { systemTemplate: '<|system|>\n{system_message}<|end|>\n' };

const stock: Readonly<Record<string, Stock>> = {
  'phi-3': { systemMessage: phi, exact: closedSystem },
  'phi-3-vision': { systemMessage: '\n', exact: closedSystem },
  'phi-4': {
    systemMessage: phi,
    exact: {
      systemTemplate: '<|system|>{system_message}<|end|>',
      systemPrefixTokenIds: [],
      seps: ['<|end|>'],
      roleContentSep: '',
      roleEmptySep: '',
    },
  },
};

/** The template as the model's own card has it; any other than MLC's stock ones comes back as it is. */
export function exactTemplate(template: ConvTemplate): ConvTemplate {
  const known = Object.hasOwn(stock, template.name) ? stock[template.name] : undefined;
  if (!known || template.systemMessage !== known.systemMessage) return template;
  return { ...template, systemMessage: undefined, ...known.exact };
}
