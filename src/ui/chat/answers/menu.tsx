// A button with a menu: arrows move, Enter chooses, Escape and a click elsewhere close.
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Icon } from '../../common/icons';
import { settleBeside } from '../../common/popover';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly onChoose: () => void;
  readonly disabled?: boolean;
  /** Begins a group. */
  readonly apart?: boolean;
}

export interface MenuProps {
  readonly label: string;
  readonly icon: Parameters<typeof Icon>[0]['name'];
  /** Asked when it opens. */
  readonly items: () => readonly MenuItem[];
  readonly onOpen?: () => void;
}

export function MenuButton({ label, icon, items, onOpen }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  // Over everything, the bar above the conversation too, and beside its button wherever that goes.
  useLayoutEffect(() => {
    const element = menu.current;
    const from = button.current;
    if (!open || !element || !from) return;
    // Absent in old browsers, which show it in its place.
    (element as { showPopover?: () => void }).showPopover?.();
    const settle = (): void => settleBeside(element, from, false);
    settle();
    window.addEventListener('resize', settle);
    window.addEventListener('scroll', settle, { capture: true, passive: true });
    return () => {
      window.removeEventListener('resize', settle);
      window.removeEventListener('scroll', settle, { capture: true });
    };
  }, [open]);

  useEffect(() => {
    if (!open) return;
    place.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const onDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', onDown);
    return () => document.removeEventListener('pointerdown', onDown);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  const move = (by: number): void => {
    const all = [...(place.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
    const at = all.findIndex((item) => item === document.activeElement);
    all[(at + by + all.length) % all.length]?.focus();
  };

  return (
    <span className="menu-place" ref={place}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => {
          if (!open) onOpen?.();
          setOpen(!open);
        }}
      >
        <Icon name={icon} />
      </button>
      {open && (
        <div
          ref={menu}
          popover="manual"
          className="menu"
          role="menu"
          aria-label={label}
          onKeyDown={(event) => {
            if (event.key === 'Escape') close();
            else if (event.key === 'ArrowDown') move(1);
            else if (event.key === 'ArrowUp') move(-1);
            else if (event.key === 'Tab') setOpen(false);
            else return;
            if (event.key !== 'Tab') event.preventDefault();
          }}
        >
          {items().map((item) => (
            <button
              key={item.key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={item.apart ? 'menu-item menu-apart' : 'menu-item'}
              disabled={item.disabled}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
