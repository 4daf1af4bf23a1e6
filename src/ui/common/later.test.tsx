// @vitest-environment jsdom
import { act, Suspense, type ComponentType } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onDemand, type PartOptions } from './later';

type Words = ComponentType<{ readonly words: string }>;

let root: Root;
let place: HTMLElement;
beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  place = document.body.appendChild(document.createElement('div'));
  root = createRoot(place, {
    // Nothing may be thrown out of a part, whatever stands around it.
    onUncaughtError: (error) => expect.unreachable(String(error)),
    onCaughtError: (error) => expect.unreachable(String(error)),
  });
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

/** A part whose script comes at the `n`th time of asking. */
function partAt(n: number, options?: PartOptions) {
  let asked = 0;
  const load = () => {
    asked += 1;
    const Here: Words = ({ words }) => <p className="here">{words}</p>;
    return asked < n ? Promise.reject(new TypeError('error loading a module')) : Promise.resolve(Here);
  };
  return { Part: onDemand(load, options), asked: () => asked };
}

const show = (Part: Words | undefined) =>
  act(async () => root.render(<Suspense>{Part && <Part words="words" />}</Suspense>));
const press = (selector: string) => act(async () => place.querySelector<HTMLElement>(selector)?.click());

test('a part that cannot be fetched is said in its place, and asked for again when pressed', async () => {
  const { Part, asked } = partAt(2);
  await show(Part);
  expect(place.querySelector('[role=alert]')).not.toBeNull();
  expect(asked()).toBe(1);
  await press('button');
  expect(place.textContent).toBe('words');
  expect(asked()).toBe(2);
});

test('where it fails again, the page can be loaded anew', async () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { reload });
  const { Part, asked } = partAt(4);
  await show(Part);
  await press('button');
  await press('button');
  expect(asked()).toBe(2);
  expect(reload).toHaveBeenCalledOnce();
});

test('it is tried anew when it is shown another time, and when the network is back', async () => {
  const { Part, asked } = partAt(3);
  await show(Part);
  await show(undefined);
  await show(Part);
  expect(asked()).toBe(2);
  await act(async () => void dispatchEvent(new Event('online')));
  expect(place.textContent).toBe('words');
});

test('a small part leaves its place empty until the network is back', async () => {
  const { Part } = partAt(2, { small: true });
  await show(Part);
  expect(place.innerHTML).toBe('');
  await act(async () => void dispatchEvent(new Event('online')));
  expect(place.textContent).toBe('words');
});

test('what was opened over the page can be put away', async () => {
  const leave = vi.fn();
  const { Part } = partAt(2, { leave });
  await show(Part);
  await press('.icon-button');
  expect(leave).toHaveBeenCalledOnce();
});
