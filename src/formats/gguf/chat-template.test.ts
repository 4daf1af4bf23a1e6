// Templates in the forms that the families' files have them in, each in as few words as show its ways: what it puts
// around messages is found, and a conversation comes out as the template itself would write it.
import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { partsOf, renderPrompt, type TemplateMessage } from '../template';
import { templateOf } from './chat-template';
import type { GgufValue } from './header';
import { Metadata } from './metadata';

const each = (body: string): string => `{% for m in messages %}${body}{% endfor %}`;
const tokens = ['<|endoftext|>', '<|end|>', '<|user|>', '<|assistant|>', '<|system|>', '<|bos|>'];

interface Form {
  readonly text: string;
  readonly says: string;
  /** It takes a message for a list of its parts. */
  readonly parts?: true;
  /** What a system text is lost without; absent where the template has a place for it. */
  readonly system?: false;
}

const forms: Readonly<Record<string, Form>> = {
  'ChatML with a system text of its own': {
    text: `${each(
      "{% if loop.first and m.role != 'system' %}<|im_start|>system\nI am Q.<|im_end|>\n{% endif %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n",
    )}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}`,
    says: '<|im_start|>system\nI am Q.<|im_end|>\n<|im_start|>user\nA<|im_end|>\n<|im_start|>assistant\nB<|im_end|>\n<|im_start|>user\nC<|im_end|>\n<|im_start|>assistant\n',
  },
  'Phi-3.5: the text ends in a token where no answer is asked for': {
    text: `${each(
      "{% if m.role == 'system' and m.content %}{{ '<|system|>\n' + m.content + '<|end|>\n' }}{% elif m.role == 'user' %}{{ '<|user|>\n' + m.content + '<|end|>\n' }}{% else %}{{ '<|assistant|>\n' + m.content + '<|end|>\n' }}{% endif %}",
    )}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}`,
    says: '<|user|>\nA<|end|>\n<|assistant|>\nB<|end|>\n<|user|>\nC<|end|>\n<|assistant|>\n',
  },
  'Phi-4-mini: the same without line ends': {
    text: `${each("{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}")}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% else %}{{ eos_token }}{% endif %}`,
    says: '<|user|>A<|end|><|assistant|>B<|end|><|user|>C<|end|><|assistant|>',
  },
  'one that takes whatever is called tools for a list': {
    text: `{% if tools is defined %}{% for t in tools %}{{ t }}{% endfor %}{% endif %}${each('<|{{ m.role }}|>{{ m.content }}<|end|>')}{% if add_generation_prompt %}<|assistant|>{% endif %}`,
    says: '<|user|>A<|end|><|assistant|>B<|end|><|user|>C<|end|><|assistant|>',
  },
  'Phi-3-mini: the reply is opened behind each question': {
    text: `{{ bos_token }}${each(
      "{% if m.role == 'user' %}{{ '<|user|>\n' + m.content + '<|end|>\n<|assistant|>\n' }}{% elif m.role == 'assistant' %}{{ m.content + '<|end|>\n' }}{% endif %}",
    )}`,
    says: '<|user|>\nA<|end|>\n<|assistant|>\nB<|end|>\n<|user|>\nC<|end|>\n<|assistant|>\n',
    system: false,
  },
  'SmolVLM: messages part by part, the first token spelt out, no space before what is still to come': {
    text: `<|bos|>${each(
      "{{ m.role | capitalize }}{% if m.content[0].type == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}{% for line in m.content %}{% if line.type == 'text' %}{{ line.text }}{% elif line.type == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<|end|>\n",
    )}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}`,
    says: 'User: A<|end|>\nAssistant: B<|end|>\nUser: C<|end|>\nAssistant:',
    parts: true,
  },
  'Llama 3.2: dates before every system text, contents trimmed': {
    text: `{{ bos_token }}{% if messages[0].role == 'system' %}{% set told = messages[0].content | trim %}{% set messages = messages[1:] %}{% else %}{% set told = '' %}{% endif %}{{ '<|h|>system<|e|>\n\nToday: 26 Jul 2024\n\n' + told + '<|end|>' }}${each(
      "{{ '<|h|>' + m.role + '<|e|>\n\n' + m.content | trim + '<|end|>' }}",
    )}{% if add_generation_prompt %}{{ '<|h|>assistant<|e|>\n\n' }}{% endif %}`,
    says: '<|h|>system<|e|>\n\nToday: 26 Jul 2024\n\n<|end|><|h|>user<|e|>\n\nA<|end|><|h|>assistant<|e|>\n\nB<|end|><|h|>user<|e|>\n\nC<|end|><|h|>assistant<|e|>\n\n',
  },
};

const metadataOf = (template: string): Metadata =>
  new Metadata(
    new Map<string, GgufValue>([
      ['tokenizer.chat_template', template],
      ['tokenizer.ggml.model', 'gpt2'],
      ['tokenizer.ggml.tokens', tokens],
      ['tokenizer.ggml.eos_token_id', 0],
      ['tokenizer.ggml.bos_token_id', 5],
    ]),
  );

const talk: readonly TemplateMessage[] = [
  { role: 'user', content: 'A' },
  { role: 'assistant', content: 'B' },
  { role: 'user', content: 'C' },
];

describe.each(Object.entries(forms))('%s', (_, { text, says, system, parts }) => {
  const template = templateOf(metadataOf(text), tokens.length);
  const rendered = (messages: readonly TemplateMessage[]): string =>
    renderPrompt(template, messages)
      .pieces.flatMap((piece) => partsOf(piece))
      .map((part) => part.text)
      .join('');

  it('a conversation comes out as it says', () => {
    expect(rendered(talk)).toBe(says);
    expect(template.systemPrefixTokenIds).toEqual(/bos_token|<\|bos\|>/.test(text) ? [5] : []);
    expect(template.stopTokenIds).toEqual([0, 1]);
  });

  it.runIf(system !== false)('with a system text, as the template itself writes it', () => {
    const messages = [{ role: 'system' as const, content: 'S' }, ...talk];
    const own = new Template(text).render({
      messages: messages.map(({ role, content }) => ({
        role,
        content: parts ? [{ type: 'text', text: content }] : content,
      })),
      add_generation_prompt: true,
      bos_token: '',
      eos_token: tokens[0],
    });
    expect(rendered(messages)).toBe(own.replace('<|bos|>', ''));
  });
});
