// Settings > A larger model elsewhere: none, or one, and under what conditions it is thought of.
import { useState, type ReactNode } from 'react';
import { hostOf } from '../../remote/address';
import type { Remote, RouterMode } from '../../remote/remote';
import { useApp, useStore } from '../app-context';
import { Choice } from '../settings/fields';
import { remoteWords } from '../texts/remote-words';
import { EndpointForm } from './endpoint-form';
import { useRemote } from './use-remote';

export function RemoteSection(): ReactNode {
  const { texts, remote: access } = useApp();
  const remote = useRemote();
  const words = remoteWords(texts.language);
  // In a frame on another site there is none.
  if (!access) return null;
  return (
    <>
      <p className="note">{words.note}</p>
      {remote && <Current remote={remote} />}
    </>
  );
}

function Current({ remote }: { readonly remote: Remote }): ReactNode {
  const { texts } = useApp();
  const words = remoteWords(texts.language);
  const { endpoint, mode, documents, consents } = useStore(remote, (state) => state);
  const [isChanging, setChanging] = useState(false);
  if (!endpoint || isChanging) return <EndpointForm remote={remote} onDone={() => setChanging(false)} />;
  const agreed = Object.keys(consents).length;
  return (
    <>
      <p>
        <strong>{words.current(endpoint.model, hostOf(endpoint.address))}</strong>
      </p>
      <div className="links">
        <button type="button" className="button" onClick={() => setChanging(true)}>
          {words.change}
        </button>
        <button type="button" className="button button-danger" onClick={() => void remote.forget()}>
          {words.remove}
        </button>
      </div>
      <p className="note">{words.removeNote}</p>
      <Choice<RouterMode>
        label={words.mode}
        help={words.modeNote}
        options={words.modes}
        value={mode}
        onChange={(next) => remote.setMode(next)}
      />
      {mode !== 'off' && (
        <label className="check">
          <input
            type="checkbox"
            checked={documents}
            onChange={({ target }) => remote.allowDocuments(target.checked)}
          />
          {words.documents} <span className="note">{words.documentsNote}</span>
        </label>
      )}
      {agreed > 0 && (
        <>
          <p>{words.agreed(agreed)}</p>
          <div className="links">
            <button type="button" className="button" onClick={() => remote.revoke()}>
              {words.revokeAll}
            </button>
          </div>
        </>
      )}
    </>
  );
}
