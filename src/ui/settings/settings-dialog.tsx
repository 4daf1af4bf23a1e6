// Everything a person may set, section by section. Changes hold at once; a number that is not allowed is said so and
// not taken. The heading stays in sight.
import { useEffect, useId, useRef } from 'react';
import { useApp } from '../app-context';
import { Icon } from '../common/icons';
import { sections } from './sections';

export interface SettingsDialogProps {
  /** Id of the section to begin at. */
  readonly section?: string;
  readonly onClose: () => void;
}

export function SettingsDialog({ section = '', onClose }: SettingsDialogProps) {
  const { texts } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (!element.open) element.showModal();
    if (section) element.querySelector(`[data-section="${section}"]`)?.scrollIntoView?.();
  }, [section]);

  return (
    <dialog
      ref={dialog}
      className="dialog settings"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        // Only the backdrop is the dialog element itself.
        if (event.target === dialog.current) onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={heading}>{texts.settings}</h2>
        <button type="button" className="icon-button" aria-label={texts.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body" tabIndex={-1}>
        {sections.map(({ id, title, Section }) => (
          <section key={id} data-section={id} aria-labelledby={`${heading}-${id}`}>
            <h3 id={`${heading}-${id}`}>{title(texts)}</h3>
            <Section />
          </section>
        ))}
      </div>
    </dialog>
  );
}
