// @vitest-environment jsdom
// Where the focus goes, on a screen that is touched too.
import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { installPage, renderApp } from '../testing/render-app';
import { focusComposer } from './focus';

installPage();

describe('the message box', () => {
  it('takes the focus on a touch screen only when it was asked for', async () => {
    const { user } = renderApp();
    vi.stubGlobal('matchMedia', () => ({
      matches: false,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
    const box = screen.getByRole('textbox', { name: 'Message' });
    box.blur();
    focusComposer();
    expect(document.activeElement).not.toBe(box);
    screen.getByRole('link', { name: 'Skip to the message box' }).focus();
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(box);
  });
});
