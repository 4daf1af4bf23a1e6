import { expect, test } from 'vitest';
import { exactTemplate } from '../../formats/exact-template';
import { phi3Mini } from '../../formats/testing/phi-configs';
import { configForWebLlm, readChatConfig } from './chat-config';

test('WebLLM is told the ends that its own reading would run past, and the exact template', () => {
  const config = { ...phi3Mini, conv_template: { ...phi3Mini.conv_template, stop_token_ids: [2] } };
  const text = JSON.stringify({
    ...config,
    conv_template: { ...config.conv_template, stop_str: ['<|end|>', 'Bye'] },
    eos_token_id: 32000,
  });
  const { template } = readChatConfig(text);
  const tokenizer = { controlId: (content: string) => (content === '<|end|>' ? 32007 : undefined) };
  const told = (exact: boolean): Record<string, unknown> => {
    const used = exact ? exactTemplate(template) : template;
    return (JSON.parse(configForWebLlm(text, template, used, tokenizer)) as typeof phi3Mini).conv_template;
  };
  expect(told(false)).toEqual({
    ...phi3Mini.conv_template,
    stop_str: ['<|end|>', 'Bye'],
    stop_token_ids: [2, 32000, 32007],
  });
  expect(told(true)).toMatchObject({
    system_template: '<|system|>\n{system_message}<|end|>\n',
    system_message: '',
    render_empty_system_message: false,
    seps: ['<|end|>\n'],
  });
});

test.each([
  ['not JSON', 'nope'],
  ['a list', '[]'],
  ['no template', '{"vocab_size":1,"context_window_size":1,"tokenizer_files":[]}'],
  ['no vocabulary', '{"conv_template":{},"context_window_size":1,"tokenizer_files":[]}'],
  [
    'half a token of context',
    '{"conv_template":{},"vocab_size":1,"context_window_size":0.5,"tokenizer_files":[]}',
  ],
  ['no tokenizer', '{"conv_template":{},"vocab_size":1,"context_window_size":1}'],
])('a configuration that has %s is model/bad-config', (_, text) => {
  expect(() => readChatConfig(text)).toThrow(expect.objectContaining({ code: 'model/bad-config' }) as Error);
});
