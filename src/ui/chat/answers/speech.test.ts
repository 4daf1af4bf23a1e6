import { describe, expect, it } from 'vitest';
import { localVoice } from './speech';

const voice = (lang: string, localService: boolean): SpeechSynthesisVoice => ({
  lang,
  localService,
  name: lang,
  default: false,
  voiceURI: lang,
});

describe('the voice that reads aloud', () => {
  it('is never one that sends the text away', () => {
    expect(localVoice([voice('en-US', false), voice('pt-BR', true)], 'en')).toBeUndefined();
    expect(localVoice([], 'en')).toBeUndefined();
  });
  it('is of the language, and of the country where there is one', () => {
    const voices = [voice('pt-PT', true), voice('pt_BR', true), voice('pt-BR', true), voice('en-GB', true)];
    expect(localVoice(voices, 'pt-BR')?.lang).toBe('pt-BR');
    expect(localVoice(voices, 'pt')?.lang).toBe('pt-PT');
    expect(localVoice(voices, 'en')?.lang).toBe('en-GB');
  });
});
