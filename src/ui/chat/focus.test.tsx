// @vitest-environment jsdom
// Where the focus goes, on a screen that is touched too.
import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { installPage, renderApp } from '../testing/render-app';
import { focusComposer, focusWhenGiven } from './focus';

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

  it('takes it in a frame only where the frame has it, and whenever the frame is given it', () => {
    renderApp();
    const box = screen.getByRole('textbox', { name: 'Message' });
    box.blur();
    vi.stubGlobal('parent', {});
    const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    focusComposer();
    expect(document.activeElement).toBe(document.body);
    focusWhenGiven();
    hasFocus.mockReturnValue(true);
    fireEvent.focus(window);
    expect(document.activeElement).toBe(box);
  });
});
