// Before a second download of a big model: what is on this device from a tab of the app can be used where it lies, once the
// browser lets this frame reach it.
import { useEffect, useState, type ReactNode } from 'react';
import { useApp, useStore } from '../../ui/app-context';
import { focusComposer } from '../../ui/chat/focus';
import type { LentModel } from '../../base/lent-model';
import { frameTextsFor } from '../frame/frame-texts';
import { folderInQuestion } from './lending';
import { requestShared, type SharedStorage } from './storage-access';

/** Where a model lies in that storage; undefined where it does not, or not whole. */
export type FindLent = (storage: SharedStorage, folder: string) => Promise<LentModel | undefined>;

export interface SharedModelProps {
  readonly find: FindLent;
}

/** `asking` is silent: it is known at once whether there is anything to offer. */
type Offer = 'asking' | 'nothing' | 'offered' | 'looking' | 'refused' | 'absent';

export function SharedModel({ find }: SharedModelProps): ReactNode {
  const { session, texts } = useApp();
  const words = frameTextsFor(texts.language).shared;
  const model = useStore(session, (state) => state.model);
  const folder = useStore(session, (state) =>
    state.kind === 'failed' ? folderInQuestion(state.error) : undefined,
  );
  const [offer, setOffer] = useState<Offer>('asking');

  useEffect(() => {
    // Where it is given without a click it has been looked through (lending.ts).
    void requestShared(window).then((access) =>
      setOffer(access === 'none' ? 'nothing' : access === 'refused' ? 'offered' : 'absent'),
    );
  }, []);
  const look = async (wanted: string): Promise<void> => {
    setOffer('looking');
    const access = await requestShared(window);
    if (access === 'none' || access === 'refused') return setOffer('refused');
    const lent = await find(access, wanted).catch(() => undefined);
    if (!lent) return setOffer('absent');
    focusComposer();
    void session.load(model, { lent });
  };

  if (folder === undefined || offer === 'asking' || offer === 'nothing') return null;
  return (
    <div className="frame-offer" role="status">
      <p>{words[offer]}</p>
      {offer !== 'looking' && (
        <p className="links">
          {offer === 'absent' && (
            <a href={`./?model=${encodeURIComponent(model)}`} target="_blank" rel="noopener">
              {words.inPhield}
            </a>
          )}
          <button type="button" className="button" onClick={() => void look(folder)}>
            {offer === 'absent' ? words.again : words.use}
          </button>
        </p>
      )}
    </div>
  );
}
