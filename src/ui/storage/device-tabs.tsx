// From one page of "This device" to another.
import { useRef } from 'react';
import { useApp } from '../app-context';
import { pageHref } from '../common/route';
import { devicePages, type DevicePage } from './device-pages';

export function DeviceTabs({ page }: { readonly page: DevicePage }) {
  const { texts } = useApp();
  const list = useRef<HTMLDivElement>(null);
  return (
    <div className="tabs" role="tablist" aria-label={texts.sidebar.pages} ref={list}>
      {devicePages.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={page === name}
          aria-controls="device-page"
          tabIndex={page === name ? 0 : -1}
          onClick={() => (location.hash = pageHref(name))}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
            const step = event.key === 'ArrowRight' ? 1 : -1;
            const at = devicePages.indexOf(name) + step + devicePages.length;
            const other = devicePages[at % devicePages.length] ?? name;
            location.hash = pageHref(other);
            list.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
          }}
        >
          {texts[name].title}
        </button>
      ))}
    </div>
  );
}
