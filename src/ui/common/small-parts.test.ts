import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../base/errors';
import { formatBytes, formatDuration, formatPercent, formatSeconds } from './format';
import { isSoftware, modelName } from '../models/model-view';
import { chatHref, pageHref, readRoute } from './route';
import { isAtEnd, sticksAfterScroll } from '../chat/transcript/stick-to-end';
import { en } from '../texts/en';
import { pt } from '../texts/pt';
import { loadTexts, textsFor } from '../texts/texts';

describe('texts', () => {
  it.each([en, pt])('say what happened and what to do for every error code ($language)', (texts) => {
    for (const code of errorCodes) {
      expect(texts.errors[code].title.length, code).toBeGreaterThan(5);
      expect(texts.errors[code].help.length, code).toBeGreaterThan(5);
    }
  });

  it('follow the choice, then the browser, then English', async () => {
    expect(textsFor('pt', ['en-GB'])).toBe(en);
    await loadTexts('pt');
    expect(textsFor('pt', ['en-GB'])).toBe(pt);
    expect(textsFor('auto', ['de-DE', 'pt-BR', 'en'])).toBe(pt);
    expect(textsFor('auto', ['en-US', 'pt'])).toBe(en);
    expect(textsFor('auto', ['fi'])).toBe(en);
  });
});

describe('numbers', () => {
  it('reads as people write them', () => {
    expect(formatBytes(512, 'en')).toBe('512 B');
    expect(formatBytes(7_640_000, 'en')).toBe('7.6 MB');
    expect(formatBytes(7_640_000, 'pt')).toBe('7,6 MB');
    expect(formatBytes(999_700, 'en')).toBe('1.0 MB');
    expect(formatBytes(2_150_000_000, 'en')).toBe('2.2 GB');
    expect(formatSeconds(1234, 'en')).toBe('1.23 s');
    expect(formatDuration(125)).toBe('2 min 5 s');
    expect(formatDuration(7300)).toBe('2 h 1 min');
  });
  it('never says 100 % before it is', () => {
    expect(formatPercent(0.999, 'en')).toBe('99%');
    expect(formatPercent(1, 'en')).toBe('100%');
  });
});

describe('sticking to the end', () => {
  const at = (scrollTop: number) => ({ scrollTop, clientHeight: 500, scrollHeight: 2000 });
  it('counts a little short of the end as the end', () => {
    expect(isAtEnd(at(1500))).toBe(true);
    expect(isAtEnd(at(1480))).toBe(true);
    expect(isAtEnd(at(1400))).toBe(false);
  });
  it('lets go when the person scrolls up, and takes hold at the end again', () => {
    expect(sticksAfterScroll(true, 1500, at(1400))).toBe(false);
    expect(sticksAfterScroll(false, 1400, at(1450))).toBe(false);
    expect(sticksAfterScroll(false, 1450, at(1500))).toBe(true);
  });
  it('holds when the content grew under it', () => {
    expect(sticksAfterScroll(true, 1400, at(1400))).toBe(true);
  });
});

describe('names', () => {
  it('takes the last part of an address', () => {
    expect(modelName('https://a.example/models/Phi-3-mini/')).toBe('Phi-3-mini');
    expect(modelName('phield-tiny')).toBe('phield-tiny');
  });
  it('knows software adapters by name, too', () => {
    const adapter = {
      vendor: 'mesa',
      architecture: '',
      description: 'llvmpipe (LLVM 15)',
      isFallback: false,
      shaderF16: true,
    };
    expect(isSoftware(adapter)).toBe(true);
    expect(isSoftware({ ...adapter, description: 'NVIDIA H200' })).toBe(false);
  });
});

describe('route', () => {
  it('reads what it writes, and takes anything else for a new chat', () => {
    expect(readRoute(chatHref('abc-1'))).toEqual({ page: 'chat', chatId: 'abc-1' });
    expect(readRoute(chatHref(null))).toEqual({ page: 'chat', chatId: null });
    expect(readRoute(pageHref('storage'))).toEqual({ page: 'storage' });
    expect(readRoute('#/nowhere')).toEqual({ page: 'chat', chatId: null });
    expect(readRoute('#/chat/<script>')).toEqual({ page: 'chat', chatId: null });
  });
});
