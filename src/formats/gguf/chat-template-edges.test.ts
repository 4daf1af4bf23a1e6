// What a file's own template is made into: when a text begins with the token that begins texts, what ends an answer,
// and which templates are refused rather than followed wrongly.
import { describe, expect, it } from 'vitest';
import type { ConvTemplate } from '../model-config';
import { templateOf } from './chat-template';
import type { GgufValue } from './header';
import { Metadata } from './metadata';
import { chatMl } from './testing/small-model';

const tokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<s>', 'a'];

function read(template: string, more: Readonly<Record<string, GgufValue>> = {}): ConvTemplate {
  const values = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.eos_token_id': 2,
    'tokenizer.chat_template': template,
    ...more,
  };
  return templateOf(new Metadata(new Map(Object.entries(values))), tokens.length);
}

const each = (body: string, reply = '<|im_start|>assistant\\n'): string =>
  `{% for m in messages %}${body}{% endfor %}{% if add_generation_prompt %}{{ '${reply}' }}{% endif %}`;
const message = "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}";

describe('the token that begins a text', () => {
  const prefix = (template: string, more: Readonly<Record<string, GgufValue>>): readonly number[] =>
    read(template, more).systemPrefixTokenIds;
  const bos = 'tokenizer.ggml.bos_token_id';
  const adds = 'tokenizer.ggml.add_bos_token';

  it('comes where the file says so, and not where it says no', () => {
    expect(prefix(chatMl, { [bos]: 3, [adds]: true })).toEqual([3]);
    expect(prefix(chatMl, { [bos]: 3, [adds]: false })).toEqual([]);
    expect(prefix(chatMl, { [adds]: true })).toEqual([]);
  });

  it('comes where the file is silent only with a tokenizer of the kind that always adds it', () => {
    expect(prefix(chatMl, { [bos]: 3 })).toEqual([]);
    expect(prefix(chatMl, { [bos]: 3, 'tokenizer.ggml.model': 'llama' })).toEqual([3]);
  });

  it('comes where the template begins with it, once', () => {
    expect(prefix(`{{ bos_token }}${chatMl}`, { [bos]: 3 })).toEqual([3]);
    expect(prefix(`{{ bos_token }}${chatMl}`, { [bos]: 3, [adds]: true })).toEqual([3]);
    expect(prefix(`{{ bos_token }}${chatMl}`, { [bos]: 3, [adds]: false })).toEqual([3]);
  });

  it('is not added to a template that spells it as the first tag', () => {
    expect(prefix(chatMl, { [bos]: 1, [adds]: true })).toEqual([]);
  });
});

describe('what ends an answer', () => {
  const eos = 'tokenizer.ggml.eos_token_id';
  it('is each token that the file names, and those that families at hand end turns with, once each', () => {
    expect(read(chatMl).stopTokenIds).toEqual([2, 0]);
    expect(read(chatMl, { [eos]: 4 }).stopTokenIds).toEqual([4, 2, 0]);
    expect(read(chatMl, { 'tokenizer.ggml.eot_token_id': 4 }).stopTokenIds).toEqual([2, 4, 0]);
  });

  it('may be named in the template by the token that the file says', () => {
    const named = each("{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + eos_token + '\\n' }}");
    expect(read(named).seps).toEqual(['<|im_end|>\n', '<|im_end|>\n']);
    expect(read(named, { [eos]: 4 }).seps).toEqual(['a\n', 'a\n']);
  });

  it('is no token past the vocabulary', () => {
    expect(() => read(chatMl, { [eos]: tokens.length })).toThrow(/eos_token_id/);
    expect(read(chatMl, { [eos]: tokens.length - 1 }).stopTokenIds[0]).toBe(4);
  });
});

describe('words of the system', () => {
  const unless = (text: string): string =>
    `{% if messages[0]['role'] != 'system' %}{{ '${text}' }}{% endif %}`;

  it('are those that the template says where nobody has said any', () => {
    const { systemMessage, systemTemplate } = read(
      unless('<|im_start|>system\\nBe kind.<|im_end|>\\n') + each(message),
    );
    expect(systemMessage).toBe('Be kind.');
    expect(systemTemplate).toBe('<|im_start|>system\n{system_message}<|im_end|>\n');
  });

  it('have a place of their own in a template that has none for them', () => {
    const none = each(
      "{% if m['role'] != 'system' %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endif %}",
    );
    expect(read(none).systemTemplate).toBe('<|im_start|>user\n{system_message}<|im_end|>\n');
    const tagged = { 'tokenizer.ggml.tokens': [...tokens, '<|system|>'] };
    expect(
      templateOf(
        new Metadata(
          new Map<string, GgufValue>(
            Object.entries({
              'tokenizer.ggml.model': 'gpt2',
              'tokenizer.chat_template': none,
              ...tagged,
            }),
          ),
        ),
        6,
      ).systemTemplate,
    ).toBe('<|system|>\n{system_message}<|im_end|>\n');
  });

  it.each([
    ['ends as they do, begins otherwise', unless('Chat:<|im_end|>\\n') + each(message)],
    ['begins as they do, ends otherwise', unless('<|im_start|>system\\nBe kind.') + each(message)],
    [
      'stands before a conversation that has no place for them',
      "{{ 'Chat:\\n' }}" + each(`{% if m['role'] != 'system' %}${message}{% endif %}`),
    ],
  ])('what %s is refused', (_, template) => {
    expect(() => read(template)).toThrow(/begins in a way of its own/);
  });
});

describe('a template that is refused', () => {
  it.each([
    [
      'its first message differs',
      each("{% if loop.first %}{{ 'First ' }}{% else %}{{ 'Next ' }}{% endif %}" + message),
    ],
    [/opens an answer in another way/, each(message, '<|im_start|>bot\\n')],
    [/leaves messages out/, each("{% if m['role'] == 'user' %}" + message + '{% endif %}')],
    [/refuses an ordinary conversation/, each("{{ raise_exception('no') }}")],
    [
      /does more than put text around/,
      each(message).replace('{% for', "{% if messages | length > 2 %}{{ 'Long. ' }}{% endif %}{% for"),
    ],
  ])('%s', (why, template) => {
    expect(() => read(template)).toThrow(
      expect.objectContaining({ code: 'model/unsupported-arch' }) as Error,
    );
    expect(() => read(template)).toThrow(why);
  });

  it('is one that is endless', () => {
    const long = `${chatMl}{# ${'x'.repeat(100_000 - chatMl.length - 7)} #}`;
    expect(() => read(long)).not.toThrow();
    expect(() => read(`${long}    `)).toThrow(expect.objectContaining({ code: 'model/bad-gguf' }) as Error);
  });
});
