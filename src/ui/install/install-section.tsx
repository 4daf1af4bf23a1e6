// Phield as an app of its own: the button where the browser has one, the two steps where a person has to take them.
import { useApp, useStore } from '../app-context';
import { installOffer } from './install-offer';
import { installWords } from './install-words';

export function InstallSection() {
  const { texts } = useApp();
  const words = installWords(texts);
  const offer = useStore(installOffer, (state) => state);
  // On iOS alone, and true in the installed app.
  const { standalone } = navigator as { readonly standalone?: boolean };
  if (standalone === true || window.matchMedia('(display-mode: standalone)').matches)
    return <p className="note">{words.installed}</p>;
  if (offer)
    return (
      <>
        <p className="note">{words.note}</p>
        <button
          type="button"
          className="button"
          onClick={() => {
            // An offer is good for one answer.
            installOffer.set(undefined);
            void offer.prompt();
          }}
        >
          {words.install}
        </button>
      </>
    );
  if (standalone === false)
    return (
      <>
        <p className="note">{words.note}</p>
        <ol>
          <li>{words.iosShare}</li>
          <li>{words.iosAdd}</li>
        </ol>
      </>
    );
  return <p className="note">{words.elsewhere}</p>;
}
