// What exactly would go out, before it does: as text, with personal data marked, or with placeholders in its place.
import { useMemo, useState, type ReactNode } from 'react';
import { useApp, useStore } from '../app-context';
import { Dialog } from '../chat/dialogs/dialogs';
import { chatDialog } from '../chat/dialogs/dialog-state';
import { focusComposer } from '../chat/focus';
import { activeOf } from '../chat/selectors';
import { formatCount } from '../common/format';
import { openSettings } from '../settings/settings-state';
import { remoteWords } from '../texts/remote-words';
import type { Remote } from '../../remote/remote';
import { outgoingFor, type Outgoing } from './outgoing';
import { sendElsewhere } from './send';
import { useRemote } from './use-remote';

export function SendDialog({ messageId }: { readonly messageId: string }): ReactNode {
  const { chat, texts } = useApp();
  const remote = useRemote();
  const conversation = useStore(chat, activeOf);
  const words = remoteWords(texts.language).send;
  if (!remote || !conversation?.messages.has(messageId)) return null;
  const host = remote.host();
  if (host === undefined) {
    return (
      <Dialog title={remoteWords(texts.language).heading}>
        <p>{words.none}</p>
        <div className="links">
          <button
            type="button"
            className="button button-primary"
            onClick={() => {
              chatDialog.close();
              openSettings('remote');
            }}
          >
            {words.setUp}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={words.title(host)}>
      {conversation.staysHere ? (
        <p>{words.isPrivate}</p>
      ) : (
        <Preview remote={remote} messageId={messageId} chatId={conversation.id} />
      )}
    </Dialog>
  );
}

interface PreviewProps {
  readonly remote: Remote;
  readonly messageId: string;
  readonly chatId: string;
}

function Preview({ remote, messageId, chatId }: PreviewProps): ReactNode {
  const { chat, texts } = useApp();
  const words = remoteWords(texts.language).send;
  const model = useStore(remote, ({ endpoint }) => endpoint?.model ?? '');
  const isBusy = useStore(chat, ({ run }) => run.state === 'running');
  // Made when the dialog opens: what is shown is what goes.
  const [outgoing] = useState(() => {
    const conversation = chat.getState().conversations.get(chatId);
    return conversation && outgoingFor(conversation, messageId);
  });
  const [redacts, setRedacts] = useState(true);
  const [agrees, setAgrees] = useState(false);
  if (!outgoing) return null;
  const count = outgoing.findings.reduce((sum, found) => sum + found.length, 0);
  const withPlaceholders = redacts && count > 0;
  const shown = withPlaceholders ? outgoing.redacted : outgoing.plain;
  const length = shown.reduce((sum, { content }) => sum + content.length, 0);
  return (
    <form
      className="column-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!sendElsewhere(chat, remote, messageId, outgoing, withPlaceholders)) return;
        if (agrees) remote.agree(chatId, redacts);
        chatDialog.close();
        focusComposer();
      }}
    >
      <p>{words.lead(model)}</p>
      <Messages outgoing={outgoing} withPlaceholders={withPlaceholders} />
      <p className="note">{words.longer(formatCount(length, texts.language))}</p>
      {outgoing.hasPictures && <p className="note">{words.picturesLeftOut}</p>}
      {outgoing.hasDocuments && <p className="note">{words.documentsLeftOut}</p>}
      <p>{count > 0 ? words.found(count) : words.foundNone}</p>
      {count > 0 && (
        <label className="check">
          <input type="checkbox" checked={redacts} onChange={({ target }) => setRedacts(target.checked)} />
          {words.redact}
        </label>
      )}
      <label className="check">
        <input type="checkbox" checked={agrees} onChange={({ target }) => setAgrees(target.checked)} />
        {words.again}
      </label>
      {isBusy && <p role="status">{words.busy}</p>}
      <div className="links">
        <button type="submit" className="button button-primary" disabled={isBusy}>
          {words.send}
        </button>
        <button type="button" className="button" onClick={() => chatDialog.close()}>
          {texts.cancel}
        </button>
      </div>
    </form>
  );
}

function Messages({
  outgoing: { plain, redacted, findings, values },
  withPlaceholders,
}: {
  readonly outgoing: Outgoing;
  readonly withPlaceholders: boolean;
}): ReactNode {
  const { texts } = useApp();
  const { roles } = remoteWords(texts.language).send;
  const placeholders = useMemo(() => [...values.keys()], [values]);
  return (
    <ol className="outgoing" tabIndex={0} aria-label={roles.user}>
      {(withPlaceholders ? redacted : plain).map(({ role, content }, at) => (
        <li key={at}>
          <strong>{roles[role]}</strong>
          <p dir="auto">
            {withPlaceholders
              ? content
                  .split(/(\[[A-Z]+_\d+\])/)
                  .map((part, i) => (placeholders.includes(part) ? <mark key={i}>{part}</mark> : part))
              : marked(content, findings[at] ?? [])}
          </p>
        </li>
      ))}
    </ol>
  );
}

function marked(text: string, findings: Outgoing['findings'][number]): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of findings) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}
