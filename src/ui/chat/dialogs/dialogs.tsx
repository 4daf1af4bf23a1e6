// The dialogs of the conversation, fetched when the first is opened. `?` outside of a text opens the shortcuts.
import { Suspense, useEffect, useId, useRef, type ReactNode } from 'react';
import { useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { onDemand } from '../../common/later';
import { chatDialog } from './dialog-state';

const away = { leave: () => chatDialog.close() };
const PromptsDialog = onDemand(() => import('./prompts-dialog').then((m) => m.PromptsDialog), away);
const UsePromptDialog = onDemand(() => import('./prompts-dialog').then((m) => m.UsePromptDialog), away);
const SendDialog = onDemand(() => import('../../remote/send-dialog').then((m) => m.SendDialog), away);
const ShortcutsDialog = onDemand(() => import('./shortcuts-dialog').then((m) => m.ShortcutsDialog), away);

export function ChatDialogs(): ReactNode {
  const dialog = useStore(chatDialog, (state) => state);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      chatDialog.open({ kind: 'shortcuts' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  if (!dialog) return null;
  return (
    <Suspense>
      {dialog.kind === 'prompts' && <PromptsDialog />}
      {dialog.kind === 'shortcuts' && <ShortcutsDialog />}
      {dialog.kind === 'elsewhere' && <SendDialog messageId={dialog.messageId} />}
      {dialog.kind === 'use-prompt' && <UsePromptDialog prompt={dialog.prompt} write={dialog.write} />}
    </Suspense>
  );
}

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The frame: a heading, a way out, everything below. */
export function Dialog({ title, children }: DialogProps): ReactNode {
  const { texts } = useApp();
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (element.current && !element.current.open) element.current.showModal();
  }, []);
  const close = (): void => chatDialog.close();
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={heading}
      onClose={close}
      onClick={(event) => {
        // Only the backdrop is the dialog element itself.
        if (event.target === element.current) close();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="icon-button" aria-label={texts.close} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
