import { describe, expect, it } from 'vitest';
import { isFrameMessage, isHello, RateLimit, readHostMessage, widgetLimits } from './widget';

describe('what a host may say', () => {
  it('is read without whatever came with it', () => {
    const sent = JSON.parse('{"type":"send","text":"Hi","__proto__":{"polluted":1},"extra":1}');
    expect(readHostMessage(sent)).toEqual({ type: 'send', text: 'Hi' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['unknown', { type: 'eval', text: 'x' }],
    ['blank', { type: 'send', text: '  ' }],
    ['too long', { type: 'send', text: 'x'.repeat(widgetLimits.text + 1) }],
    ['ten megabytes of knowledge', { type: 'knowledge', text: 'x'.repeat(10_000_000) }],
    ['too much of an instruction', { type: 'setSystem', text: 'x'.repeat(widgetLimits.system + 1) }],
    ['another theme', { type: 'setTheme', theme: 'url(https://evil.example)' }],
    ['no object', 'send'],
    ['a list', [{ type: 'send', text: 'Hi' }]],
    ['a request without a name', { type: 'complete', request: {} }],
    ['a request with a name that is markup', { type: 'stop', id: '<b>' }],
    ['an inherited type', Object.create({ type: 'send', text: 'Hi' })],
  ])('is ignored: %s', (_, data) => expect(readHostMessage(data)).toBeUndefined());

  it('may be an instruction, which who reads it weighs', () => {
    expect(readHostMessage({ type: 'setSystem', text: 'Be brief.' })).toEqual({
      type: 'setSystem',
      text: 'Be brief.',
    });
  });

  it('is no more than the limit in its window', () => {
    let now = 0;
    const limit = new RateLimit(2, 1000, () => now);
    expect([limit.allows(), limit.allows(), limit.allows()]).toEqual([true, true, false]);
    now = 1001;
    expect(limit.allows()).toBe(true);
  });

  it('begins with hello, in this version', () => {
    expect(isHello({ ns: 'phield', v: 1, type: 'hello' })).toBe(true);
    expect(isHello({ ns: 'phield', v: 2, type: 'hello' })).toBe(false);
    expect(isHello({ ns: 'other', v: 1, type: 'hello' })).toBe(false);
  });
});

it('what the frame says is known by its type', () => {
  expect(isFrameMessage({ type: 'ready', model: 'phield-tiny' })).toBe(true);
  expect(isFrameMessage({ type: 'constructor' })).toBe(false);
});
