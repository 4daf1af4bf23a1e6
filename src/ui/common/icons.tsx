// Line icons, drawn for Phield on a 24-unit grid. Decorative: the control around an icon carries the name.
import type { ReactNode } from 'react';
import { lines } from './icon-lines';

const shapes = {
  plus: <path d="M12 5v14M5 12h14" />,
  menu: <path d="M4 7h16M4 12h10M4 17h16" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  send: <path d={lines.send} />,
  stop: <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" stroke="none" />,
  copy: (
    <>
      <rect x="9" y="9" width="11" height="11" rx="2.5" />
      <path d="M5.5 15A1.5 1.5 0 0 1 4 13.5V6a2 2 0 0 1 2-2h7.5A1.5 1.5 0 0 1 15 5.5" />
    </>
  ),
  check: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  edit: <path d="M4 20l1-4.5L15.5 5a2.1 2.1 0 0 1 3 0l.5.5a2.1 2.1 0 0 1 0 3L8.5 19z" />,
  again: <path d="M19 12a7 7 0 1 1-2.1-5M19 3.5V7.5h-4" />,
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth="2.6" />,
  trash: <path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7M10.5 11v4.5M13.5 11v4.5" />,
  settings: (
    <>
      <path d="M4 8h9M19 8h1M4 16h1M11 16h9" />
      <circle cx="16" cy="8" r="2.5" />
      <circle cx="8" cy="16" r="2.5" />
    </>
  ),
  models: (
    <>
      <path d="M12 3.5l8 4.5-8 4.5L4 8z" />
      <path d="M4 12l8 4.5 8-4.5M4 16l8 4.5 8-4.5" />
    </>
  ),
  storage: (
    <>
      <ellipse cx="12" cy="6.5" rx="7.5" ry="3" />
      <path d="M4.5 6.5v11c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-11M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3" />
    </>
  ),
  benchmark: <path d="M4.5 18.5a9 9 0 1 1 15 0M12 14l4-5M12 14v.01" />,
  picture: (
    <>
      <rect x="4" y="5" width="16" height="14" rx="2.5" />
      <circle cx="9" cy="10" r="1.5" />
      <path d="M4.5 17l5-4.5 3 2.5 3.5-3.5 4 4" />
    </>
  ),
  documents: (
    <>
      <path d="M7 3.5h7l4.5 4.5v11a1.5 1.5 0 0 1-1.5 1.5H7a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 7 3.5z" />
      <path d="M13.5 3.5V8.5h5M8.5 13h7M8.5 16.5h5" />
    </>
  ),
  tasks: (
    <>
      <path d="M4.5 6.5l1.5 1.5 2.5-3M4.5 12.5L6 14l2.5-3M4.5 18.5L6 20l2.5-3" />
      <path d="M12 7h8M12 13h8M12 19h8" />
    </>
  ),
  dice: (
    <>
      <rect x="4.5" y="4.5" width="15" height="15" rx="3.5" />
      <path d="M9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01" strokeWidth="2.4" />
    </>
  ),
  attach: <path d={lines.attach} />,
  left: <path d="M14.5 6l-6 6 6 6" />,
  right: <path d="M9.5 6l6 6-6 6" />,
  speak: <path d="M5 10v4h3.5l4 3.5v-11l-4 3.5zM16 9.2a4 4 0 0 1 0 5.6M18.4 6.8a7.4 7.4 0 0 1 0 10.4" />,
  wrap: <path d="M4 6h16M4 12h12.5a2.75 2.75 0 0 1 0 5.5H13M15.5 15L13 17.5l2.5 2.5M4 18h5" />,
  chevron: <path d="M7 10l5 5 5-5" />,
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="M15 15l5 5" />
    </>
  ),
  panel: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.5" />
      <path d="M9.5 5v14" />
    </>
  ),
  device: (
    <>
      <rect x="5" y="4.5" width="14" height="10.5" rx="2" />
      <path d="M3 19h18" />
    </>
  ),
  chat: (
    <path d="M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v8.5A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5V7A1.5 1.5 0 0 1 5 5.5z" />
  ),
  table: (
    <>
      <rect x="4" y="5" width="16" height="14" rx="2" />
      <path d="M4 10h16M10 10v9" />
    </>
  ),
  pen: <path d="M4 20l1.5-5L16 4.5a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L9 18.5zM13.5 7l3.5 3.5" />,
  story: <path d="M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5zM12 6.5v13" />,
  pin: <path d="M9 4h6l-.8 6 3.3 3.5H6.5L9.8 10zM12 13.5V20" />,
  folder: (
    <path d="M4 7a1.5 1.5 0 0 1 1.5-1.5H10l2 2.5h6.5A1.5 1.5 0 0 1 20 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5z" />
  ),
  person: (
    <>
      <circle cx="12" cy="8.5" r="3.5" />
      <path d="M5 19.5c.8-3.5 3.600-5.5 7-5.5s6.2 2 7 5.5" />
    </>
  ),
  share: <path d="M12 15V4.5M8 8l4-4 4 4M5 13v5a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 19 18v-5" />,
  download: <path d="M12 4.5V15M8 11.5l4 4 4-4M5 19.5h14" />,
  down: <path d="M12 5v14M6 13l6 6 6-6" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}

/** The mark: a phi whose bowl is a leaf on one side and a ploughed field on the other. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path className="mark-leaf" d="M24 11C14 11 8.5 17 8.5 24.5S14 38 24 38z" />
      <path
        className="mark-furrows"
        d="M24 12.5c8.5 0 14 5 14 12s-5.5 12-14 12M24 18.3c4.6 0 7.8 2.4 7.8 6.2s-3.2 6.2-7.8 6.2"
      />
      <path className="mark-stem" d="M24 4v40" />
    </svg>
  );
}
