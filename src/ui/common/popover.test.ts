import { describe, expect, it } from 'vitest';
import { place } from './popover';

const screen = { width: 400, height: 600 };

describe('a panel beside its control', () => {
  it.each([
    [
      'under it',
      { left: 20, top: 20, right: 80, bottom: 50 },
      { width: 200, height: 100 },
      false,
      { left: 20, top: 56 },
    ],
    [
      'over it, where there is more room',
      { left: 20, top: 550, right: 80, bottom: 580 },
      { width: 200, height: 300 },
      false,
      { left: 20, top: 244 },
    ],
    [
      'at its end',
      { left: 300, top: 20, right: 380, bottom: 50 },
      { width: 200, height: 100 },
      true,
      { left: 180, top: 56 },
    ],
    [
      'never off the screen',
      { left: 300, top: 20, right: 380, bottom: 50 },
      { width: 200, height: 100 },
      false,
      { left: 192, top: 56 },
    ],
  ] as const)('stands %s', (_, anchor, panel, end, expected) =>
    expect(place(anchor, panel, screen, end)).toMatchObject(expected),
  );
  it('is as high as there is room', () => {
    const anchor = { left: 0, top: 300, right: 10, bottom: 330 };
    expect(place(anchor, { width: 100, height: 900 }, screen, false)).toEqual({
      left: 8,
      top: 8,
      maxHeight: 286,
    });
  });
});
