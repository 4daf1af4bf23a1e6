// In Settings: whether answers can be read aloud here, and if not, why the button is absent.
import { useId, type ReactNode } from 'react';
import { useApp } from '../app-context';
import { useSpeech } from './speech';

export function SpeechNote(): ReactNode {
  const { texts } = useApp();
  const heading = useId();
  const speech = useSpeech(texts.language);
  const words = {
    ready: texts.speech.ready,
    'no-local-voice': texts.speech.none,
    unsupported: texts.speech.unsupported,
  };
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}>{texts.speech.heading}</h3>
      <p className="note">{words[speech]}</p>
    </section>
  );
}
