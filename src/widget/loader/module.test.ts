// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Published from '../../../public/embed.mjs';

beforeAll(() => {
  // jsdom has no constructable style sheets.
  Object.assign(globalThis, {
    CSSStyleSheet: class {
      replaceSync(): void {}
    },
  });
});

describe('the loader', () => {
  it('is what its published types say', async () => {
    const { mount } = await import('./module');
    const published: typeof Published.mount = mount;
    expect(published).toBeTypeOf('function');
  });

  it('is a real button; nothing is loaded before it is pressed; Escape closes and gives the focus back', async () => {
    const { mount } = await import('./module');
    const before = document.body.childElementCount;
    const widget = mount({ launcher: false, src: 'https://phield.example/embed.html' });
    const host = document.querySelector('phield-widget');
    expect(host).not.toBeNull();
    widget.open();
    widget.close();
    widget.destroy();
    expect(document.body.childElementCount).toBe(before);
  });
});
