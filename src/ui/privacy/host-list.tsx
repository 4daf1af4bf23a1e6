// Which pages of other sites may use the model, and the way to take that back.
import { useEffect, type ReactNode } from 'react';
import type { HostGrants } from '../../chat/settings/host-grants';
import { useApp, useStore } from '../app-context';
import { hostWords } from '../texts/host-words';

export function HostList(): ReactNode {
  const { grants } = useApp();
  return grants ? <Granted grants={grants} /> : null;
}

function Granted({ grants }: { readonly grants: HostGrants }): ReactNode {
  const { language } = useApp().texts;
  const words = hostWords(language);
  const granted = useStore(grants, (state) => state);
  // A chat in another site's page may have added to it meanwhile.
  useEffect(() => grants.refresh(), [grants]);
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  return (
    <>
      <p>{granted.length > 0 ? words.list : words.none}</p>
      {granted.length > 0 && (
        <ul className="host-list">
          {granted.map(({ origin, at }) => (
            <li key={origin}>
              <strong>{origin}</strong> <span className="note">{words.since(when.format(at))}</span>{' '}
              <button
                type="button"
                className="button button-small"
                aria-label={words.takeBackFrom(origin)}
                onClick={() => grants.revoke(origin)}
              >
                {words.takeBack}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="note">{words.apart}</p>
    </>
  );
}
