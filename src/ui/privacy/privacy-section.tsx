// What the browser enforces on this host, in a person's words.
import { useEffect, useState } from 'react';
import type { PolicyFindings } from '../../protocol/policy';
import { useApp } from '../app-context';
import { pageHref } from '../common/route';
import { closeSettings } from '../settings/settings-state';
import { ledgerWords } from '../texts/ledger-words';
import { HostList } from './host-list';

export function PrivacySection() {
  const { texts } = useApp();
  return (
    <>
      <Bounds />
      <HostList />
      <p>
        <a href={pageHref('privacy')} onClick={closeSettings}>
          {ledgerWords(texts.language).toPage}
        </a>
      </p>
    </>
  );
}

export function Bounds() {
  const { texts, checkPolicy } = useApp();
  const [found, setFound] = useState<PolicyFindings>();
  useEffect(() => {
    let gone = false;
    void checkPolicy().then((findings) => {
      if (!gone) setFound(findings);
    });
    return () => {
      gone = true;
    };
  }, [checkPolicy]);
  const { privacy } = texts;
  if (!found) {
    return (
      <p className="note" role="status">
        {privacy.checking}
      </p>
    );
  }
  return (
    <ul>
      <li>{isHeld(found) ? privacy.held : privacy.notHeld}</li>
      {found.store && (
        <li>{found.store.network && found.store.code ? privacy.storeHeld : privacy.storeNotHeld}</li>
      )}
      {found.framing !== undefined && (
        <li>{found.framing ? privacy.framesForbidden : privacy.framesAllowed}</li>
      )}
    </ul>
  );
}

/** An engine that does not run sees nothing. */
function isHeld({ page, engine = page }: PolicyFindings): boolean {
  return page.network && page.code && engine.network && engine.code;
}
