// What the browser enforces on this host, in a person's words.
import { useEffect, useState } from 'react';
import type { PolicyFindings } from '../../protocol/policy';
import { useApp } from '../app-context';

export function PrivacySection({ id }: { readonly id: string }) {
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
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{privacy.heading}</h3>
      {found ? (
        <ul>
          <li>{isHeld(found) ? privacy.held : privacy.notHeld}</li>
          {found.store && (
            <li>{found.store.network && found.store.code ? privacy.storeHeld : privacy.storeNotHeld}</li>
          )}
          {found.framing !== undefined && (
            <li>{found.framing ? privacy.framesForbidden : privacy.framesAllowed}</li>
          )}
        </ul>
      ) : (
        <p className="note" role="status">
          {privacy.checking}
        </p>
      )}
    </section>
  );
}

/** An engine that does not run sees nothing. */
function isHeld({ page, engine = page }: PolicyFindings): boolean {
  return page.network && page.code && engine.network && engine.code;
}
