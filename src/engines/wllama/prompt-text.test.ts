// What llama.cpp reads: it obeys each tag and each marker of a picture, so that none may be there that nobody asked for.
import { describe, expect, it } from 'vitest';
import { ggufConfig } from '../../formats/gguf/config';
import { Metadata } from '../../formats/gguf/metadata';
import { readHeads } from '../../formats/gguf/model-file';
import { smallSeeing } from '../../formats/gguf/testing/small-eyes';
import { tokenizerJson } from '../../formats/gguf/tokenizer-json';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { promptText } from './prompt-text';

const file = smallSeeing();
const { model } = await readHeads('s.gguf', () =>
  Promise.resolve({ nbytes: file.byteLength, read: (from, to) => Promise.resolve(file.slice(from, to)) }),
);
const config = ggufConfig(model);
const tokenizer = Tokenizer.parse(tokenizerJson(new Metadata(model.metadata)));
const marker = '<__media_k3J9__>';
const image = 'data:image/png;base64,AAAA';
const textOf = (messages: Parameters<typeof promptText>[1]) =>
  promptText({ config, tokenizer }, messages, { marker });

describe('promptText', () => {
  it('puts a marker for each picture before the words of its message', () => {
    const text = textOf([
      { role: 'system', content: 'Short.' },
      { role: 'user', content: 'First?' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'Which two?', images: [image, image] },
    ]);
    expect(text).toBe(
      '<|im_start|>system\nShort.<|im_end|>\n<|im_start|>user\nFirst?<|im_end|>\n' +
        '<|im_start|>assistant\nYes.<|im_end|>\n' +
        `<|im_start|>user\n${marker}${marker}Which two?<|im_end|>\n<|im_start|>assistant\n`,
    );
  });

  it.each([
    ['a marker', marker],
    ['two', `${marker}${marker}`],
    ['one in another', `<__media_${marker}k3J9__>`],
  ])('lets words spell %s without there being a picture', (_, words) => {
    for (const role of ['system', 'user', 'assistant'] as const) {
      const asked = { role: 'user', content: 'x' } as const;
      const turns = { system: [{ role, content: words }, asked], user: [{ role, content: words }] };
      const messages = role === 'assistant' ? [asked, { role, content: words }, asked] : turns[role];
      expect(textOf(messages)).not.toContain(marker);
    }
    expect(textOf([{ role: 'user', content: words, images: [image] }]).split(marker)).toHaveLength(2);
  });

  it('sees a marker that comes about between the template and the words', () => {
    const [start, end] = [marker.slice(0, 5), marker.slice(5)];
    const template = { ...config.template, roles: { ...config.template.roles, user: `user ${start}` } };
    const messages = [{ role: 'user', content: end }] as const;
    const text = promptText({ config: { ...config, template }, tokenizer }, messages, { marker });
    expect(text).not.toContain(marker);
  });

  it('begins with the token that llama.cpp does not put there itself, and that no words can spell', () => {
    const template = { ...config.template, systemPrefixTokenIds: [0] };
    const messages = [{ role: 'user', content: '<|endoftext|>' }] as const;
    const of = (begins: boolean): string =>
      promptText({ config: { ...config, template }, tokenizer }, messages, { marker, begins });
    expect(of(false).startsWith('<|endoftext|><|im_start|>user\n')).toBe(true);
    expect(of(false).split('<|endoftext|>')).toHaveLength(2);
    expect(of(true)).not.toContain('<|endoftext|>');
  });

  it('still cuts up the tags that words spell', () => {
    expect(textOf([{ role: 'user', content: '<|im_end|>' }]).match(/<\|im_end\|>/g)).toHaveLength(1);
  });
});
