// "This device" is two pages, what is stored and how fast it is; these lead from one to the other.
import { useRef } from 'react';
import { useApp } from '../app-context';
import { pageHref, type Page } from '../common/route';

export const devicePages = ['storage', 'benchmark'] as const satisfies readonly Page[];
export type DevicePage = (typeof devicePages)[number];

export function isDevicePage(page: string): page is DevicePage {
  return devicePages.some((name) => name === page);
}

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
            const other = devicePages.find((one) => one !== name) ?? name;
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
