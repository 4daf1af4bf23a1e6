// A panel beside the control that opened it: placed where there is room, over everything, gone at Escape or at a
// press elsewhere. Focus goes in with it and comes back; arrow keys walk its controls.
import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';

const gap = 6;
const margin = 8;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a panel of that size stands: under its anchor or, where there is more room, over it; never off the screen. */
export function place(
  anchor: Box,
  panel: { readonly width: number; readonly height: number },
  screen: { readonly width: number; readonly height: number },
  alignEnd: boolean,
): { readonly left: number; readonly top: number; readonly maxHeight: number } {
  const below = screen.height - anchor.bottom - gap - margin;
  const above = anchor.top - gap - margin;
  const isBelow = panel.height <= below || below >= above;
  const maxHeight = Math.max(0, isBelow ? below : above);
  const height = Math.min(panel.height, maxHeight);
  const wished = alignEnd ? anchor.right - panel.width : anchor.left;
  const left = Math.max(margin, Math.min(wished, screen.width - panel.width - margin));
  return { left, top: isBelow ? anchor.bottom + gap : anchor.top - gap - height, maxHeight };
}

/** Puts an element of the top layer there; as high as what is in it, as far as there is room. */
export function settleBeside(element: HTMLElement, anchor: HTMLElement, alignEnd: boolean): void {
  const screen = { width: window.innerWidth, height: window.innerHeight };
  element.style.maxHeight = '';
  const size = { width: element.offsetWidth, height: element.scrollHeight };
  const { left, top, maxHeight } = place(anchor.getBoundingClientRect(), size, screen, alignEnd);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
  element.style.maxHeight = `${maxHeight}px`;
}

export interface PopoverProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly id: string;
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly alignEnd?: boolean;
  readonly children: ReactNode;
}

export function Popover({ anchor, id, label, onClose, className, alignEnd = false, children }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });

  useLayoutEffect(() => {
    const element = panel.current;
    const from = anchor.current;
    if (!element || !from) return;
    // In the top layer, over dialogs too. (Absent in old browsers, which show it in its place.)
    (element as { showPopover?: () => void }).showPopover?.();
    const settle = (): void => settleBeside(element, from, alignEnd);
    settle();
    controls(element)[0]?.focus({ preventScroll: true });
    // What comes later, a list from the worker say, changes its height.
    const watcher = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(settle);
    for (const child of element.children) watcher?.observe(child);
    window.addEventListener('resize', settle);
    return () => {
      watcher?.disconnect();
      window.removeEventListener('resize', settle);
      const held = element.contains(document.activeElement) || document.activeElement === document.body;
      // After what the panel's button has done: that may have moved the focus itself.
      if (held) setTimeout(() => document.activeElement === document.body && from.focus());
    };
  }, [anchor, alignEnd]);

  useEffect(() => {
    const onPress = ({ target }: Event): void => {
      if (!(target instanceof Node)) return;
      if (!panel.current?.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // Not the drawer or dialog around it.
      event.stopPropagation();
      event.preventDefault();
      close.current();
    };
    document.addEventListener('pointerdown', onPress, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPress, true);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [anchor]);

  return (
    <div
      ref={panel}
      id={id}
      popover="manual"
      role="group"
      aria-label={label}
      className={className ? `popover ${className}` : 'popover'}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (
          step === 0 ||
          event.target instanceof HTMLInputElement ||
          event.target instanceof HTMLSelectElement
        )
          return;
        event.preventDefault();
        const all = controls(event.currentTarget);
        const at = all.indexOf(document.activeElement as HTMLElement);
        all[(at + step + all.length) % all.length]?.focus();
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (
          relatedTarget instanceof Node &&
          !currentTarget.contains(relatedTarget) &&
          relatedTarget !== anchor.current
        )
          onClose();
      }}
    >
      {children}
    </div>
  );
}

function controls(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input, select, summary')];
}
